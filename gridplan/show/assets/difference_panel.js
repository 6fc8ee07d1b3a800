// The frame around the two maps and the panel beside them: which plan, which layer, what is painted, what changes.
"use strict";
function choice(name, values, chosen, words, does, className = "switch") {
  const box = el("fieldset", className);
  box.append(el("legend", "unseen", words.legend));
  for (const value of values) {
    const input = el("input");
    Object.assign(input, { type: "radio", name: name, value: value, checked: value === chosen });
    input.addEventListener("change", () => does(value));
    box.append(el("label", "", input, words.of(value)));
  }
  return box;
}
const chip = (n) => {
  const partner = layer().partners[n], made = el("span", "chip", String(partner.number));
  made.style.background = partner.colour;
  made.title = `${partner.number} ${hospitalOf(partner).name || hospitalOf(partner).id}`;
  made.setAttribute("role", "img");
  made.setAttribute("aria-label", made.title);
  return made;
};
const arrow = (then, now) => el("span", "then", then, " → ", el("b", "", now));
const nameOfPlan = (n) => said(sheet.plans[n].name[0] ? sheet.plans[n].name : sheet.words[n === sheet.base ? "before" : "after"]);
// Minutes as the panel says them: by two digits, since what changes is little in the mean.
const mean = (n) => (n === null ? "–" : n.toFixed(2));

// --- Which plan ----------------------------------------------------------------------------------
// Today's partnerships, of residents who have one; those who have none are told apart.
function todayRow() {
  const today = layer().today;
  if (!today) return null;
  const without = today.without ? el("div", "of", word("without_today"), " ", count(today.without)) : null;
  return el("tr", "as-today", el("td", "", word("today_row"), without), el("td", "n", mean(today.mean_minutes)), el("td", "n", minutes(today.worst_minutes)),
    el("td", "n", count(today.people_beyond)), el("td", "n", String(today.pairs)), el("td", "n", "–"));
}
function plansTable() {
  if (sheet.plans.length < 3) return null;
  const table = el("table", "scenarios", el("caption", "", word("scenarios")), el("thead", "", el("tr", "", el("th", "", word("scenario")),
    ...["mean_minutes", "worst_minutes", "beyond_far", "pair_count", "moved_short"].map((key) => el("th", "n", word(key))))));
  const body = el("tbody"), today = todayRow();
  if (today) body.append(today);
  sheet.plans.forEach((plan, n) => {
    const input = el("input"), of = layer().plans[n];
    Object.assign(input, { type: "radio", name: "plan", value: n, checked: n === state.shown });
    input.addEventListener("change", () => { state.shown = n; refresh(); });
    body.append(el("tr", n === state.shown ? "chosen" : "", el("td", "", el("label", "", input, el("span", "", nameOfPlan(n), n === sheet.base ? el("span", "of", word("base")) : null, plan.still ? el("span", "of", word("still")) : null,
      plan.about[0] ? el("div", "of", said(plan.about)) : null))),
      el("td", "n", mean(of.figures.mean_minutes)), el("td", "n", minutes(of.figures.worst_minutes)), el("td", "n", count(of.figures.beyond_far)), el("td", "n", String(of.figures.pairs)),
      el("td", "n", of.difference ? count(of.difference.moved) : "–")));
    if (of.won_lost && layer().today) body.append(el("tr", "won", Object.assign(el("td", "of", word("won_lost"), " ", of.won_lost.map(count).join(" / ")), { colSpan: 6 })));
  });
  table.append(body);
  return table;
}

