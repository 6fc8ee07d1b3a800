// More panels: hospitals, rules, who gains and loses, what was done.
"use strict";
function hospitalsPanel() {
  const layer = desk.layer(), part = desk.now.layers[desk.place], plan = desk.plan.layers[desk.place], { hospital_cap: caps, capacity } = data.numbers;
  const order = [...Array(layer.count).keys()].sort((a, b) => part.load[b] - part.load[a] || layer.source.badges[a] - layer.source.badges[b]), top = Math.max(1, ...part.load, ...plan.load);
  return [el("p", { class: "hint" }, say("hospitals_hint")), el("ul", { class: "loads" }, order.map((h) => {
    const hospital = layer.hospitals[h], closed = !!desk.state.variant.closed[hospital], n = districtsOf(desk.model, layer, part, h), cap = caps && layer.counted[h] ? caps[hospital] : null;
    const room = capacity && capacity[hospital], full = (cap !== null && n > cap && !data.numbers.caps_bend) || (room && part.load[h] > room);
    const bar = el("span", { class: "bar", title: say("bar_hint") }, el("i", {}), el("b", {}));
    bar.firstChild.style.width = (100 * part.load[h]) / top + "%";
    bar.firstChild.style.background = layer.source.colours[h];
    bar.lastChild.style.left = (100 * plan.load[h]) / top + "%";
    return el("li", { class: full ? "bad" : closed ? "shut" : "" }, badge(layer, h), el("span", { class: "name" }, hospitalName(hospital), el("small", {}, half(data.categories[data.hospitals[hospital].category] || ["", ""]), " · ",
      cap === null ? say("districts_n", { n: n }) : say("districts_cap", { n: n, cap: cap }), room ? " · " + say("room_share", { n: Math.round((100 * part.load[h]) / room) }) : "")),
    el("span", { class: "says" }, say("people_n", { n: part.load[h] }), " ", change(part.load[h] - plan.load[h], 0, true)), bar,
    el("button", { type: "button", id: "close_" + hospital, onclick: () => desk.close(hospital, !closed) }, say(closed ? "open_hospital" : "close_hospital")));
  }))];
}

function breachText(one) { return say("breach_" + one.key, { ...one, cap: one.cap }); }
function rulesPanel() {
  return [el("p", { class: "hint" }, say("rules_hint")), el("ul", { class: "rules" }, data.rules.map((rule) => {
    const broken = desk.now.breaches.filter((one) => one.rule === rule.id), kind = !rule.judged ? "unknown" : broken.length ? "bad" : "kept";
    return el("li", { class: kind }, el("p", {}, el("b", {}, rule.id), " ", half(rule.title), " ", el("span", { class: "verdict" }, say(kind === "bad" ? "is_broken" : kind === "kept" ? "is_kept" : "not_judged"))),
      el("p", { class: "clause" }, half(rule.sentence)),
      broken.length ? el("ul", {}, broken.slice(0, 12).map((one) => el("li", {}, one.d === undefined && one.u === undefined ? breachText(one) :
        el("button", { type: "button", class: "link", onclick: () => (one.u !== undefined ? desk.select(one.u) : desk.selectDistrict(one.d)) }, breachText(one)))),
      broken.length > 12 ? el("li", {}, say("more_n", { n: broken.length - 12 })) : null) : null);
  }))];
}

// Minutes by district: today (ring), plan (bar), now (dot), on one scale; the figures beside.
function gainsPanel() {
  const layer = desk.layer(), now = desk.now.layers[desk.place].district, plan = desk.plan.layers[desk.place].district, today = layer.source.today, since = againstToday(layer, desk.now.layers[desk.place]);
  const top = Math.max(1, ...now.map((d) => d.mean || 0), ...plan.map((d) => d.mean || 0), ...(today ? today.mean.map((m) => m || 0) : []));
  const order = [...now.keys()].filter((d) => desk.model.living[d] > 0 && layer.source.planned[d]).sort((a, b) => Math.abs((now[b].mean || 0) - (plan[b].mean || 0)) - Math.abs((now[a].mean || 0) - (plan[a].mean || 0)) || a - b);
  const better = order.filter((d) => now[d].mean - plan[d].mean < -0.005).length, worse = order.filter((d) => now[d].mean - plan[d].mean > 0.005).length;
  return [el("p", { class: "hint" }, say("gains_line", { better: better, worse: worse })), el("table", { class: "gains" },
    el("thead", {}, el("tr", {}, ["district_word", "mean", "against_plan", ...(today ? ["against_today"] : []), "beyond_short"].map((key) => el("th", { scope: "col" }, say(key))))),
    el("tbody", {}, order.map((d) => {
      const x = (mean) => 4 + (92 * mean) / top, then = today ? today.mean[d] : null;
      const line = svg("svg", { viewBox: "0 0 100 10", class: "dots", "aria-hidden": "true", preserveAspectRatio: "none" }, svg("line", { x1: 4, x2: 96, y1: 5, y2: 5, stroke: "#cfd6dc", "stroke-width": 1 }),
        ...(then === null ? [] : [svg("circle", { cx: x(then), cy: 5, r: 3, fill: "none", stroke: "#6b7884", "stroke-width": 1 })]),
        svg("rect", { x: x(plan[d].mean || 0) - 0.8, y: 1, width: 1.6, height: 8, fill: "#22303C" }), svg("circle", { cx: x(now[d].mean || 0), cy: 5, r: 2.4, fill: "#AA0044" }));
      return el("tr", {}, el("th", { scope: "row" }, el("button", { type: "button", class: "link", onclick: () => desk.selectDistrict(d) }, districtName(d)), line), el("td", {}, tenth(now[d].mean)),
        el("td", {}, change(now[d].mean - plan[d].mean, 2)), today ? el("td", {}, then === null ? "–" : change(since.district[d].mean, 1)) : null, el("td", {}, change(now[d].beyond - plan[d].beyond, 0)));
    }))), el("p", { class: "hint" }, say(today ? "dots_hint" : "dots_hint_plan"))];
}

function logPanel() {
  const rows = [{ name: say("variant_now"), state: desk.state }, { name: say("the_plan"), state: desk.first }, ...desk.saved].map(({ name, state }) => {
    const seen = evaluate(desk.model, state.variant), part = seen.layers[desk.place];
    return el("tr", {}, el("th", { scope: "row" }, name), el("td", {}, tenth(part.mean)), el("td", {}, count(part.beyond)), el("td", {}, String(part.pairs)), el("td", { class: seen.breaches.length ? "bad" : "" }, String(seen.breaches.length)), el("td", {}, standing(state).text));
  });
  const lines = [...desk.state.lines].reverse();
  return [el("h3", {}, say("compare")), el("table", { class: "compare" }, el("thead", {}, el("tr", {}, ["variants", "mean", "beyond_short", "pairs", "breaches_word", "how_sure"].map((key) => el("th", { scope: "col" }, say(key))))), el("tbody", {}, rows)),
    el("h3", {}, say("done_so_far"), " ", desk.state.lines.length ? button("restore", desk.restore, { id: "restore" }) : null),
    lines.length ? el("ol", { class: "log", reversed: true }, lines.map((line) => el("li", {}, sentence(line)))) : el("p", { class: "hint" }, say("nothing_done"))];
}
