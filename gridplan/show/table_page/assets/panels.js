// The panels beside the map: a district's pairs, hospitals, rules, who gains and loses, what was done.
"use strict";
const TABS = ["district", "hospitals", "rules", "gains", "solve", "curve", "log"];

function showAll() {
  showHead();
  showTools();
  showFigures();
  const tabs = TABS.map((key) => el("button", { type: "button", role: "tab", id: "tab_" + key, "aria-controls": "panel", tabindex: key === desk.tab ? "0" : "-1",
    "aria-selected": String(key === desk.tab), onclick: () => { desk.tab = key; showAll(); }, onkeydown: tabKey },
  say("tab_" + key), key === "rules" && desk.now.breaches.length ? el("b", { class: "count" }, String(desk.now.breaches.length)) : null));
  const focused = document.activeElement && document.activeElement.id, panel = at("panel"), up = panel.scrollTop, was = panel.dataset.tab;
  at("tabs").replaceChildren(...tabs);
  panel.setAttribute("aria-labelledby", "tab_" + desk.tab);
  panel.dataset.tab = desk.tab;
  refill(panel, PANELS[desk.tab]());
  if (was === desk.tab) panel.scrollTop = up;
  if (focused && at(focused)) at(focused).focus({ preventScroll: true });
}
function tabKey(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  desk.tab = TABS[(TABS.indexOf(desk.tab) + step + TABS.length) % TABS.length];
  showAll();
  at("tab_" + desk.tab).focus();
}
function notice(text) {
  const box = at("notice");
  box.textContent = text;
  box.hidden = false;
  clearTimeout(box.timer);
  box.timer = setTimeout(() => { box.hidden = true; }, 6000);
  announce(text);
}

// --- Head and figures ------------------------------------------------------------------------
function showHead() {
  const how = standing(desk.state);
  const variants = el("select", { id: "variant", "aria-label": say("variants"), onchange: (event) => { if (event.target.value !== "now") desk.take(Number(event.target.value)); } },
    el("option", { value: "now" }, say("variant_now")), el("option", { value: "-1" }, say("the_plan")),
    desk.saved.map((one, n) => el("option", { value: String(n) }, one.name)));
  const layers = data.layers.length < 2 ? null : el("span", { class: "group", role: "group", "aria-label": say("layer") }, data.layers.map((one, n) => el("button",
    { type: "button", id: "layer_" + n, "aria-pressed": String(n === desk.place), onclick: () => { desk.place = n; board.brush = -1; desk.unit = -1; showAll(); drawBoard(); } }, half(one.name))));
  const typed = at("name") ? at("name").value : "";
  const name = el("input", { id: "name", type: "text", maxlength: "60", placeholder: say("variant_name"), "aria-label": say("variant_name"), onkeydown: (event) => { if (event.key === "Enter") { desk.keep(name.value); } } });
  name.value = typed;
  const save = el("details", { id: "save" }, el("summary", {}, say("take_home")), el("div", { class: "menu" },
    [...(own.desk ? ["desk"] : []), "assignment", "pins", "picture", "page"].map((key) => button("save_" + key, () => { at("save").open = false; takeHome[key](); }, { id: "save_" + key }))));
  refill(at("head"),
    el("div", { class: "title" }, el("h1", {}, data.title), el("p", {}, half(data.policy), " · ", say("table"))),
    el("span", { id: "standing", class: "chip " + (how.good ? "good" : how.kind === "hand" ? "hand" : "open") }, how.text),
    layers,
    el("span", { class: "group" }, button("undo", desk.undo, { id: "undo", disabled: !desk.past.length }), button("redo", desk.redo, { id: "redo", disabled: !desk.next.length })),
    el("span", { class: "group" }, variants, name, button("keep", () => { desk.keep(name.value); at("name").value = ""; }, { id: "keep" })),
    el("span", { class: "group" }, button("present", () => present(0), { id: "present" }), button("print", printPages, { id: "print" }), save,
      el("button", { type: "button", id: "lang", lang: own.lang ? "zh" : "en", onclick: () => { own.lang = 1 - own.lang; document.documentElement.lang = own.lang ? "en" : "zh-CN"; showAll(); drawBoard(); } }, own.lang ? "中文" : "English")));
  at("foot").replaceChildren(...data.notes.map((note) => el("p", {}, half(note))));
}
function card(key, value, ...beneath) {
  return el("div", { class: "card", id: "card_" + key }, el("h2", {}, say(key)), el("p", { class: "value" }, value), el("p", { class: "against" }, beneath));
}
// What becomes of those who have a partner today, of the whole layer and by district: minutes and residents beyond 60
// minutes more or fewer than today; null where the policy has no partners today.
function againstToday(layer, part) {
  const now = layer.source.today, { model } = desk;
  if (!now) return null;
  const same = data.districts.map(() => ({ sum: 0, people: 0, far: 0 }));
  for (let u = 0; u < model.units; u++) {
    const h = part.of[u], minutes = h < 0 ? Infinity : layer.minutes(u, h), here = same[model.district[u]];
    if (now.served[u] !== "1" || minutes === Infinity) continue;
    here.sum += model.people[u] * minutes;
    here.people += model.people[u];
    if (minutes > FAR) here.far += model.people[u];
  }
  const served = now.without.map((without, d) => model.living[d] - without), added = (list) => list.reduce((a, b) => a + b, 0);
  const district = same.map(({ sum, people, far }, d) => ({ mean: people && served[d] ? sum / people - now.mean[d] : null, beyond: served[d] ? far - now.beyond[d] : null }));
  const all = added(same.map((d) => d.people)), then = added(now.mean.map((mean, d) => (mean || 0) * served[d])) / (added(served) || 1);
  const nobody = !all || !added(served);
  return { mean: nobody ? null : added(same.map((d) => d.sum)) / all - then, beyond: nobody ? null : added(same.map((d) => d.far)) - added(now.beyond), without: added(now.without), district: district };
}
function showFigures() {
  const part = desk.now.layers[desk.place], plan = desk.plan.layers[desk.place], today = againstToday(desk.layer(), part), broken = desk.now.breaches.length;
  const against = (now, was, then, places, neutral) => [say("against_plan"), " ", change(now - was, places, neutral), then === null || then === undefined ? null : [" · ", say("against_today"), " ", change(then, places)]];
  const goal = desk.layer().stages[desk.layer().stages.length - 1].goal, weights = desk.model.weight.reduce((a, b) => a + b, 0) || 1;
  const strips = [
    card("mean", tenth(part.mean) + " " + say("min"), against(part.mean, plan.mean, today && today.mean, 2), today && today.without ? [" ", today.mean === null ? say("today_nobody") : say("today_without", { n: today.without })] : null),
    card("beyond", count(part.beyond), against(part.beyond, plan.beyond, today && today.beyond, 0)),
    card("pairs", count(part.pairs), against(part.pairs, plan.pairs, null, 0, true), desk.layer().grid ? null : [" · ", say("changes_n", { n: part.changes.all })]),
    card("goal", tenth(part.goals[goal] / weights) + " " + say("min"), say("against_best"), " ", change((part.goals[goal] - plan.goals[goal]) / weights, 3)),
    card("rules", broken ? say("broken_n", { n: broken }) : say("all_kept"), data.rules.some((rule) => !rule.judged) ? say("not_all_judged") : ""),
  ];
  if (part.without) strips.splice(2, 0, card("without", count(part.without), say("without_hint")));
  at("figures").setAttribute("aria-label", say("figures"));
  at("figures").replaceChildren(...strips);
  at("card_rules").classList.toggle("broken", broken > 0);
  if (at("card_without")) at("card_without").classList.add("broken");
}

