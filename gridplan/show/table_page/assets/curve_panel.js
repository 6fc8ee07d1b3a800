// The trade-off curve: mean minutes against counted pairs that change, with the plan, the variants and what is on the
// table now in the same picture. Drawn in a worker of its own, in Jupyter too; a point can be taken to the table.
"use strict";
const curve = { worker: null, found: null, made: 0, fault: "", locks: "", chosen: -1 };
const CURVE_SECONDS = 120;
const locksNow = () => JSON.stringify([Array.from(desk.state.variant.closed), Array.from(desk.state.variant.layers[desk.place].lock), desk.place]);

function drawTradeOff() {
  if (curve.worker) return;
  Object.assign(curve, { found: null, made: 0, fault: "", locks: locksNow(), chosen: -1, worker: pageWorker((told) => {
    if (told.curveStep) curve.made = told.curveStep;
    if (told.curve) curve.found = told.curve;
    if (told.fault) curve.fault = told.fault;
    if (told.curve || told.fault) endCurve();
    if (desk.tab === "curve") showAll();
  }) });
  curve.worker.postMessage({ curve: { variant: desk.state.variant, place: desk.place, seconds: CURVE_SECONDS } });
  showAll();
}
function endCurve() {
  if (curve.worker) curve.worker.terminate();
  curve.worker = null;
}
// A point on the table: the pairs of its sets. It is called a point of the curve only where the page's figures are the curve's.
function takePoint(n) {
  const point = curve.found.points[n], variant = settled(desk.model, desk.state.variant, desk.place, point.columns), seen = evaluate(desk.model, variant, true);
  const part = seen.layers[desk.place], same = Math.abs(part.goals.travel - point.travel) <= 1e-6 * Math.max(1, point.travel) && part.changes.counted === point.changes;
  const kept = same && point.proven && !seen.breaches.some((one) => one.layer === desk.layer().key || one.layer === "");
  desk.settle(variant, desk.model.layers.map((_, k) => (k === desk.place && kept ? { kind: "curve", n: point.changes } : null)), "did_take_point", { n: point.changes }, [desk.place]);
}

