// The frame around the map: title block, notes, light and dark, print, tiles; and the start of it all.
"use strict";
function head() {
  const outcome = el("span", "outcome" + (sheet.proven ? " proven" : ""), said(sheet.outcome));
  const [zh, en, source] = sheet.policy;
  at("head").append(
    el("div", "titles", el("h1", "", sheet.title, " ", said(sheet.heading)), outcome, el("span", "good")),
    el("div", "policy", said([zh, en]), source ? " · " + source : ""),
    el("div", "facts", el("div"), tools()),
  );
}
function facts() {
  const one = layer();
  at("head").querySelector(".facts > div").replaceChildren(figures([...sheet.facts, ...one.facts]));
  at("head").querySelector(".good").replaceChildren(said(one.good));
}
function foot() {
  const [warning, ...others] = sheet.notes;
  at("foot").append(said(warning, "p"), ...sheet.dates.map((date) => said(date, "p")), ...others.map((note) => said(note, "p")));
  if (!sheet.sources.length) return;
  const sources = el("details", "", el("summary", "", word("sources")), ...sheet.sources.map((source) => said(source, "p")));
  at("foot").append(sources);
}

// --- Light and dark, paper -------------------------------------------------------------------
function button(key, does) {
  const made = el("button", "", word(key));
  made.type = "button";
  made.addEventListener("click", does);
  return made;
}
function tools() {
  const theme = button("dark", () => shade(document.documentElement.dataset.theme === "dark" ? "light" : "dark"));
  const paper = el("select");
  theme.id = "theme";
  for (const size of ["A3", "A4"]) paper.append(el("option", "", size));
  paper.id = "paper";
  paper.setAttribute("aria-label", plain("paper"));
  paper.addEventListener("change", () => { document.body.dataset.paper = paper.value; });
  document.body.dataset.paper = paper.value;
  const print = button("print", () => { onPaper(); afterDrawing(() => window.print()); });
  print.id = "print";
  return el("div", "tools", theme, paper, print);
}
function shade(theme) {
  document.documentElement.dataset.theme = theme;
  at("theme").replaceChildren(word(theme === "dark" ? "light" : "dark"));
  at("theme").setAttribute("aria-pressed", String(theme === "dark"));
}
const afterDrawing = (does) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(does, 60)));
// On paper the page has the size of the sheet; the map is drawn anew for it, twice as fine as on a screen.
let screenView = null;
function onPaper() {
  if (screenView) return;
  screenView = { centre: map.getCenter(), zoom: map.getZoom(), retina: L.Browser.retina };
  document.body.classList.add("printing");
  at("foot").querySelectorAll("details").forEach((one) => { one.open = true; });
  L.Browser.retina = true;
  map.closePopup();
  fitPanel();
  map.invalidateSize({ animate: false, pan: false });
  fitCity();
  redraw(0);
}
function onScreen() {
  if (!screenView) return;
  const { centre: middle, zoom, retina } = screenView;
  screenView = null;
  L.Browser.retina = retina;
  document.body.classList.remove("printing");
  at("panel").style.zoom = "";
  at("foot").querySelectorAll("details").forEach((one) => { one.open = false; });
  map.invalidateSize({ animate: false, pan: false });
  map.setView(middle, zoom, { animate: false });
  redraw(BEYOND);
  placeInset();
}
// Leaflet draws in the next frame; a page that is about to be printed has none, so it is drawn here and now. No canvas may
// reach beyond the map on paper, lest it goes over to the next sheet.
const BEYOND = 0.2; // of the map's size, on a screen, so that a small step shows no empty edge
function redraw(padding) {
  painter.options.padding = padding;
  map.eachLayer((one) => one instanceof L.Renderer && (one._update(), one._redraw()));
  declutter();
}
// A long legend is set smaller until it has room.
function fitPanel() {
  const panel = at("panel");
  for (let zoom = 1; zoom > 0.3; zoom -= 0.03) {
    panel.style.zoom = zoom;
    if (panel.scrollHeight <= panel.clientHeight + 1) return;
  }
}

// --- The map's own frame ---------------------------------------------------------------------
function tiles() {
  if (!sheet.tiles) return;
  document.body.classList.add("tiled");
  for (const url of sheet.tiles.urls) L.tileLayer(url, { subdomains: sheet.tiles.subdomains, maxZoom: sheet.tiles.most, maxNativeZoom: sheet.tiles.most }).addTo(map);
  const credit = L.control({ position: "bottomright" });
  credit.onAdd = () => el("div", "credit", said(sheet.tiles.attribution));
  credit.addTo(map);
}
function refresh() {
  map.closePopup();
  side();
  facts();
  paint();
  show();
  drawInset();
}
function start() {
  for (const [key, on] of TOGGLES) if (on) state.on.add(key);
  const board = map.getContainer(), north = L.control({ position: "topright" }), views = L.control({ position: "topleft" });
  at("skip").append(word("skip"));
  board.setAttribute("role", "application");
  board.setAttribute("aria-label", plain("map"));
  board.setAttribute("aria-describedby", "alternative");
  at("alternative").append(said(sheet.alternative));
  for (const [id, key] of [["side", "panel"], ["panel", "panel"]]) at(id).setAttribute("aria-label", plain(key));
  L.control.scale({ imperial: false, position: "bottomleft", maxWidth: 160 }).addTo(map);
  north.onAdd = () => el("div", "compass", el("i"), word("north"));
  north.addTo(map);
  views.onAdd = viewButtons;
  views.addTo(map);
  board.append(at("inset"));
  L.DomEvent.disableClickPropagation(at("inset"));
  tiles();
  head();
  foot();
  searchBox();
  shade(window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  side();
  map.invalidateSize(false);
  map.on("zoomend", () => { dressSites(); declutter(); });
  refresh();
  insetFrame();
  fitCity();
  declutter();
  window.addEventListener("beforeprint", onPaper);
  window.addEventListener("afterprint", onScreen);
  window.addEventListener("resize", () => {
    if (screenView) return;
    map.invalidateSize(false);
    stillFitted() ? fitCity() : placeInset();
  });
}
start();
