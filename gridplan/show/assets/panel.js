// The panel beside the map: which layer, what is painted, and the legend, which says what is on the map just now.
"use strict";
const symbol = (drawing, size) => {
  const box = el("span", "site", drawing);
  box.style.width = box.style.height = size + "px";
  return box;
};
const categories = (hospitals) => Object.keys(sheet.marks).filter((c) => hospitals.some((n) => sheet.hospitals[n].category === c));

// What a toggled layer's signs mean; a row is a sign and its words.
const LEGENDS = {
  pairs() {
    const used = new Set(layer().pairs.map((p) => p.priority));
    return Object.keys(sheet.lines).filter((p) => used.has(Number(p))).map((p) => [line(p), priorityWords(p)]);
  },
  candidates() {
    const shown = categories(layer().candidates.filter((n) => !partnerOf(n)));
    const first = layer().partners[0], category = first && sheet.hospitals[first.hospital].category;
    return [
      ...(first ? [[symbol(mark(category, first.colour, first.number), 19), word("with_number")]] : []),
      ...shown.map((c) => [symbol(mark(c, "#FFFFFF"), 16), el("span", "", term("category", c), " · ", word("not_partner"))]),
    ];
  },
  branches() {
    const first = layer().partners[0], category = categories(layer().candidates)[0];
    return [
      [symbol(mark(category, first ? first.colour : "#FFFFFF", null), 11), word("campus_mark")],
      [symbol(mark(category, "#FFFFFF", null, true), 11), word("planned_mark")],
    ];
  },
  binding() {
    return [[el("span", "ring"), word("binding_mark")]];
  },
  noted() {
    return [[el("span", "noted", el("span", "sign", "!")), word("noted_mark")]];
  },
  others() {
    const shown = categories(layerOf("others", state.layer).getLayers().map((m) => m.options.index));
    return shown.map((c) => [symbol(mark(c, "#FFFFFF", null), 12), term("category", c)]);
  },
};
function toggles() {
  const box = el("fieldset", "toggles", el("legend", "unseen", word("layers")));
  for (const [key] of TOGGLES.filter(([key]) => offered(key))) {
    const input = el("input"), on = state.on.has(key);
    input.type = "checkbox";
    input.name = key;
    input.checked = on;
    input.addEventListener("change", () => { state.on[input.checked ? "add" : "delete"](key); refresh(); });
    const rows = on && LEGENDS[key] ? LEGENDS[key]() : [];
    box.append(el("div", on ? "toggle" : "toggle off", el("label", "", input, word(key)),
      rows.length ? el("div", "key", ...rows.flat()) : null));
  }
  return box;
}
function partnerList() {
  const partners = layer().partners, list = el("ul", "partners" + (partners.length > 14 ? " many" : ""));
  partners.forEach((partner, n) => {
    const hospital = sheet.hospitals[partner.hospital], chip = el("span", "chip", String(partner.number));
    chip.style.background = partner.colour;
    const served = layer().grid ? partner.units + sheet.words.unit[0]
      : partner.districts + (partner.cap === null ? "" : "/" + partner.cap) + sheet.words.district_unit[0];
    const button = el("button", "partner", chip, el("bdi", "name", hospital.name || hospital.id), el("span", "n", count(partner.people)),
      el("span", "of", hospital.name_en), el("span", "n of", served + " · " + minutes(partner.mean) + " " + sheet.words.minute[0]));
    button.type = "button";
    button.setAttribute("aria-pressed", String(state.partner === n));
    button.addEventListener("click", () => { state.partner = state.partner === n ? null : n; refresh(); });
    list.append(el("li", "", button));
  });
  return list;
}
// What units are painted by, and what the colours say.
const paintWord = (paint) => word(paint === "load" && !stated(layer()) ? "load_of_mean" : paint);
function paintChoice() {
  const choice = el("fieldset", "paints", el("legend", "unseen", word("painted_by")));
  for (const paint of PAINTS) {
    const input = el("input");
    input.type = "radio";
    input.name = "paint";
    input.value = paint;
    input.checked = paint === state.paint;
    input.addEventListener("change", () => { state.paint = paint; refresh(); });
    choice.append(el("label", "", input, paintWord(paint)));
  }
  return choice;
}
function classList() {
  return el("ul", "classes", ...legendOf(state.paint).map(({ colour, zh, en }) => {
    const swatch = el("span", "swatch");
    swatch.style.background = colour;
    return el("li", "", swatch, said([zh, en]));
  }));
}
function layerChoice() {
  const choice = el("fieldset", "switch", el("legend", "unseen", word("layer")));
  sheet.layers.forEach((one, n) => {
    const input = el("input");
    input.type = "radio";
    input.name = "layer";
    input.value = n;
    input.checked = n === state.layer;
    input.addEventListener("change", () => { state.layer = n; state.partner = null; refresh(); });
    choice.append(el("label", "", input, said(one.name)));
  });
  return choice;
}
// How good the plan is, in figures; and what was odd in its data.
function more(key, name, ...inside) {
  const box = el("details", "more", el("summary", "", word(key), " ", ...[name].filter(Boolean)), ...inside);
  box.open = more.open.has(key);
  box.addEventListener("toggle", () => void more.open[box.open ? "add" : "delete"](key));
  return box;
}
more.open = new Set();
function viewButtons() {
  const views = el("div", "buttons leaflet-bar");
  for (const [name, bounds] of Object.entries(sheet.views)) {
    const button = el("button", "", word(name));
    button.type = "button";
    button.addEventListener("click", () => map.fitBounds(bounds, { padding: [14, 14] }));
    views.append(button);
  }
  return views;
}
// Today and the plan, a row per district; the city's minutes stand in the line that opens it, beside the search. It lies over
// the panel when it is open, so that the legend stays where it is.
function beforeAfter() {
  const rows = layer().before, aside = at("side"), old = at("today");
  if (old) old.remove();
  aside.classList.toggle("has-today", rows.length > 0);
  if (!rows.length) return;
  const body = el("tbody"), [all] = rows;
  for (const [district, partners, means, beyond] of rows) {
    const name = district < 0 ? word("city") : named(sheet.districts[district]);
    body.append(el("tr", "", el("th", "", name), ...[partners, means, beyond].map((figure) => el("td", "n", figure))));
  }
  const heads = el("tr", "", el("th", "", word("find_district")), ...["before_partners", "before_minutes", "before_beyond"].map((key) => el("th", "n", word(key))));
  const table = el("table", "before", el("thead", "", heads), body);
  const box = el("details", "today", el("summary", "", el("span", "", word("before_short")), el("b", "n", all[2])),
    el("div", "", el("h2", "", word("before_after")), table, said(sheet.words.before_note, "p")));
  box.id = "today";
  box.lastChild.tabIndex = 0; // it may scroll
  box.open = beforeAfter.open;
  box.addEventListener("toggle", () => { beforeAfter.open = box.open; });
  aside.append(box);
}
beforeAfter.open = false;
function findings() {
  if (!sheet.findings.length) return null;
  return more("findings", el("span", "n", String(sheet.findings.length)), ...sheet.findings.map(findingRow));
}
function side() {
  const box = at("panel"), before = box.querySelector(".painted"), top = before ? before.scrollTop : 0;
  const kept = document.activeElement && document.activeElement.name;
  const coloured = state.on.has("units") && state.paint !== "partner";
  const painted = el("section", "painted", coloured ? el("h2", "", paintWord(state.paint)) : null, coloured ? classList() : null,
    el("h2", "", word("partners")), partnerList());
  const signs = el("section", "signs", el("h2", "", word("layers")), toggles());
  const good = layer().goals.length ? more("how_good", null, said(layer().good, "p"), figures(layer().goals), sheet.proof && said(sheet.proof, "p")) : null;
  beforeAfter();
  const below = el("div", "below", good, findings());
  box.replaceChildren(layerChoice(), paintChoice(), painted, signs, below);
  if (kept === "layer" || kept === "paint") box.querySelector(`[name=${kept}]:checked`).focus();
  else if (kept && box.querySelector(`input[name=${kept}]`)) box.querySelector(`input[name=${kept}]`).focus();
  painted.scrollTop = top;
}