// --- What changes --------------------------------------------------------------------------------
function overview() {
  const [then, now] = [0, 1].map((side) => planOf(side).figures), d = difference(), body = el("tbody");
  const tiles = d && el("dl", "tiles", ...[["moved", count(d.moved)], ["moved_units", count(d.units)], ["added", String(d.added)], ["dropped", String(d.dropped)]]
    .map(([key, value]) => el("div", key, el("dd", "", value), el("dt", "", word(key)))));
  const beyond = el("span", "", word("beyond"), ` ${[...new Set([then.standard_minutes, now.standard_minutes])].join(" / ")} `, word("minute"));
  for (const [label, key, say] of [[word("mean_minutes"), "mean_minutes", mean], [word("worst_minutes"), "worst_minutes", minutes], [beyond, "people_beyond", count],
    [word("pair_count"), "pairs", count]]) {
    const more = now[key] - then[key], shown = say(Math.abs(more)), none = !/[1-9]/.test(shown);
    body.append(el("tr", "", el("td", "", label), el("td", "n", say(then[key])), el("td", "n", el("b", "", say(now[key]))), el("td", "n", none ? "–" : (more > 0 ? "+" : "−") + shown)));
  }
  const now_ = todayRow(), todayTable = sheet.plans.length > 2 || !now_ ? null : el("table", "", el("thead", "", el("tr", "", el("th"),
    ...["mean_minutes", "worst_minutes", "beyond_far", "pair_count"].map((key) => el("th", "n", word(key))), el("th"))), el("tbody", "", now_));
  const against = planOf(1).against ? el("p", "against", said(planOf(1).against)) : null;
  const heads = el("tr", "", el("th"), ...["before", "after", "more_minutes"].map((key) => el("th", "n", word(key))));
  return el("section", "overview", el("h2", "", word("what_changes")), d ? tiles : el("p", "of", word("nothing_changes")), el("table", "", el("thead", "", heads), body), todayTable, against);
}
function chips(mine, others, className) {
  return el("span", "chips " + className, ...mine.map((n) => { const made = chip(n); if (!others.includes(n)) made.classList.add("odd"); return made; }));
}
function districtTable() {
  const d = difference();
  if (!d) return null;
  const differs = (row) => row.moved || row.before.join() !== row.after.join();
  const only = el("input");
  Object.assign(only, { type: "checkbox", name: "all", checked: !state.all });
  only.addEventListener("change", () => { state.all = !only.checked; refresh(); });
  const table = el("table", "districts", el("thead", "", el("tr", "", el("th", "", word("find_district")), el("th", "", word("partners_change")), el("th", "n", word("moved_short")),
    el("th", "n", word("mean_minutes")))));
  const body = el("tbody");
  d.districts.forEach((row, n) => {
    if (!state.all && !differs(row)) return;
    const button = el("button", "link", el("bdi", "", sheet.districts[n].name || sheet.districts[n].id));
    button.type = "button";
    button.addEventListener("click", () => openDistrict(n));
    const tr = el("tr", "", el("td", "", button), el("td", "", chips(row.before, row.after, "before"), " → ", chips(row.after, row.before, "after")),
      el("td", "n", row.moved ? count(row.moved) : "–"), el("td", "n", arrow(mean(row.mean_before), mean(row.mean_after))));
    tr.dataset.district = sheet.districts[n].id;
    tr.addEventListener("click", (event) => { if (!button.contains(event.target)) openDistrict(n); });
    body.append(tr);
  });
  table.append(body);
  return el("section", "", el("h2", "", word("by_district"), el("label", "only", only, word("changes_only"))), table);
}
function pairList() {
  const d = difference();
  if (!d) return null;
  const part = (key) => {
    const rows = d.pairs.filter(([change]) => change === key);
    return rows.length ? el("div", "pairs " + key, el("h3", "", word(key), " ", String(rows.length)), el("ul", "", ...rows.map(([, district, hospital, served]) =>
      el("li", "", el("span", "name", el("bdi", "", sheet.districts[district].name || sheet.districts[district].id), " – ", el("bdi", "", sheet.hospitals[hospital].name || sheet.hospitals[hospital].id)),
        el("span", "n", count(served)))))) : null;
  };
  return el("section", "", el("h2", "", word("pairs_changed")), d.pairs.length ? null : el("p", "of", word("no_pairs")), part("added"), part("dropped"));
}

// --- The legend ----------------------------------------------------------------------------------
function classRows() {
  if (state.paint === "partner") return null;
  const ramp = sheet.ramps[state.paint], last = ramp.labels.length - 1;
  return el("ul", "classes", ...ramp.labels.map((label, n) => {
    const swatch = el("span", "swatch"), end = state.paint !== "change" ? null : n === 0 ? "sooner" : n === last ? "later" : null;
    swatch.style.background = ramp.colours[n];
    return el("li", "", swatch, el("span", "", said(label), end ? el("b", "end", word(end)) : null));
  }));
}
function mapLegend() {
  at("legend").replaceChildren(el("span", state.paint === "change" ? "swatch framed" : "swatch hatched"), word("changed_mark"));
}
function partnerRows() {
  const served = [0, 1].map((side) => planOf(side).served);
  const rows = layer().partners.map((partner, n) => n).filter((n) => served.some((of) => of[n] >= 0)).map((n) => el("li", "", chip(n),
    el("bdi", "name", hospitalOf(layer().partners[n]).name || hospitalOf(layer().partners[n]).id),
    el("span", "n", served[0][n] === served[1][n] ? count(served[0][n]) : arrow(...served.map((of) => (of[n] < 0 ? "–" : count(of[n])))))));
  return el("section", "", el("h2", "", word("partners")), el("ul", "classes partner-classes", ...rows));
}

