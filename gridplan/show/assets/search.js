// Search by name, id, pinyin or its initials: a combobox with its list, as screen readers know them.
"use strict";
const MOST = 12; // results shown
const KINDS = [
  ["district", sheet.districts, (n) => openDistrict(n)],
  ["hospital", sheet.hospitals, (n) => openHospital(n)],
  ["branch", sheet.branches, (n) => openAt("branches", n)],
  ["unit", sheet.units.id.map((id, n) => ({ id: id, name: sheet.units.name[n] })), (n) => openUnit(n)],
];
// How well an entry fits what is typed: the lower the better, null where it does not fit.
function fits(one, pinyin, typed) {
  const id = (one.id || "").toLowerCase(), name = (one.name || "").toLowerCase(), english = (one.name_en || "").toLowerCase();
  const [initials, full] = (pinyin || "").split(" ");
  if (id === typed || name === typed) return 0;
  if (name.startsWith(typed)) return 1;
  if (name.includes(typed)) return 2;
  const squeezed = typed.replace(/[\s']/g, "");
  if (squeezed && initials && initials.startsWith(squeezed)) return 3;
  if (squeezed && full && full.startsWith(squeezed)) return 4;
  if (english.startsWith(typed) || english.includes(" " + typed)) return 5;
  if (id.startsWith(typed)) return 6;
  if (squeezed.length > 1 && ((initials && initials.includes(squeezed)) || (full && full.includes(squeezed)))) return 7;
  return null;
}
function found(text) {
  const typed = text.trim().toLowerCase(), results = [];
  if (!typed) return results;
  KINDS.forEach(([kind, entries], order) => entries.forEach((one, n) => {
    const fit = fits(one, (sheet.pinyin[kind] || [])[n], typed);
    if (fit !== null) results.push({ fit: fit, order: order, kind: kind, n: n, one: one });
  }));
  return results.sort((a, b) => a.fit - b.fit || a.order - b.order || a.n - b.n);
}

// --- Opening what was chosen -----------------------------------------------------------------
// A hospital as a candidate of the layer on show, else of another one, else among those that are none.
function openHospital(n) {
  const layers = [state.layer, ...sheet.layers.keys()];
  for (const number of layers) if (layerOf("candidates", number).getLayers().some((m) => m.options.index === n)) return openAt("candidates", n, number);
  openAt("others", n);
}
function openAt(key, n, number = state.layer) {
  const numbers = [number, ...sheet.layers.keys()];
  const there = numbers.find((one) => layerOf(key, one).getLayers().some((m) => m.options.index === n));
  if (there === undefined) return void announce("opened", plain("no_place"));
  if (there !== state.layer) { state.layer = there; state.partner = null; }
  turnOn(key);
  const marker = layerOf(key, there).getLayers().find((m) => m.options.index === n);
  map.setView(marker.getLatLng(), Math.max(map.getZoom(), 11.5), { animate: false });
  marker.openPopup();
}
function turnOn(key) {
  state.on.add(key);
  refresh();
}

// --- The box ---------------------------------------------------------------------------------
function searchBox() {
  const input = el("input"), list = el("ul", "results");
  let results = [], active = -1;
  Object.assign(input, { type: "search", id: "find", autocomplete: "off", spellcheck: false, placeholder: plain("search") });
  list.id = "found";
  list.hidden = true;
  for (const [node, pairs] of [
    [input, { role: "combobox", "aria-label": plain("search"), "aria-controls": "found", "aria-expanded": "false", "aria-autocomplete": "list" }],
    [list, { role: "listbox", "aria-label": plain("results") }],
  ]) for (const [name, value] of Object.entries(pairs)) node.setAttribute(name, value);

  function close() {
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }
  function point(n) {
    const options = list.querySelectorAll("[role=option]");
    active = options.length ? (n + options.length) % options.length : -1;
    options.forEach((option, k) => option.setAttribute("aria-selected", String(k === active)));
    if (active < 0) return;
    input.setAttribute("aria-activedescendant", options[active].id);
    options[active].scrollIntoView({ block: "nearest" });
  }
  function choose(n) {
    const { kind, n: position } = results[n];
    close();
    KINDS.find(([name]) => name === kind)[2](position);
  }
  function look() {
    results = found(input.value);
    const shown = results.slice(0, MOST);
    list.replaceChildren(...shown.map(({ kind, one }, n) => {
      const option = el("li", "", el("span", "kind", word("find_" + kind)), el("span", "name", named(one)), el("span", "of", one.id || ""));
      option.id = "found-" + n;
      option.setAttribute("role", "option");
      option.addEventListener("mousedown", (event) => { event.preventDefault(); choose(n); });
      return option;
    }));
    if (results.length > MOST) list.append(note(el("span", "", word("more_results"), " " + (results.length - MOST))));
    if (!results.length) list.append(note(word("nothing_found")));
    const empty = input.value.trim() === "";
    list.hidden = empty;
    input.setAttribute("aria-expanded", String(!empty));
    if (!empty) announce("results", results.length ? String(results.length) : plain("nothing_found"));
    point(0);
  }
  function note(inside) {
    const row = el("li", "note", inside);
    row.setAttribute("role", "presentation");
    return row;
  }
  const KEYS = {
    ArrowDown: () => (list.hidden ? look() : point(active + 1)),
    ArrowUp: () => point(active - 1),
    Enter: () => active >= 0 && !list.hidden && choose(active),
    Escape: () => (list.hidden ? (input.value = "") : close()),
  };
  input.addEventListener("input", look);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || !KEYS[event.key]) return;
    event.preventDefault();
    KEYS[event.key]();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName)) return;
    event.preventDefault();
    input.focus();
    input.select();
  });
  at("search").append(input, list);
}
