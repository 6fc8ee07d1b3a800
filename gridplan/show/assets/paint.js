// What units are painted by, what binds, what was noticed, and what is under the pointer.
// For the frame: PAINTS, the keys that state.paint may have, each also a key of the words; legendOf(paint) →
// [{colour, zh, en}, …]; unitAt(latlng) → position of the unit, -1 for none; openUnit(n), openDistrict(n);
// painter.redraw() draws the shapes again; drawShapes(pen, view, ratio) draws them elsewhere.
"use strict";
const PAINTS = ["partner", "minutes", "load"];
state.paint = "partner";

// --- Classes ---------------------------------------------------------------------------------
// The class of a value: how many of the breaks it is above; -1 where there is no value.
const classOf = (value, { breaks }) => (value === null ? -1 : breaks.filter((limit) => value > limit).length);
// Share of the capacity, where a hospital of the layer states one; else of the mean load of its partners.
const stated = (one) => one.partners.some((partner) => partner.capacity);
const rampOf = (paint, one = layer()) => sheet.ramps[paint === "load" ? (stated(one) ? "capacity" : "mean") : paint];
function loadShare(partner, one = layer()) {
  if (stated(one)) return partner.capacity ? partner.people / partner.capacity : null;
  const total = one.partners.reduce((sum, other) => sum + other.people, 0);
  return total ? (partner.people * one.partners.length) / total : null;
}
function classed(paint) {
  const one = layer(), ramp = rampOf(paint);
  if (paint === "minutes") return one.minutes.map((value) => classOf(value, ramp));
  const byPartner = one.partners.map((partner) => classOf(loadShare(partner), ramp));
  return one.of_unit.map((n) => (n < 0 ? -1 : byPartner[n]));
}
const nobody = () => [{ colour: sheet.nobody, zh: sheet.words.no_figure[0], en: sheet.words.no_figure[1] }];
function legendOf(paint) {
  const one = layer();
  if (paint === "partner") return one.partners.map((partner) => {
    const hospital = sheet.hospitals[partner.hospital];
    return { colour: partner.colour, zh: `${partner.number}  ${hospital.name || hospital.id}`, en: hospital.name_en };
  });
  const ramp = rampOf(paint), rows = ramp.labels.map(([zh, en], n) => ({ colour: ramp.colours[n], zh: zh, en: en }));
  return classed(paint).includes(-1) ? [...rows, ...nobody()] : rows;
}

// --- Painting --------------------------------------------------------------------------------
let groups = [];
const solid = sheet.tiles ? 0.8 : 1; // colours are those of the legend, unless there is a map behind them
function groupUnits() {
  const one = layer(), found = new Map(), classes = state.paint === "partner" ? one.of_unit : classed(state.paint);
  const colours = state.paint === "partner" ? one.partners.map((partner) => partner.colour) : rampOf(state.paint).colours;
  for (let n = 0; n < one.of_unit.length; n++) {
    const faint = state.partner !== null && one.of_unit[n] !== state.partner, key = classes[n] * 2 + (faint ? 1 : 0);
    if (!found.has(key)) found.set(key, { colour: classes[n] < 0 ? sheet.nobody : colours[classes[n]], alpha: faint ? 0.22 : solid, members: [] });
    found.get(key).members.push(n);
  }
  groups = [...found.values()];
}
const everyOne = (of) => [...Array(of.size).keys()];
const allUnits = everyOne(shapes.units), allDistricts = everyOne(shapes.districts);
const BORDER = 0.6; // pixels between units, thinner where these are small
function drawShapes(pen, view, ratio) {
  const { ink, binding } = sheet.colours, catchments = shapes.catchments[state.layer];
  const city = sheet.shapes.area, unit = Math.sqrt(city / shapes.units.size) * view.scale; // usual width, pixels
  pen.lineJoin = "round";
  if (state.on.has("units")) {
    fillUnits(pen, groups, view, ratio);
    const width = Math.min(BORDER, unit / 36);
    if (!shapes.units.find && width > 0.1) outline(pen, shapes.units, allUnits, view, "#FFFFFF", width, 0.85, sheet.from_points.units ? DASHES : []);
    outline(pen, catchments, everyOne(catchments), view, ink, 0.9, 0.55);
    if (state.partner !== null) outline(pen, catchments, [state.partner], view, ink, 2.2);
  }
  if (state.on.has("districts")) outlineDistricts(pen, allDistricts, view, ink, 1.7, 0.85);
  if (state.on.has("binding")) {
    outline(pen, shapes.districts, layer().binding.districts, view, "#FFFFFF", 5.5);
    outline(pen, shapes.districts, layer().binding.districts, view, binding, 3);
  }
}
map.createPane("shapes").style.zIndex = 350;
map.getPane("shapes").style.pointerEvents = "none";
groupUnits();
const painter = new Shapes();
map.addLayer(painter);

