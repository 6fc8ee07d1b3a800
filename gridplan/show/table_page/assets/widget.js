// The widget in Jupyter: the page in a frame of its own, and the post between it and the kernel.
function render({ model, el }) {
  const frame = document.createElement("iframe");
  frame.setAttribute("sandbox", "allow-scripts allow-downloads");
  frame.title = model.get("title");
  frame.style.cssText = "width:100%;height:860px;border:0";
  frame.srcdoc = model.get("html");
  const fromPage = (event) => {
    if (event.source === frame.contentWindow && event.data && event.data.gridplan) model.send(event.data.gridplan);
  };
  const fromKernel = (told) => frame.contentWindow.postMessage({ gridplan: told }, "*");
  window.addEventListener("message", fromPage);
  model.on("msg:custom", fromKernel);
  el.append(frame);
  return () => {
    window.removeEventListener("message", fromPage);
    model.off("msg:custom", fromKernel);
  };
}
export default { render };
