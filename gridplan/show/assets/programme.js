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
  const label = el("span", "signature", ...one.names.map((name) => el("div", "", said(name))));
  const tag = L.marker(one.at, { icon: textIcon("tag", label) });
  speak(tag, () => named(sheet.hospitals[one.lead]), () => popup(sheet.words.signature_of, [
    ["hospital", named(sheet.hospitals[one.lead])],
    ["signatures", el("span", "", ...one.names.map((name) => el("div", "", said(name))))],
  ]));
  signatures.addLayer(tag);
}
for (const one of hung.alike) for (const border of one.lines) {
  const drawn = L.polyline(border, { color: ALIKE, weight: 6, dashArray: "3 5", lineCap: "butt" });
  speak(drawn, () => said(one.name), () => popup(one.name, [["signatures", word("alike")]]));
  signatures.addLayer(drawn);
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
LEGENDS.signatures = () => (hung.alike.length ? [[stroke(ALIKE, 6, "3 5"), word("alike")]] : []);
drawAlliances();
for (const [key, group, rows] of [["custody", custody, hung.custody], ["alliances", alliances, hung.alliances], ["signatures", signatures, hung.signatures]]) {
  if (!rows.length) continue;
  TOGGLES.push([key, key === "custody", false]);
  OVERLAYS.push([group, key]);
}
