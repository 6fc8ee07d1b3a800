// What hangs on the plan, over its map: who manages whom, alliances by discipline, signatures. It stands on page.js.
"use strict";
const hung = sheet.programme;
const KEPT = "#7A1F5C", ALLIED = "#0B6E4F", ALIKE = "#C1121F";
const custody = L.layerGroup(), alliances = L.layerGroup(), signatures = L.layerGroup();
let discipline = hung.alliances.length ? hung.alliances[0].code : null;

function postsTable(posts) {
  const head = el("thead", "", el("tr", "", ...["discipline", "from_until", "days_a_week"].map((key, n) => el("th", n ? "n" : "", word(key)))));
  const body = el("tbody", "", ...posts.map(([zh, en, years, days]) =>
    el("tr", "", el("td", "", said([zh, en])), el("td", "n", years), el("td", "n", String(days)))));
  return el("table", "", head, body);
}
for (const one of hung.custody) {
  const manager = sheet.hospitals[one.manager], managed = sheet.hospitals[one.managed];
  const drawn = L.polyline(one.ends, { color: KEPT, weight: one.width, opacity: 0.75, dashArray: one.dashes });
  speak(drawn, () => named(managed), () => popup([managed.name || managed.id, managed.name_en], [
    ["managed_by", named(manager)],
    ["change", word("custody_" + one.basis)],
    ["experts", String(one.experts)],
  ], postsTable(one.posts)));
  custody.addLayer(drawn);
}
function drawAlliances() {
  alliances.clearLayers();
  for (const one of hung.alliances.filter((a) => a.code === discipline)) for (const [n, middle, people] of one.star) {
    const drawn = L.polyline([one.at, middle], { color: ALLIED, weight: 2.5, opacity: 0.85 });
    speak(drawn, () => named(sheet.districts[n]), () => popup(one.name, [
      ["hospital", named(sheet.hospitals[one.leader])],
      ["district", named(sheet.districts[n])],
      ["people", count(people)],
    ]));
    alliances.addLayer(drawn);
  }
}
for (const one of hung.signatures) {
  const label = el("span", "signature", ...one.names.map((name) => el("span", "line", said(name))));
  const tag = L.marker(one.at, { icon: textIcon("tag", label) });
  speak(tag, () => named(sheet.hospitals[one.lead]), () => popup(sheet.words.signature_of, [
    ["hospital", named(sheet.hospitals[one.lead])],
    ["signatures", el("span", "", ...one.names.map((name) => el("div", "", said(name))))],
  ]));
  signatures.addLayer(tag);
}
for (const one of hung.alike) for (const border of one.lines) {
  const drawn = L.polyline(border, { color: ALIKE, weight: 12, dashArray: "2 5", lineCap: "butt", className: "hatched" });
  speak(drawn, () => said(one.name), () => popup(one.name, [["signatures", word("alike")]]));
  signatures.addLayer(drawn);
}
// The chain 1+1+1: centres as large as they are full; a click on a unit draws its way to its three places.
const CHAINED = "#1D4E89", chains = L.layerGroup(), way = L.layerGroup();
for (const [name, lat, lon, load, capacity, overflow] of hung.chains.centres) if (lat !== null) {
  const fill = capacity ? Math.min(1.5, load / capacity) : 0.5;
  const drawn = L.circleMarker([lat, lon], { radius: 3 + 5 * fill, color: overflow ? ALIKE : CHAINED, weight: 1.5, fillOpacity: 0.35 });
  speak(drawn, () => said([name, ""], "bdi"), () => popup([name, ""], [
    ["chain_visits", count(load)],
    ["chain_capacity", count(capacity)],
    ["chain_full", overflow ? count(overflow) : null],
  ]));
  chains.addLayer(drawn);
}
function wayOf([, lat, lon, , ways, district, , partner]) {
  way.clearLayers();
  const draw = (ends, weight) => ends.every(([a, b]) => a !== null && b !== null) && way.addLayer(L.polyline(ends, { color: CHAINED, weight, interactive: false }));
  const middle = hung.chains.seats[district];
  for (const [n, share] of ways) draw([[lat, lon], hung.chains.centres[n].slice(1, 3)], 1 + 3 * share);
  draw([hung.chains.centres[ways[0][0]].slice(1, 3), middle], 3);
  draw([middle, hung.chains.seats[partner]], 3);
}
for (const one of hung.chains.units) if (one[1] !== null) {
  const [name, lat, lon, people, ways, district, second, partner, third, broken] = one;
  const drawn = L.circleMarker([lat, lon], { radius: 3, color: CHAINED, weight: 1, fillColor: "#FFFFFF", fillOpacity: 1 });
  const places = el("span", "", ...ways.map(([n, share, first]) => el("div", "", said([hung.chains.centres[n][0], ""], "bdi"), " " + Math.round(100 * share) + "% · " + minutes(first) + "′")));
  speak(drawn, () => said([name, ""], "bdi"), () => popup([name, ""], [
    ["people", count(people)],
    ["chain_first", places.cloneNode(true)],
    ["chain_district", el("span", "", named(sheet.hospitals[district]), " " + minutes(second) + "′ ", broken ? word("chain_broken") : null)],
    ["chain_city", el("span", "", named(sheet.hospitals[partner]), " " + minutes(third) + "′ · ", word("chain_back"))],
  ]));
  drawn.on("popupopen", () => wayOf(one));
  drawn.on("popupclose remove", () => way.clearLayers());
  chains.addLayer(drawn);
}
chains.addLayer(way);
// Access: a dot per unit, by what it reaches against the city's mean before; tier and time are chosen in the legend.
const NEAR = ["#B2182B", "#F4A582", "#2166AC"], near = L.layerGroup();
let nearTier = 0, nearTime = 0;
const nearClass = (value, mean) => (value < mean / 2 ? 0 : value < mean ? 1 : 2);
function drawAccess() {
  near.clearLayers();
  for (const [name, lat, lon, people, values] of hung.access.units) {
    const value = values[nearTier][nearTime], mean = hung.access.tiers[nearTier][2];
    if (value === null) continue;
    const drawn = L.circleMarker([lat, lon], { radius: 4, color: NEAR[nearClass(value, mean)], weight: 1, fillOpacity: 0.7 });
    const table = el("table", "", el("tbody", "", ...hung.access.tiers.map(([zh, en], n) =>
      el("tr", "", el("td", "", said([zh, en])), ...values[n].map((v) => el("td", "n", v === null ? "–" : String(v)))))));
    speak(drawn, () => said([name, ""], "bdi"), () => popup([name, ""], [
      ["people", count(people)],
      ["access", el("span", "", word("access_before"), " → ", word("access_after"))],
    ], table));
    near.addLayer(drawn);
  }
}
function accessChoice() {
  const choice = el("select", "discipline");
  choice.name = "access";
  choice.setAttribute("aria-label", plain("access"));
  hung.access.tiers.forEach(([zh, en], n) => ["access_before", "access_after"].forEach((key, when) => {
    const option = el("option", "", zh + " " + en + " · " + plain(key));
    option.value = n + " " + when;
    option.selected = n === nearTier && when === nearTime;
    choice.append(option);
  }));
  choice.addEventListener("change", () => { [nearTier, nearTime] = choice.value.split(" ").map(Number); drawAccess(); });
  return choice;
}
const stroke = (colour, weight, dashes) => {
  const drawing = svg("svg", { viewBox: "0 0 44 10", width: 44, height: 10, "aria-hidden": "true" });
  drawing.append(svg("line", { x1: 1, x2: 43, y1: 5, y2: 5, stroke: colour, "stroke-width": weight, "stroke-dasharray": dashes || "none" }));
  return drawing;
};
function disciplineChoice() {
  const choice = el("select", "discipline"), seen = new Set();
  choice.name = "discipline";
  choice.setAttribute("aria-label", plain("discipline"));
  for (const one of hung.alliances) if (!seen.has(one.code)) {
    seen.add(one.code);
    const option = el("option", "", one.name.filter(Boolean).join(" "));
    option.value = one.code;
    option.selected = one.code === discipline;
    choice.append(option);
  }
  choice.addEventListener("change", () => { discipline = choice.value; drawAlliances(); });
  return choice;
}
LEGENDS.custody = () => [[stroke(KEPT, 4), word("custody_kept")], [stroke(KEPT, 4, "6 4"), word("custody_new")]];
LEGENDS.alliances = () => [[stroke(ALLIED, 2.5), el("span", "", word("alliance_of"), " ", disciplineChoice())]];
const dot = (colour) => {
  const drawing = svg("svg", { viewBox: "0 0 44 12", width: 44, height: 12, "aria-hidden": "true" });
  drawing.append(svg("circle", { cx: 22, cy: 6, r: 5, stroke: colour, fill: colour, "fill-opacity": 0.35, "stroke-width": 1.5 }));
  return drawing;
};
LEGENDS.chains = () => [[dot(CHAINED), word("chain_room")], [dot(ALIKE), word("chain_full")]];
LEGENDS.access = () => [["access_low", 0], ["access_below", 1], ["access_above", 2]].map(([key, n]) => [dot(NEAR[n]), word(key)]).concat([[el("span", ""), accessChoice()]]);
LEGENDS.signatures = () => (hung.alike.length ? [[stroke(ALIKE, 9, "2 5"), word("alike")]] : []);
drawAlliances();
if (hung.access.units.length) drawAccess();
for (const [key, group, rows] of [["custody", custody, hung.custody], ["alliances", alliances, hung.alliances], ["signatures", signatures, hung.signatures], ["chains", chains, hung.chains.units], ["access", near, hung.access.units]]) {
  if (!rows.length) continue;
  TOGGLES.push([key, key === "custody", false]);
  OVERLAYS.push([group, key]);
}
