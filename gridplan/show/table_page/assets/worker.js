// The worker: HiGHS (npm highs, MIT) in WebAssembly, away from the page, so that the page keeps answering.
// Asked: { start: {data, wasm} }, then { solve: {variant, seconds} } or { curve: {variant, place, seconds} }.
"use strict";
let highs = null, model = null, before = Promise.resolve();
self.onmessage = ({ data: asked }) => { before = before.then(() => answer(asked)); }; // one after the other
async function answer(asked) {
  try {
    if (asked.start) {
      model = modelOf(asked.start.data);
      const stream = new Blob([asked.start.wasm]).stream().pipeThrough(new DecompressionStream("gzip"));
      highs = await loadHighs(await new Response(stream).arrayBuffer());
    }
    if (asked.solve) solveAll(asked.solve);
    if (asked.curve) drawCurve(asked.curve);
  } catch (fault) {
    self.postMessage({ fault: String((fault && fault.message) || fault) });
  }
}
function solveAll({ variant, seconds }) {
  const started = Date.now(), results = [];
  model.layers.forEach((layer, place) => {
    const why = unsolvable(model, layer);
    const part = variant.layers[place], bad = why.length ? [] : clashes(model, layer, part, variant.closed);
    if (why.length || bad.length) { results.push({ status: why.length ? "unknown" : "clash", why: why, clashes: bad }); return; }
    const problem = setModel(model, layer, part, variant.closed);
    if (problem.blocked.length) { results.push({ status: "infeasible", blocked: problem.blocked }); return; }
    const left = seconds - (Date.now() - started) / 1000;
    const found = solveSets(highs, model, layer, problem, left, (step) => self.postMessage({ step: { ...step, place: place } }));
    results.push({ ...found, sets: problem.columns.length, seconds: (Date.now() - started) / 1000 });
  });
  self.postMessage({ done: { results: results, seconds: (Date.now() - started) / 1000 } });
}
function drawCurve({ variant, place, seconds }) {
  const free = curveModel(model.data), layer = free.layers[place], part = variant.layers[place];
  if (clashes(free, layer, part, variant.closed).length) { self.postMessage({ curve: { points: [], place: place } }); return; }
  const problem = setModel(free, layer, part, variant.closed);
  const found = problem.blocked.length ? { points: [] } : curveOf(highs, free, layer, problem, seconds, (n) => self.postMessage({ curveStep: n }));
  self.postMessage({ curve: { ...found, place: place } });
}
