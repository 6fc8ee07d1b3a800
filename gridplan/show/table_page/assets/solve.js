// Solve again: the worker is started when first asked, told to stop by ending it; what it found becomes a change.
"use strict";
const solving = { worker: null, running: false, steps: [], best: [], results: null, started: 0, seconds: 0, limit: 60, fault: "" };

function workerOf() {
  if (solving.worker) return solving.worker;
  if (inKernel()) {
    solving.worker = kernelWorker();
    solving.worker.onmessage = ({ data: told }) => hear(told);
    return solving.worker;
  }
  solving.worker = pageWorker(hear);
  return solving.worker;
}
// A worker with HiGHS and the page's data, started.
function pageWorker(hears) {
  const { script, wasm } = JSON.parse(at("solver").textContent), bytes = Uint8Array.from(atob(wasm), (sign) => sign.charCodeAt(0));
  const address = URL.createObjectURL(new Blob([script], { type: "text/javascript" })), worker = new Worker(address);
  URL.revokeObjectURL(address);
  worker.onmessage = ({ data: told }) => hears(told);
  worker.onerror = (event) => hears({ fault: event.message });
  worker.postMessage({ start: { data: data, wasm: bytes } });
  return worker;
}
function solveAgain() {
  if (solving.running) return;
  Object.assign(solving, { running: true, steps: [], best: [], results: null, started: performance.now(), fault: "", from: desk.state });
  workerOf().postMessage({ solve: { variant: desk.state.variant, seconds: solving.limit } });
  solving.timer = setInterval(() => { if (desk.tab === "solve") showAll(); }, 500);
  desk.tab = "solve";
  showAll();
}
function stopSolving() {
  if (!solving.running) return;
  endWorker();
  const results = desk.model.layers.map((layer, place) => {
    const step = solving.steps[place];
    if (!step || !solving.best[place]) return { status: "none", bound: step && step.bound };
    return { status: "time", columns: solving.best[place], goals: [{ goal: "", value: step.value, bound: step.bound, gap: gapOf(step) }] };
  });
  finish({ results: results, seconds: (performance.now() - solving.started) / 1000 }, true);
}
function endWorker() {
  if (solving.worker) solving.worker.terminate();
  solving.worker = null;
}
const gapOf = ({ value, bound }) => (Number.isFinite(value) && Number.isFinite(bound) ? Math.abs(value - bound) / Math.max(1, Math.abs(value)) : NaN);
function hear(told) {
  if (told.step) {
    solving.steps[told.step.place] = told.step;
    if (told.step.columns && told.step.goal === told.step.of - 1) solving.best[told.step.place] = told.step.columns;
  }
  if (told.done) finish(told.done, false);
  if (told.fault) {
    endWorker();
    clearInterval(solving.timer);
    Object.assign(solving, { running: false, fault: told.fault });
    showAll();
  }
}
function finish({ results, seconds }, stopped) {
  clearInterval(solving.timer);
  Object.assign(solving, { running: false, results: results, seconds: seconds, stopped: stopped });
  const changedMeanwhile = desk.state !== solving.from, places = [];
  let variant = solving.from.variant;
  results.forEach((found, place) => {
    if (!found.columns && !found.taken) return;
    variant = found.taken ? takenVariant(variant, place, found.taken) : settled(desk.model, variant, place, found.columns);
    places.push(place);
  });
  if (changedMeanwhile) notice(say("changed_meanwhile"));
  if (places.length && !changedMeanwhile) {
    const seen = evaluate(desk.model, variant, true), proofs = results.map((found, place) => proofOf(found, place, seen));
    const locks = desk.model.layers.reduce((n, layer, place) => n + (places.includes(place) ? variant.layers[place].lock.filter(Boolean).length : 0), 0);
    results.forEach((found, place) => { found.proof = proofs[place]; });
    desk.settle(variant, proofs, stopped ? "did_stop" : "did_solve", { n: locks, seconds: seconds.toFixed(1), gap: percent(Math.max(...places.map((p) => proofs[p].gap))) }, places);
    return;
  }
  showAll();
}
// Proven only where every goal was, the figures are those of the page itself, and no rule of the layer is broken.
function proofOf(found, place, seen) {
  if (!found.columns && !found.taken) return null;
  const layer = desk.model.layers[place], last = found.goals[found.goals.length - 1], gap = Math.max(...found.goals.map((g) => g.gap));
  const broken = seen.breaches.some((one) => one.layer === layer.key || one.layer === "");
  const agrees = found.goals.every((g) => !g.goal || seen.layers[place].goals[g.goal] === undefined || Math.abs(seen.layers[place].goals[g.goal] - g.value) <= 1e-6 * Math.max(1, Math.abs(g.value)));
  const proven = found.status === "optimal" && !broken && agrees && gap <= KEPT;
  return { kind: proven ? "locks" : "time", value: last.value, bound: last.bound, gap: gap, goals: found.goals, seconds: found.seconds };
}

