// Words and numbers of the page, in the language chosen. All words and names come from the JSON block "data" and are
// only ever set as text.
"use strict";
const own = { page: "", lang: 0 }; // the page as it was opened, for saving it again; 0 Chinese, 1 English
const data = JSON.parse(document.getElementById("data").textContent);
const at = (id) => document.getElementById(id);
const half = (pair) => (own.lang && pair[1] ? pair[1] : pair[0]);

function el(tag, attributes, ...inside) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
  }
  fill(node, inside);
  return node;
}
function fill(node, inside) {
  for (const one of inside.flat(Infinity)) if (one !== null && one !== undefined && one !== false) node.append(one);
  return node;
}
function refill(node, ...inside) {
  node.replaceChildren();
  return fill(node, inside);
}
function svg(tag, attributes, ...inside) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...inside);
  return node;
}
// A word, or a sentence with its {places} filled: d, h, u are positions, the rest as it is.
function say(key, facts) {
  return half(data.words[key]).replace(/\{(\w+)\}/g, (_, name) => {
    const value = (facts || {})[name];
    if (name === "d") return districtName(value);
    if (name === "h" || name === "other") return hospitalName(value);
    if (name === "u") return unitName(value);
    return typeof value === "number" ? count(value) : Array.isArray(value) ? half(value) : String(value ?? "");
  });
}
const named = (one) => (own.lang && one.name_en ? one.name_en : one.name || one.id);
const districtName = (d) => named(data.districts[d]);
const hospitalName = (h) => named(data.hospitals[h]);
const unitName = (u) => data.units.name[u] || data.units.id[u];
function count(n) {
  if (n === null || n === undefined) return "–";
  const [whole, rest] = String(Math.abs(n) < 1e6 ? Math.round(n * 10) / 10 : Math.round(n)).split(".");
  return whole.replace(/\B(?=(\d{3})+$)/g, ",") + (rest ? "." + rest : "");
}
const tenth = (n) => (n === null || n === undefined ? "–" : n.toFixed(1));
// More (+) or fewer (−) than before; nothing where it does not show.
function signed(n, places) {
  const text = Math.abs(n).toFixed(places).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
  return Number(Math.abs(n).toFixed(places)) === 0 ? "±0" : (n > 0 ? "+" : "−") + text;
}
// A difference that is better when it is less: coloured, and with a sign and a word for those who see no colour.
function change(n, places, neutral) {
  if (n === null || n === undefined || Number.isNaN(n)) return el("span", { class: "same" }, "–");
  const text = signed(n, places), kind = neutral || text === "±0" ? "same" : n < 0 ? "better" : "worse";
  return el("span", { class: kind, title: neutral ? null : say(kind) }, (kind === "better" ? "▼" : kind === "worse" ? "▲" : "") + text);
}
function button(key, does, more) {
  return el("button", { type: "button", title: data.words[key + "_hint"] ? say(key + "_hint") : null, onclick: does, ...more }, say(key));
}
function announce(text) { at("live").textContent = text; }
