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
// --- Light and dark, paper -------------------------------------------------------------------
function tools() {
  const paper = el("select");
  for (const size of ["A3", "A4"]) paper.append(el("option", "", size));
  paper.id = "paper";
  paper.setAttribute("aria-label", plain("paper"));
  paper.addEventListener("change", () => { document.body.dataset.paper = paper.value; });
  document.body.dataset.paper = paper.value;
  return el("div", "tools", themeTool(), paper, printTool());
}
function fitPaper() {
  map.closePopup();
  map.invalidateSize({ animate: false, pan: false });
  fitCity();
}
function fitScreen(middle, zoom) {
  map.invalidateSize({ animate: false, pan: false });
  map.setView(middle, zoom, { animate: false });
}
// Leaflet draws in the next frame; a page that is about to be printed has none, so it is drawn here and now. No canvas may
// reach beyond the map on paper, lest it goes over to the next sheet.
function redraw(padding) {
  painter.options.padding = padding;
  map.eachLayer((one) => one instanceof L.Renderer && (one._update(), one._redraw()));
  declutter();
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
  window.addEventListener("afterprint", () => { onScreen(); placeInset(); });
  window.addEventListener("resize", () => {
    if (screenView) return;
    map.invalidateSize(false);
    stillFitted() ? fitCity() : placeInset();
  });
}
start();