function solvePanel() {
  const locks = desk.model.layers.map((layer, n) => desk.state.variant.layers[n].lock), must = locks.reduce((n, l) => n + l.filter((x) => x === 1).length, 0), not = locks.reduce((n, l) => n + l.filter((x) => x === 2).length, 0);
  const closed = desk.state.variant.closed.filter(Boolean).length, mine = desk.state.variant.layers.reduce((n, part) => n + part.mine.filter(Boolean).length, 0);
  const limit = el("input", { id: "limit", type: "number", min: "1", max: "3600", step: "1", "aria-label": say("limit"), onchange: (event) => { solving.limit = Math.min(3600, Math.max(1, Number(event.target.value) || 60)); } });
  limit.value = solving.limit;
  const elapsed = solving.running ? (performance.now() - solving.started) / 1000 : solving.seconds;
  return [el("p", { class: "hint" }, say("solve_hint")), el("p", {}, say("locks_line", { must: must, not: not, closed: closed })), mine ? el("p", { class: "hint" }, say("hand_released", { n: mine })) : null,
    el("p", { class: "row" }, solving.running ? button("stop", stopSolving, { id: "stop", class: "main" }) : button("solve_now", solveAgain, { id: "solve_now", class: "main" }), " ", el("label", {}, say("limit"), " ", limit), solving.running || solving.results ? el("span", { id: "elapsed" }, elapsed.toFixed(1) + " " + say("sec")) : null),
    solving.fault ? el("p", { class: "bad" }, say("solver_fault"), " ", solving.fault) : null,
    desk.model.layers.map((layer, place) => layerResult(layer, place))];
}
function layerResult(layer, place) {
  const head = el("h3", {}, half(layer.source.name)), found = solving.results && solving.results[place], why = inKernel() ? [] : unsolvable(desk.model, layer);
  if (why.length) return el("div", { class: "result unknown" }, head, el("p", {}, say("cannot_prove")), el("ul", {}, why.map((one) => el("li", {}, half(one)))), el("p", { class: "hint" }, say("cannot_prove_hint")));
  if (solving.running) {
    const step = solving.steps[place];
    return el("div", { class: "result" }, head, el("p", {}, step ? say("on_the_way", bounds(step)) : say("not_begun")));
  }
  if (!found) return el("div", { class: "result" }, head, el("p", { class: "hint" }, inKernel() ? say("by_kernel") : say("can_prove", { n: countSets(desk.model, layer) })));
  if (found.status === "clash") return el("div", { class: "result bad" }, head, el("p", {}, say("clash")), el("ul", {}, found.clashes.map((here) => el("li", {}, say("pair_name", { d: Math.floor(here / layer.count), h: layer.hospitals[here % layer.count] })))));
  if (found.status === "infeasible") return el("div", { class: "result bad" }, head, el("p", {}, say("no_plan")), found.blocked ? el("ul", {}, found.blocked.map((d) => el("li", {}, say("no_set", { d: d })))) : null);
  if (!found.columns && !found.taken) return el("div", { class: "result" }, head, el("p", {}, Number.isFinite(found.bound) ? say("stopped_bound", { bound: figure(found.bound) }) : say("no_plan_yet")));
  const last = found.goals[found.goals.length - 1], sure = found.proof && found.proof.kind === "locks", people = desk.model.weight.reduce((a, b) => a + b, 0) || 1;
  const plan = desk.plan.layers[place].goals[last.goal], best = layer.source.status === "optimal" && plan !== undefined;
  return el("div", { class: "result " + (sure ? "good" : "open") }, head, el("p", {}, el("b", {}, sure ? say("proven_locks") : say("not_proven", { gap: percent(found.proof ? found.proof.gap : last.gap) }))),
    el("dl", {}, [["value_word", figure(last.value)], ["bound_word", figure(last.bound)], ["gap_word", percent(Math.max(...found.goals.map((g) => g.gap)))], ["seconds_word", tenth(found.seconds ?? solving.seconds)]].map(([key, text]) => el("div", {}, el("dt", {}, say(key)), el("dd", {}, text)))),
    best ? el("p", {}, say("locks_cost", { total: signed(last.value - plan, 0), each: signed((last.value - plan) / people, 2) })) : null);
}
const figure = (value) => (Number.isFinite(value) ? Math.round(value).toString().replace(/\B(?=(\d{3})+$)/g, ",") : "–");
const bounds = (step) => ({ value: figure(step.value), bound: figure(step.bound), gap: Number.isNaN(gapOf(step)) ? "–" : percent(gapOf(step)), seconds: step.seconds.toFixed(1), goal: step.goal + 1, of: step.of });
