// What the map says: text, marks and popups. All words and names come from the JSON block "data" and are only
// ever set as text.
"use strict";
const sheet = JSON.parse(document.getElementById("data").textContent);
const map = map_plan;
const state = { layer: 0, on: new Set(), partner: null };
const layerOf = (key, n) => window["geo_json_" + key + (n === undefined ? "" : "_" + n)]
  || window["feature_group_" + key + (n === undefined ? "" : "_" + n)];

// --- Text ------------------------------------------------------------------------------------
function el(tag, className, ...inside) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  for (const one of inside) if (one !== null && one !== undefined) node.append(one);
  return node;
}
// Two languages: Chinese, then English smaller.
function said(pair, tag = "span") {
  return pair[1] ? el(tag, "", pair[0], " ", el("span", "en", pair[1])) : el(tag, "", pair[0]);
}
const wordIn = (one, key) => said((one.grid && sheet.grid_words[key]) || sheet.words[key]);
const inLayer = (one, key) => [0, 1].map((n) => one.name[n] + " · " + ((one.grid && sheet.grid_words[key]) || sheet.words[key])[n]);
const word = (key) => wordIn(layer(), key);
const term = (list, key) => said((sheet.vocabulary[list] || {})[key] || [key || "–", ""]);
const count = (n) => (n === null ? "–" : String(Math.round(n)).replace(/\B(?=(\d{3})+$)/g, ","));
const minutes = (n) => (n === null ? "–" : n.toFixed(1));
const named = (one) => said([one.name || one.id, one.name_en || ""]);

function figures(rows) {
  const list = el("dl", "figures");
  for (const [zh, en, value] of rows) list.append(el("div", "", said([zh, en], "dt"), el("dd", "", value)));
  return list;
}

// --- Drawing ---------------------------------------------------------------------------------
function svg(tag, attributes) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
}
function mark(category, fill, text, planned) {
  const [path, letter] = sheet.marks[category] || sheet.marks.general;
  const drawing = svg("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" });
  drawing.append(svg("path", { d: path, fill: fill, stroke: "#22303C", "stroke-width": 1.8,
    "stroke-dasharray": planned ? "3.2 2.6" : "none", "vector-effect": "non-scaling-stroke" }));
  const label = text === null ? null : text === undefined ? letter : String(text);
  if (label !== null) {
    const written = svg("text", { x: 12, y: 16.4 });
    written.textContent = label;
    drawing.append(written);
  }
  return drawing;
}
function line(priority) {
  const [colour, weight, dashes] = sheet.lines[priority];
  const drawing = svg("svg", { viewBox: "0 0 44 10", width: 44, height: 10, "aria-hidden": "true" });
  drawing.append(svg("line", { x1: 1, x2: 43, y1: 5, y2: 5, stroke: colour, "stroke-width": weight, "stroke-dasharray": dashes }));
  return drawing;
}

// --- Where a unit, a district or a hospital stands in the layer on show ----------------------
const layer = () => sheet.layers[state.layer];
const partnerAt = (n) => (n < 0 ? null : layer().partners[n]);
const partnerOf = (hospital) => layer().partners.find((p) => p.hospital === hospital) || null;
const fill = (partner) => (partner ? partner.colour : sheet.nobody);

// --- Popups ----------------------------------------------------------------------------------
function popup(title, rows, ...tables) {
  const list = el("dl");
  for (const [label, value] of rows) if (value !== null) list.append(el("dt", "", word(label)), el("dd", "", value));
  return el("div", "", said(title, "h3"), list, ...tables);
}
function heads(keys, of = layer()) {
  return el("thead", "", el("tr", "", ...keys.map((key, n) => el("th", n ? "n" : "", wordIn(of, key)))));
}
function pairsTable(caption, pairs, one, of = layer()) {
  const table = el("table", "", el("caption", "", caption));
  table.append(heads([one === "district" ? "paired" : one, "people_served", "mean_minutes", ...(of.grid ? [] : ["priority"])], of));
  const body = el("tbody");
  for (const pair of pairs) {
    const other = one === "district" ? sheet.districts[pair.district] : sheet.hospitals[pair.hospital];
    body.append(el("tr", "", el("td", "", named(other)), el("td", "n", count(pair.people)), el("td", "n", minutes(pair.mean)),
      of.grid ? null : el("td", "n", String(pair.priority))));
  }
  table.append(body);
  return table;
}
const ofMost = (n, cap) => el("span", "", String(n), " · ", ...(cap === null ? [word("no_cap")] : [word("of"), " ", String(cap)]));
const priorityWords = (p) => el("span", "", String(p) + "  ", term("priority", p));

