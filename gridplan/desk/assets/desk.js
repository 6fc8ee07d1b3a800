"use strict";
// What a plain form cannot do: drop files, and show how far a run is. All texts are set as text, never as markup.
(() => {
  const base = document.body.dataset.base;
  const form = (action) => {
    const made = document.createElement("form");
    made.method = "post";
    made.action = base + action;
    document.body.append(made);
    made.submit();
  };

  const drop = document.getElementById("drop");
  if (drop) {
    const told = document.getElementById("told");
    const tell = (text) => {
      const line = document.createElement("li");
      line.textContent = text;
      told.append(line);
      return line;
    };
    const send = async (files) => {
      told.replaceChildren();
      let good = true, arrived = 0;
      for (const file of files) {
        if (file.size > Number(drop.dataset.most)) {
          tell(`${file.name}: ${drop.dataset.large}`);
          good = false;
          continue;
        }
        const line = tell(`${file.name}: ${drop.dataset.sending}`);
        try {
          const answer = await fetch(`${base}upload?name=${encodeURIComponent(file.name)}`, { method: "POST", body: file });
          line.textContent = answer.ok ? file.name : await answer.text();
          good = good && answer.ok;
          arrived += answer.ok;
        } catch {
          line.textContent = `${file.name}: ${drop.dataset.lost}`;
          good = false;
        }
      }
      if (!arrived) return;
      if (good) return form("files?do=look");
      const on = document.createElement("button"); // what was refused is read first
      on.type = "button";
      on.textContent = drop.dataset.on;
      on.addEventListener("click", () => form("files?do=look"));
      tell("").append(on);
    };
    const choose = document.getElementById("choose");
    choose.addEventListener("change", () => send([...choose.files]));
    const over = (on) => (event) => {
      event.preventDefault();
      drop.classList.toggle("over", on);
    };
    // A file that is dropped beside the box must not be opened in the place of the desk.
    document.addEventListener("dragover", over(true));
    document.addEventListener("dragleave", over(false));
    document.addEventListener("drop", (event) => {
      over(false)(event);
      send([...event.dataTransfer.files]);
    });
  }

  for (const tick of document.querySelectorAll("legend input[type=checkbox]"))
    tick.addEventListener("change", () => {
      const more = tick.closest("fieldset").querySelector("details");
      if (more) more.open = tick.checked;
    });

  const live = document.getElementById("live");
  if (live) {
    const ask = async () => {
      try {
        const now = await (await fetch(base + live.dataset.at)).json();
        for (const [name, text] of Object.entries(now)) {
          const field = document.getElementById(`now-${name}`);
          if (field && field.textContent !== text) field.textContent = text;
        }
        if (!now.running) return location.replace(base + live.dataset.then);
      } catch {
        // the desk does not answer at the moment: asked again
      }
      setTimeout(ask, 500);
    };
    ask();
  }

  // The page for the meeting, in a frame that reaches nothing: what it sends is laid into a form, to be kept or not.
  const frame = document.getElementById("meeting");
  if (frame) {
    const taking = document.getElementById("taking");
    const greet = () => frame.contentWindow.postMessage({ gridplan: { desk: true } }, "*");
    frame.addEventListener("load", greet);
    greet();
    window.addEventListener("message", (event) => {
      const sent = event.source === frame.contentWindow && event.data && event.data.gridplan && event.data.gridplan.variant;
      if (!sent) return;
      for (const name of ["name", "assignment", "pins"]) taking.querySelector(`[name=${name}]`).value = String(sent[name]);
      taking.hidden = false;
      taking.scrollIntoView();
      document.getElementById("variant").focus();
    });
  }
})();
