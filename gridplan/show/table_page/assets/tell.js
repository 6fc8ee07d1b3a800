// Telling it: a presentation with the arrow keys, and printed pages by district and by hospital.
"use strict";
const show_ = { n: -1 };
const SLIDES = [titleSlide, changesSlide, districtsSlide, loadsSlide, rulesSlide];

function present(n) {
  show_.n = Math.max(0, Math.min(SLIDES.length - 1, n));
  const box = at("slides");
  box.hidden = false;
  box.setAttribute("aria-label", say("present"));
  behind(true);
  const slide = el("div", { class: "slide" }, SLIDES[show_.n](), el("p", { class: "where" }, `${show_.n + 1} / ${SLIDES.length} · `, say("present_keys")));
  const move = el("div", { class: "move" }, button("before", () => present(show_.n - 1)), button("after", () => present(show_.n + 1)), button("leave", leave, { id: "leave" }));
  box.replaceChildren(slide, move);
  at("leave").focus({ preventScroll: true });
  box.scrollTop = 0;
  if (at("slide_map")) {
    const canvas = at("slide_map"), seen = canvas.getBoundingClientRect(), ratio = window.devicePixelRatio || 1;
    [canvas.width, canvas.height] = [Math.round(seen.width * ratio), Math.round(seen.height * ratio)];
    const [[south, west], [north, east]] = data.views.city, [left, bottom] = planeOf(west, south), [right, top] = planeOf(east, north);
    const scale = 0.94 * Math.min(canvas.width / (right - left), canvas.height / (bottom - top));
    paintOn(canvas, { scale: scale, x: canvas.width / 2 - ((left + right) / 2) * scale, y: canvas.height / 2 - ((top + bottom) / 2) * scale });
  }
}
// What lies behind the slides can be neither reached nor read.
const behind = (out) => document.querySelectorAll("body > :not(#slides):not(script)").forEach((one) => { one.inert = out; });
function leave() {
  at("slides").hidden = true;
  behind(false);
  show_.n = -1;
  at("present").focus();
}
function presentKey(event) {
  if (show_.n < 0) {
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
    if (!typing && (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") { event.preventDefault(); event.shiftKey ? desk.redo() : desk.undo(); }
    if (!typing && (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "y") { event.preventDefault(); desk.redo(); }
    return;
  }
  const step = { ArrowRight: 1, ArrowDown: 1, PageDown: 1, " ": 1, ArrowLeft: -1, ArrowUp: -1, PageUp: -1 }[event.key];
  if (event.key === " " && event.target.tagName === "BUTTON") return;
  if (event.key === "Escape") leave();
  if (step) { event.preventDefault(); present(show_.n + step); }
}
function big(key, value, ...beneath) { return el("div", { class: "big" }, el("p", {}, say(key)), el("b", {}, value), el("p", {}, beneath)); }
function titleSlide() {
  const part = desk.now.layers[desk.place], plan = desk.plan.layers[desk.place], today = againstToday(desk.layer(), part);
  return [el("h2", {}, data.title, " · ", half(desk.layer().source.name)), el("p", { class: "how" }, standing(desk.state).text), el("div", { class: "cols" }, el("canvas", { id: "slide_map" }), el("div", {},
    big("mean", tenth(part.mean) + " " + say("min"), say("against_plan"), " ", change(part.mean - plan.mean, 1), today && today.mean !== null ? [" · ", say("against_today"), " ", change(today.mean, 1)] : ""),
    big("beyond", count(part.beyond), say("against_plan"), " ", change(part.beyond - plan.beyond, 0)), big("rules", desk.now.breaches.length ? say("broken_n", { n: desk.now.breaches.length }) : say("all_kept"))))];
}
function changesSlide() {
  const lines = desk.state.lines.slice(-7);
  return [el("h2", {}, say("done_so_far")), lines.length ? el("ol", {}, lines.map((line) => el("li", {}, say(line.key, line.facts) + say("full_stop")))) : el("p", {}, say("nothing_done"))];
}
function districtsSlide() {
  const now = desk.now.layers[desk.place].district, plan = desk.plan.layers[desk.place].district;
  const moved = [...now.keys()].filter((d) => now[d].mean !== null && plan[d].mean !== null).map((d) => [d, now[d].mean - plan[d].mean]).filter(([, by]) => Math.abs(by) >= 0.05);
  const list = (key, rows) => el("div", {}, el("h3", {}, say(key)), rows.length ? el("ul", {}, rows.slice(0, 6).map(([d, by]) => el("li", {}, districtName(d), " ", change(by, 1), " ", say("min")))) : el("p", {}, say("none")));
  return [el("h2", {}, say("tab_gains")), el("div", { class: "cols" }, list("better", moved.filter(([, by]) => by < 0).sort((a, b) => a[1] - b[1])), list("worse", moved.filter(([, by]) => by > 0).sort((a, b) => b[1] - a[1])))];
}
function loadsSlide() { return [el("h2", {}, say("tab_hospitals")), el("div", { class: "wide" }, hospitalsPanel().slice(1).map((list) => { list.querySelectorAll("button").forEach((b) => b.remove()); return list; }))]; }
function rulesSlide() {
  const broken = desk.now.breaches;
  return [el("h2", {}, say("tab_rules")), broken.length ? el("ul", { class: "bad" }, broken.slice(0, 8).map((one) => el("li", {}, one.rule + " " + breachText(one)))) : el("p", { class: "good" }, say("all_kept")),
    data.rules.some((rule) => !rule.judged) ? el("p", {}, say("not_all_judged")) : null];
}

// --- On paper --------------------------------------------------------------------------------
function printPages() {
  const layer = desk.layer();
  const districts = [...Array(desk.model.districts).keys()].filter((d) => desk.model.living[d] > 0 && layer.source.planned[d]).map(districtPage);
  const hospitals = [...Array(layer.count).keys()].filter((h) => desk.now.layers[desk.place].load[h] > 0).map(hospitalPage);
  refill(at("paper"), districts, hospitals);
  window.print();
}
function paperHead(name, below) { return [el("h1", {}, name), el("p", {}, data.title, " · ", half(layerName()), " · ", standing(desk.state).text, below ? " · " + below : "")]; }
const layerName = () => desk.layer().source.name;
const paperFoot = () => el("p", { class: "note" }, data.notes.map(half).join("  "));
function districtPage(d) {
  const layer = desk.layer(), part = desk.now.layers[desk.place], here = part.district[d], plan = desk.plan.layers[desk.place].district[d], today = layer.source.today;
  const partners = [...Array(layer.count).keys()].filter((h) => part.listed[d * layer.count + h]);
  const far = desk.model.members[d].filter((u) => part.of[u] >= 0 && desk.model.people[u] > 0 && layer.minutes(u, part.of[u]) > FAR).sort((a, b) => desk.model.people[b] - desk.model.people[a]);
  const more = layer.grid ? null : oneMore(layer, part, d);
  return el("section", { class: "sheet" }, paperHead(districtName(d), say("people_n", { n: desk.model.living[d] })),
    el("table", {}, el("thead", {}, el("tr", {}, ["", "now", "plan_word", ...(today ? ["today_word"] : [])].map((key) => el("th", {}, key && say(key))))), el("tbody", {}, row3("mean", tenth(here.mean), tenth(plan.mean), today && tenth(today.mean[d])), row3("beyond", count(here.beyond), count(plan.beyond), today && count(today.beyond[d])))),
    el("h2", {}, say("partners_why")), el("ul", {}, partners.map((h) => { const place = d * layer.count + h; return el("li", {}, el("b", {}, hospitalName(layer.hospitals[h])), " ", say("priority_word", { n: layer.priority[place], what: data.priorities[layer.priority[place]] }), say("semicolon"), say("serves", { people: part.people[place], mean: tenth(part.people[place] ? part.minutes[place] / part.people[place] : null) }), layer.existing[place] ? say("semicolon") + say("existing") : layer.present[place] ? say("semicolon") + say("present_today") : ""); })),
    el("h2", {}, say("beyond")), far.length ? el("p", {}, far.slice(0, 12).map((u) => say("far_unit", { u: u, n: desk.model.people[u], mean: tenth(layer.minutes(u, part.of[u])) })).join(say("comma")), far.length > 12 ? say("comma") + say("more_n", { n: far.length - 12 }) : "") : el("p", {}, say("none")),
    more ? [el("h2", {}, say("one_more")), el("p", {}, say("one_more_line", { h: layer.hospitals[more.h], mean: tenth(more.mean), by: tenth(here.mean - more.mean) }))] : null, paperFoot());
}
// The hospital that would shorten a district's ways most, were one more place allowed there.
function oneMore(layer, part, d) {
  const { count } = layer, open = [...Array(count).keys()].filter((h) => part.listed[d * count + h]);
  let best = null;
  for (let h = 0; h < count; h++) {
    if (open.includes(h) || !layer.allowed[d * count + h] || desk.state.variant.closed[layer.hospitals[h]]) continue;
    let [sum, people] = [0, 0];
    for (const u of desk.model.members[d]) {
      const to = first(layer.rank, u * count, [...open, h]);
      if (to < 0 || !desk.model.people[u]) continue;
      sum += desk.model.people[u] * layer.minutes(u, to);
      people += desk.model.people[u];
    }
    if (people && (!best || sum / people < best.mean)) best = { h: h, mean: sum / people };
  }
  return best;
}
function hospitalPage(h) {
  const layer = desk.layer(), part = desk.now.layers[desk.place], plan = desk.plan.layers[desk.place], hospital = layer.hospitals[h];
  const rows = [...Array(desk.model.districts).keys()].filter((d) => part.listed[d * layer.count + h]);
  return el("section", { class: "sheet" }, paperHead(hospitalName(hospital), say("people_n", { n: part.load[h] })),
    el("p", {}, say("against_plan"), " ", change(part.load[h] - plan.load[h], 0, true)),
    el("table", {}, el("thead", {}, el("tr", {}, ["district_word", "people_word", "mean", "basis_word"].map((key) => el("th", {}, say(key))))), el("tbody", {}, rows.map((d) => { const place = d * layer.count + h; return el("tr", {}, el("th", { scope: "row" }, districtName(d)), el("td", {}, count(part.people[place])), el("td", {}, tenth(part.people[place] ? part.minutes[place] / part.people[place] : null)), el("td", {}, half(data.priorities[layer.priority[place]]))); }))), paperFoot());
}
