// Search by name, a part of it, id, pinyin or its initials (match.js): a combobox with its list, as screen readers know
// them. What can be found is said by the page: KINDS = [[kind, entries, open(n), rank(n)], …].
"use strict";
const MOST = 12; // results shown
function found(text) {
  const results = [];
  KINDS.forEach(([kind, entries, , rank]) => entries.forEach((one, n) => {
    const fit = fits(one, (sheet.pinyin[kind] || [])[n], text);
    if (fit !== null) results.push({ fit: fit, rank: rank(n), kind: kind, n: n, one: one });
  }));
  return bestFirst(results);
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
    const main = document.querySelector("main"); // what is found stands on the map: on a phone the page goes up to it
    if (main.getBoundingClientRect().top < 0) main.scrollIntoView({ block: "start" });
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
    if (!empty && list.getBoundingClientRect().bottom > window.innerHeight) input.scrollIntoView({ block: "start" }); // on a phone
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