// --- Under the pointer -----------------------------------------------------------------------
const CARD = { minWidth: 290, maxWidth: 380, autoPanPadding: [12, 12] };
function openCard(content, place) {
  map.openPopup(L.popup(CARD).setLatLng(place).setContent(content));
  announce("opened", content.querySelector("h3").textContent);
}
const unitName = (n) => el("bdi", "", sheet.units.name[n] || sheet.units.id[n]);
// What lies at a place, of what is on: its name, its card.
function under(place) {
  const n = state.on.has("units") ? unitAt(place) : -1;
  if (n >= 0) return { key: "u" + n, name: () => unitName(n), card: () => unitPopup(n) };
  const d = state.on.has("districts") ? districtAt(place) : -1;
  return d >= 0 ? { key: "d" + d, name: () => named(sheet.districts[d]), card: () => districtPopup(d) } : null;
}
map.on("click", (event) => {
  const found = under(event.latlng);
  if (found) openCard(found.card(), event.latlng);
});
const tip = L.tooltip({ direction: "top", opacity: 0.96 });
let told = null;
function tellNothing() {
  told = null;
  map.removeLayer(tip);
}
const onShapes = (node) => node === map.getContainer() || node.nodeName === "CANVAS" || node.classList.contains("leaflet-pane");
let aboveLine = false; // the pointer is on a pair's line, which speaks for itself
map.on("mousemove", (event) => {
  const found = !aboveLine && onShapes(event.originalEvent.target) ? under(event.latlng) : null;
  if (!found) return void tellNothing();
  if (found.key !== told) tip.setContent(found.name());
  told = found.key;
  tip.setLatLng(event.latlng);
  if (!map.hasLayer(tip)) map.addLayer(tip);
});
map.on("mouseout", tellNothing);
function openShape(of, n, card) {
  map.fitBounds(frameOf(of, n), { padding: [60, 60], maxZoom: Math.max(map.getZoom(), 11.5), animate: false });
  openCard(card(n), placeIn(of, n));
}
function openUnit(n) {
  if (drawn(shapes.units, n)) turnOn("units"), openShape(shapes.units, n, unitPopup);
}
function openDistrict(n) {
  if (drawn(shapes.districts, n)) turnOn("districts"), openShape(shapes.districts, n, districtPopup);
}

// --- What was noticed about the data, where it is -----------------------------------------
const noted = L.layerGroup();
for (const [lat, lon, ...which] of sheet.noted) {
  const content = () => el("div", "", said(sheet.words.findings, "h3"), ...which.map((n) => findingRow(sheet.findings[n])));
  const sign = el("div", which.some((n) => sheet.findings[n][0] === "error") ? "sign error" : "sign", "!");
  const marker = L.marker([lat, lon], { icon: L.divIcon({ className: "noted", iconSize: [18, 18], html: sign }), zIndexOffset: 3000 });
  speak(marker, () => said(sheet.findings[which[0]].slice(2, 4)), content);
  noted.addLayer(marker);
}
function findingRow([severity, id, zh, en, hintZh, hintEn]) {
  return el("div", "finding " + (severity === "error" ? "error" : ""), id ? id + "  " : "", said([zh, en]), el("div", "", said([hintZh, hintEn])));
}
