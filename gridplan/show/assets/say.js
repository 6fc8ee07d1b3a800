// What the map says: text, marks and lines. All words and names come from the JSON block "data" and are only
// ever set as text.
"use strict";
const sheet = JSON.parse(document.getElementById("data").textContent);
const state = { layer: 0, on: new Set(), partner: null };
const at = (id) => document.getElementById(id);
const layerOf = (key, n) => window["geo_json_" + key + (n === undefined ? "" : "_" + n)]
  || window["feature_group_" + key + (n === undefined ? "" : "_" + n)];

// --- Text ------------------------------------------------------------------------------------
function el(tag, className, ...inside) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  for (const one of inside) if (one !== null && one !== undefined) node.append(one);
  return node;
}
// Two languages: Chinese, then English smaller; or the one that is shown alone.
function said(pair, tag = "span") {
  if (!pair[1] || sheet.shown === "zh") return el(tag, "", pair[0]);
  if (sheet.shown === "en") return el(tag, "", pair[1]);
  const english = el("span", "en", pair[1]);
  english.lang = "en";
  return el(tag, "", pair[0], " ", english);
}
const wordIn = (one, key) => said((one.grid && sheet.grid_words[key]) || sheet.words[key]);
const inLayer = (one, key) => [0, 1].map((n) => one.name[n] + " · " + ((one.grid && sheet.grid_words[key]) || sheet.words[key])[n]);
const word = (key) => wordIn(layer(), key);
const term = (list, key) => said((sheet.vocabulary[list] || {})[key] || [key || "–", ""]);
const count = (n) => (n === null ? "–" : String(Math.round(n)).replace(/\B(?=(\d{3})+$)/g, ","));
const minutes = (n) => (n === null ? "–" : n.toFixed(1));
const plain = (key) => sheet.words[key].filter(Boolean).join(" ");
// Said aloud by screen readers: what was found, what is open.
function announce(key, what) {
  at("live").textContent = sheet.words[key].filter(Boolean).join(" ") + ": " + what;
}
// A name is kept to itself: whatever it holds cannot turn what stands around it.
const named = (one) => said([one.name || one.id, one.name_en || ""], "bdi");

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
