// What every page has around its maps: light and dark, paper, notes. A page says how its maps fill the sheet and the
// screen again, fitPaper() and fitScreen(centre, zoom), and draws them at once, redraw(padding).
"use strict";
const BEYOND = 0.2; // of a map's size, on a screen, so that a small step shows no empty edge; nothing on paper
function tool(content, does) {
  const made = el("button", "", content);
  made.type = "button";
  made.addEventListener("click", does);
  return made;
}
function themeTool() {
  const made = tool(word("dark"), () => shade(document.documentElement.dataset.theme === "dark" ? "light" : "dark"));
  made.id = "theme";
  return made;
}
function printTool() {
  const made = tool(word("print"), () => { onPaper(); afterDrawing(() => window.print()); });
  made.id = "print";
  return made;
}
function shade(theme) {
  document.documentElement.dataset.theme = theme;
  at("theme").replaceChildren(word(theme === "dark" ? "light" : "dark"));
  at("theme").setAttribute("aria-pressed", String(theme === "dark"));
}
const afterDrawing = (does) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(does, 60)));
// On paper the page has the size of the sheet; the maps are drawn anew for it, twice as fine as on a screen.
let screenView = null;
function onPaper() {
  if (screenView) return;
  screenView = { centre: map.getCenter(), zoom: map.getZoom(), retina: L.Browser.retina };
  document.body.classList.add("printing");
  openNotes(true);
  L.Browser.retina = true;
  fitPanel();
  fitPaper();
  redraw(0);
}
function onScreen() {
  if (!screenView) return;
  const { centre, zoom, retina } = screenView;
  screenView = null;
  L.Browser.retina = retina;
  document.body.classList.remove("printing");
  at("panel").style.zoom = "";
  openNotes(false);
  fitScreen(centre, zoom);
  redraw(BEYOND);
}
// A long panel is set smaller until it has room.
function fitPanel() {
  const panel = at("panel");
  for (let zoom = 1; zoom > 0.3; zoom -= 0.03) {
    panel.style.zoom = zoom;
    if (panel.scrollHeight <= panel.clientHeight + 1) return;
  }
}
const openNotes = (open) => at("foot").querySelectorAll("details").forEach((one) => { one.open = open; });
function foot() {
  const [warning, ...others] = sheet.notes;
  at("foot").append(said(warning, "p"), ...sheet.dates.map((date) => said(date, "p")), ...others.map((note) => said(note, "p")));
  if (!sheet.sources.length) return;
  at("foot").append(el("details", "", el("summary", "", word("sources")), ...sheet.sources.map((source) => said(source, "p"))));
}