// --- A district ------------------------------------------------------------------------------
function chooseDistrict() {
  const list = el("select", { id: "district", "aria-label": say("tab_district"), onchange: (event) => desk.selectDistrict(Number(event.target.value)) },
    el("option", { value: "-1" }, say("choose_district")), data.districts.map((_, d) => el("option", { value: String(d) }, districtName(d))));
  list.value = String(desk.district);
  return list;
}
function districtPanel() {
  const d = desk.district;
  if (d < 0) return [chooseDistrict(), el("p", { class: "hint" }, say("how_to"))];
  const layer = desk.layer(), part = desk.now.layers[desk.place], own_ = desk.state.variant.layers[desk.place], cap = data.numbers.district_cap;
  const here = part.district[d], plan = desk.plan.layers[desk.place].district[d], today = layer.source.today;
  const facts = el("table", { class: "facts" }, el("thead", {}, el("tr", {}, ["", "now", "plan_word", ...(today ? ["today_word"] : [])].map((key) => el("th", { scope: "col" }, key && say(key))))), el("tbody", {},
    row3("mean", tenth(here.mean), tenth(plan.mean), today && tenth(today.mean[d])), row3("beyond", count(here.beyond), count(plan.beyond), today && count(today.beyond[d])),
    row3("partners", String(here.partners), String(plan.partners), today && String(today.partners[d]))));
  const pairs = [];
  for (let h = 0; h < layer.count; h++) {
    const place = d * layer.count + h;
    pairs.push({ h: h, place: place, listed: part.listed[place], on: own_.on[place] || layer.pinned[place], whole: wholeMean(layer, d, h) });
  }
  pairs.sort((a, b) => !!(b.listed || b.on) - !!(a.listed || a.on) || (a.whole ?? Infinity) - (b.whole ?? Infinity));
  const over = cap && here.counted > cap[d] && !layer.grid;
  return [chooseDistrict(), unitCard(), facts,
    layer.grid ? el("p", { class: "hint" }, say("grid_hint")) : el("p", { class: over ? "bad" : "hint" }, cap ? say("cap_line", { n: here.counted, cap: cap[d] }) : say("no_cap"), " ",
      button("lock_district", () => desk.lockDistrict(d), { id: "lock_district" })),
    el("ul", { class: "pairs" }, pairs.filter((p) => !layer.grid || p.listed || layer.allowed[p.place]).map((p) => pairRow(layer, part, own_, d, p)))];
}
const row3 = (key, now, plan, today) => el("tr", {}, el("th", { scope: "row" }, say(key)), el("td", { class: "strong" }, now), el("td", {}, plan), today === null || today === undefined ? null : el("td", {}, today));
function wholeMean(layer, d, h) {
  let [sum, people] = [0, 0];
  for (const u of desk.model.members[d]) {
    const minutes = layer.minutes(u, h);
    if (minutes === Infinity || !desk.model.people[u]) continue;
    sum += minutes * desk.model.people[u];
    people += desk.model.people[u];
  }
  return people === desk.model.living[d] && people ? sum / people : null;
}
function pairRow(layer, part, own_, d, { h, place, listed, on, whole }) {
  const hospital = layer.hospitals[h], closed = desk.state.variant.closed[hospital], lock = own_.lock[place], bad = listed && (layer.priority[place] > data.numbers.worst_priority || layer.banned[place]);
  const says = listed && part.people[place] ? say("serves", { people: part.people[place], mean: tenth(part.minutes[place] / part.people[place]) }) : on && !closed ? say("serves_none") : say("would_take", { mean: tenth(whole) });
  const box = el("input", { type: "checkbox", id: "pair_" + d + "_" + h, disabled: closed || layer.grid || null, onchange: (event) => { desk.pair(d, h, event.target.checked); event.target.checked = !!desk.state.variant.layers[desk.place].on[place] || !!layer.pinned[place]; } });
  box.checked = !!(on || listed);
  const locks = layer.grid ? null : el("button", { type: "button", class: "lock l" + lock, id: "lock_" + d + "_" + h, title: say("lock_hint"), onclick: () => desk.lock(d, h, (lock + 1) % 3) },
    layer.pinned[place] ? say("lock_policy") : say(["lock_none", "lock_must", "lock_not"][lock]));
  return el("li", { class: (listed || on ? "on" : "off") + (bad ? " bad" : "") }, el("label", {}, box, badge(layer, h), el("span", { class: "name" }, hospitalName(hospital),
    el("small", {}, closed ? say("closed") : say("priority_word", { n: layer.priority[place], what: data.priorities[layer.priority[place]] }), listed && !on ? " · " + say("by_units") : "",
      layer.existing[place] ? " · " + say("existing") : layer.present[place] ? " · " + say("present_today") : "")), el("span", { class: "says" }, says)), locks);
}
function badge(layer, h) {
  const mark = el("span", { class: "badge" }, String(layer.source.badges[h]));
  mark.style.background = layer.source.colours[h];
  return mark;
}
function unitCard() {
  const u = desk.unit;
  if (u < 0) return null;
  const layer = desk.layer(), part = desk.now.layers[desk.place], h = part.of[u], mine = desk.state.variant.layers[desk.place].mine[u];
  const able = [...Array(layer.count).keys()].filter((n) => layer.carried(u, n) && layer.minutes(u, n) < Infinity).sort((a, b) => layer.minutes(u, a) - layer.minutes(u, b));
  const to = el("select", { id: "give", "aria-label": say("give_to"), onchange: (event) => { if (event.target.value !== "") desk.give([u], Number(event.target.value)); } }, el("option", { value: "" }, say("give_to")),
    able.map((n) => el("option", { value: String(n) }, hospitalName(layer.hospitals[n]) + " · " + tenth(layer.minutes(u, n)) + " " + say("min"))));
  return el("div", { class: "unit" }, el("h3", {}, unitName(u), " ", el("small", {}, say("people_n", { n: desk.model.people[u] }))),
    el("p", {}, h < 0 ? say("nobody_serves") : [badge(layer, h), " ", hospitalName(layer.hospitals[h]), " · ", tenth(layer.minutes(u, h)), " ", say("min"), mine ? " · " + say("by_table") : ""]),
    el("p", {}, to, " ", mine ? button("give_back", () => desk.giveBack(u), { id: "give_back" }) : null));
}
const PANELS = { district: districtPanel, hospitals: () => hospitalsPanel(), rules: () => rulesPanel(), gains: () => gainsPanel(), solve: () => solvePanel(), curve: () => curvePanel(), log: () => logPanel() };