// --- The frame -----------------------------------------------------------------------------------
function side() {
  const box = at("panel"), top = box.scrollTop, kept = document.activeElement && document.activeElement.name;
  const layers = sheet.layers.length < 2 ? null : choice("layer", [...sheet.layers.keys()], state.layer, { legend: word("layer"), of: (n) => said(sheet.layers[n].name) }, (n) => { state.layer = n; refresh(); });
  const paints = choice("paint", PAINTS, state.paint, { legend: word("painted_by"), of: (paint) => word("paint_" + paint) }, (paint) => { state.paint = paint; refresh(); }, "paints");
  box.replaceChildren(...[plansTable(), layers, paints, classRows(), overview(), districtTable(), pairList(), partnerRows()].filter(Boolean));
  box.scrollTop = top;
  const again = kept && (box.querySelector(`input[name=${kept}]:checked`) || box.querySelector(`input[name=${kept}]`));
  if (again) again.focus();
}
function names() {
  SIDES.forEach((plan, n) => {
    const key = n ? (plan() === sheet.base ? "base" : "after") : sheet.plans.length > 2 ? "base" : "before", box = boards[n].getContainer().previousElementSibling;
    const one = sheet.plans[plan()], change = n && state.paint === "change";
    box.replaceChildren(change ? el("b", "", word("paint_change"), " ") : "", change ? nameOfPlan(sheet.base) : el("b", "", word(key)), change ? " → " : one.name[0] ? " " : "",
      change ? nameOfPlan(plan()) : one.name[0] ? said(one.name) : "", el("div", "of", one.policy[0] === one.name[0] ? "" : said(one.policy), one.policy[0] === one.name[0] ? "" : " · ", said(one.outcome)));
  });
}
// What becomes of the minutes is one picture; the other map would show the same.
function arrangeFor() {
  const layout = state.paint === "change" ? "one" : state.layout;
  if (!pairBox.classList.contains(layout)) arrange(layout);
  at("head").querySelectorAll("[data-layout]").forEach((button) => {
    button.setAttribute("aria-pressed", String(button.dataset.layout === layout));
    button.disabled = state.paint === "change";
  });
}
function refresh() {
  side();
  mapLegend();
  names();
  arrangeFor();
  work();
  drawInsets();
}
function head() {
  const layouts = el("div", "layouts", ...LAYOUTS.map((layout) => {
    const made = tool(word(layout), () => { state.layout = layout; arrangeFor(); });
    made.dataset.layout = layout;
    return made;
  }));
  layouts.setAttribute("role", "group");
  layouts.setAttribute("aria-label", plain("layout"));
  at("head").append(el("div", "titles", el("h1", "", sheet.title, " ", word("difference")), el("div", "tools", layouts, themeTool(), printTool())));
}
// --- On paper: one sheet of A3, the maps as large as they go, the panel small enough to be whole ---
function fitPaper() {
  arrange(pairBox.className);
  fitBoth(sheet.views.city);
}
function fitScreen(centre, zoom) {
  arrange(pairBox.className);
  map.setView(centre, zoom, { animate: false });
}
function redraw(padding) {
  for (const painter of painters) {
    painter.options.padding = padding;
    painter._update();
    painter._redraw();
  }
}
function controls() {
  const corner = (position, make) => { const made = L.control({ position: position }); made.onAdd = make; made.addTo(map); };
  L.control.zoom({ position: "topright" }).addTo(map);
  corner("topright", () => {
    const views = el("div", "buttons leaflet-bar");
    for (const [name, bounds] of Object.entries(sheet.views)) views.append(tool(word(name), () => fitBoth(bounds)));
    L.DomEvent.disableClickPropagation(views);
    return views;
  });
  corner("bottomright", () => el("div", "compass", el("i"), word("north")));
  L.control.scale({ imperial: false, position: "bottomright", maxWidth: 140 }).addTo(map);
}
function start() {
  at("skip").append(word("skip"));
  at("alternative").append(said(sheet.alternative));
  boards.forEach((board) => {
    const box = board.getContainer();
    box.setAttribute("role", "application");
    box.setAttribute("aria-label", plain("maps"));
    box.setAttribute("aria-describedby", "alternative");
  });
  divider.setAttribute("aria-label", plain("divider"));
  at("side").setAttribute("aria-label", plain("what_changes"));
  searchBox();
  controls();
  head();
  foot();
  shade(window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  refresh();
  boards.forEach((board) => board.invalidateSize({ animate: false, pan: false }));
  fitBoth(sheet.views.city);
  window.addEventListener("beforeprint", onPaper);
  window.addEventListener("afterprint", onScreen);
  window.addEventListener("resize", () => { if (!screenView) arrange(pairBox.className); });
}
start();