function curvePanel() {
  const layer = desk.layer(), free = { ...desk.model, data: { ...data, unknown: [], tolerance: 0 }, ask: { ...desk.model.ask, caps_bend: false } };
  const why = curveless(free, layer), head = el("p", { class: "hint" }, say("curve_hint"));
  if (why.length) return [head, el("div", { class: "result unknown" }, el("p", {}, say("cannot_prove")), el("ul", {}, why.map((one) => el("li", {}, half(one)))))];
  const shown = curve.found && curve.found.place === desk.place ? curve.found : null;
  const tools = el("p", { class: "row" }, curve.worker ? button("stop", () => { endCurve(); showAll(); }, { id: "curve_stop", class: "main" }) : button("draw_curve", drawTradeOff, { id: "draw_curve", class: "main" }),
    curve.worker ? el("span", {}, " ", say("points_so_far", { n: curve.made })) : null);
  return [head, tools, curve.fault ? el("p", { class: "bad" }, say("solver_fault"), " ", curve.fault) : null,
    shown && !shown.points.length ? el("p", { class: "bad" }, say("no_plan")) : null,
    shown && shown.points.length ? [curve.locks !== locksNow() ? el("p", { class: "hint" }, say("other_locks")) : null, picture(marksOf(shown)), pointsTable(shown)] : null];
}
// What stands in the picture: points of the curve, then plan, variants and the present one.
function marksOf({ points }) {
  const weights = desk.model.weight.reduce((a, b) => a + b, 0) || 1, each = (travel) => travel / weights;
  const spot = (kind, name, seen) => ({ kind: kind, name: name, x: seen.layers[desk.place].changes.counted, y: each(seen.layers[desk.place].goals.travel) });
  const marks = points.map((p, n) => ({ kind: "point", n: n, proven: p.proven, x: p.changes, y: each(p.travel), name: say("point_n", { n: n + 1 }) }));
  for (const { name, state } of desk.saved) marks.push(spot("kept", name, evaluate(desk.model, state.variant)));
  return [...marks, spot("plan", say("the_plan"), desk.plan), spot("now", say("variant_now"), desk.now)].filter((m) => Number.isFinite(m.y));
}
function picture(marks) {
  const [wide, high, left, low, top, right] = [420, 262, 46, 36, 24, 12], xs = marks.map((m) => m.x), ys = marks.map((m) => m.y);
  const spread = (values, least) => { const [a, b] = [Math.min(...values), Math.max(...values)], room = Math.max((b - a) * 0.12, least); return [a - room, b + room]; };
  const [x0, x1] = spread(xs, 0.6), [y0, y1] = spread(ys, 0.05), x = (v) => left + ((v - x0) / (x1 - x0)) * (wide - left - right), y = (v) => top + ((y1 - v) / (y1 - y0)) * (high - top - low);
  const line = (from, to, more) => svg("line", { x1: from[0], y1: from[1], x2: to[0], y2: to[1], stroke: "#8a96a1", "stroke-width": 1, ...more });
  const text = (at_, more, words) => svg("text", { x: at_[0], y: at_[1], "font-size": 11, fill: "#22303C", ...more }, words);
  const ticks = [...new Set([0, 1, 2, 3].map((n) => Math.round(Math.ceil(x0) + ((Math.floor(x1) - Math.ceil(x0)) * n) / 3)))], curvePoints = marks.filter((m) => m.kind === "point");
  const shape = { point: (m) => svg("circle", { cx: x(m.x), cy: y(m.y), r: 5, fill: m.proven ? "#00688B" : "#ffffff", stroke: "#00688B", "stroke-width": 2 }),
    kept: (m) => svg("rect", { x: x(m.x) - 4, y: y(m.y) - 4, width: 8, height: 8, fill: "#ffffff", stroke: "#22303C", "stroke-width": 2 }),
    plan: (m) => svg("rect", { x: x(m.x) - 1.5, y: y(m.y) - 9, width: 3, height: 18, fill: "#22303C" }), now: (m) => svg("circle", { cx: x(m.x), cy: y(m.y), r: 6, fill: "none", stroke: "#AA0044", "stroke-width": 3 }) };
  const named = marks.filter((m) => m.kind !== "point");
  const near = (m, o) => Math.abs(x(o.x) - x(m.x)) < 90 && Math.abs(y(o.y) - y(m.y)) < 14;
  const labels = named.map((m, n) => {
    const late = x(m.x) > wide * 0.6, up = y(m.y) - 8 - 13 * named.slice(0, n).filter((o) => near(m, o)).length;
    return text([x(m.x) + (late ? -10 : 10), Math.max(top + 24, Math.min(high - low - 4, up))], { fill: m.kind === "now" ? "#AA0044" : "#22303C", "font-weight": 600, "text-anchor": late ? "end" : "start" },
      m.name.length > 18 ? m.name.slice(0, 17) + "…" : m.name);
  });
  return svg("svg", { viewBox: `0 0 ${wide} ${high}`, class: "curve", role: "img", "aria-label": say("curve_alt", { n: curvePoints.length }) },
    line([left, top], [left, high - low]), line([left, high - low], [wide - right, high - low]), ...ticks.map((n) => text([x(n), high - low + 14], { "text-anchor": "middle" }, String(n))),
    ...[y0 + (y1 - y0) * 0.1, (y0 + y1) / 2, y1 - (y1 - y0) * 0.1].map((v) => text([left - 5, y(v) + 4], { "text-anchor": "end" }, v.toFixed(2))),
    text([(left + wide - right) / 2, high - 6], { "text-anchor": "middle" }, say("curve_x")), text([left - 40, 4], { "dominant-baseline": "hanging" }, say("curve_y")),
    svg("polyline", { points: curvePoints.map((m) => `${x(m.x)},${y(m.y)}`).join(" "), fill: "none", stroke: "#00688B", "stroke-width": 1.5 }), ...marks.map((m) => shape[m.kind](m)), ...labels);
}
function pointsTable(shown) {
  const rows = marksOf(shown).map((m) => el("tr", { class: m.kind }, el("th", { scope: "row" }, m.name), el("td", {}, count(m.x)), el("td", {}, m.y.toFixed(2)),
    el("td", {}, m.kind !== "point" ? "" : say(m.proven ? "proven_word" : "open_word")), el("td", {}, m.kind !== "point" ? null : button("take_point", () => takePoint(m.n), { id: "point_" + m.n, "aria-label": say("take_point") + " " + m.name }))));
  return [shown.whole ? null : el("p", { class: "hint" }, say("curve_cut")), el("table", { class: "compare" }, el("thead", {}, el("tr", {}, ["", "curve_x", "curve_y", "how_sure", ""].map((key) => (key ? el("th", { scope: "col" }, say(key)) : el("td", {}))))), el("tbody", {}, rows))];
}