function unitPopup(n) {
  const units = sheet.units, district = sheet.districts[units.district[n]];
  const table = el("table", "", heads(["hospital", "minutes", "priority"])), body = el("tbody");
  for (const one of sheet.layers) {
    const partner = one.partners[one.of_unit[n]];
    const pair = partner && one.pairs.find((p) => p.district === units.district[n] && p.hospital === partner.hospital);
    body.append(el("tr", "", el("td", "", el("div", "of", said(inLayer(one, "partner"))), partner ? named(sheet.hospitals[partner.hospital])
        : one.grid && district && district.form === "left_out" ? term("form", "left_out") : "–"),
      el("td", "n", minutes(one.minutes[n])), el("td", "n", pair && !one.grid ? String(pair.priority) : "–",
        pair && !one.grid ? el("div", "of", term("priority", pair.priority)) : null)));
  }
  table.append(body);
  return popup([units.name[n] || units.id[n], ""], [
    ["people", count(units.people[n])],
    ["district", district ? named(district) : null],
  ], table);
}
function districtPopup(n) {
  const district = sheet.districts[n];
  const tables = sheet.layers.map((one) => pairsTable(said(one.name), one.pairs.filter((p) => p.district === n), "partner", one));
  return popup([district.name || district.id, district.name_en], [
    ["kind", term("kind", district.kind)],
    ["people", count(district.people)],
    ["cap", sheet.layers.some((one) => !one.grid) ? ofMost(district.counted, district.cap) : null],
    ["form", district.form ? term("form", district.form) : null],
  ], ...tables);
}
// What a hospital is in the grids, and in whose.
function roleOf(n) {
  const role = sheet.roles && sheet.roles[n];
  if (!role) return null;
  const lead = role[0] === "lead" ? null : sheet.hospitals[role[1]];
  return el("span", "", term("role", role[0]), lead ? " · " : null, lead ? named(lead) : null);
}
function hospitalPopup(n) {
  const hospital = sheet.hospitals[n], home = sheet.districts[hospital.district];
  const partner = partnerOf(n), pairs = layer().pairs.filter((p) => p.hospital === n);
  return popup([hospital.name || hospital.id, hospital.name_en], [
    ["category", term("category", hospital.category)],
    ["tier", term("tier", hospital.tier)],
    ["ownership", hospital.ownership ? term("ownership", hospital.ownership) : null],
    ["home", home ? named(home) : null],
    ["districts_served", !partner ? word(layer().candidates.includes(n) ? "not_partner" : "not_candidate")
      : layer().grid ? el("span", "", String(partner.units), " ", word("unit")) : ofMost(partner.districts, partner.cap)],
    ["role", roleOf(n)],
    ["people_served", partner ? count(partner.people) : null],
    ["mean_minutes", partner ? minutes(partner.mean) : null],
  ], pairs.length ? pairsTable(word("districts_served"), pairs, "district") : null);
}
function branchPopup(n) {
  const branch = sheet.branches[n], hospital = sheet.hospitals[branch.hospital], district = sheet.districts[branch.district];
  return popup([branch.name, ""], [
    ["of_hospital", hospital ? named(hospital) : null],
    ["district", district ? named(district) : null],
    ["relation", term("relation", branch.relation)],
    ["status", term("status", branch.status)],
  ]);
}
function pairPopup(n) {
  const pair = layer().pairs[n], district = sheet.districts[pair.district];
  return popup([district.name || district.id, district.name_en], [
    ["partner", named(sheet.hospitals[pair.hospital])],
    ["priority", priorityWords(pair.priority)],
    ["cap", pair.counted ? null : word("exempt")],
    ["people_served", count(pair.people)],
    ["mean_minutes", minutes(pair.mean)],
    ["change", term("change", pair.change)],
  ]);
}
function speak(shape, tip, content) {
  shape.bindPopup(content, { minWidth: 290, maxWidth: 380, autoPanPadding: [12, 12] });
  shape.bindTooltip(() => el("span", "", tip()), { sticky: true, direction: "top", opacity: 0.96 });
}
