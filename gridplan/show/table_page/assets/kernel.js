// In Jupyter the page stands in a widget: what is to be solved goes to the kernel's engines, which know every rule, and
// the kernel hears of every change. Elsewhere nothing of this runs.
"use strict";
const inKernel = () => !!data.kernel;
const toKernel = (told) => window.parent.postMessage({ gridplan: told }, "*");
const pairIds = (layer, here) => [data.districts[Math.floor(here / layer.count)].id, data.hospitals[layer.hospitals[here % layer.count]].id];

// Stands where the worker does: the same questions, the same answers.
function kernelWorker() {
  const worker = { onmessage: () => {}, stopped: false, terminate: () => { worker.stopped = true; window.removeEventListener("message", hearing); } };
  const hearing = (event) => {
    if (event.source !== window.parent || !event.data || !event.data.gridplan || worker.stopped) return;
    const told = event.data.gridplan;
    if (told.fault) worker.onmessage({ data: { fault: half(told.fault) } });
    if (told.done) worker.onmessage({ data: { done: { seconds: told.done.seconds, results: told.done.results.map((found, n) => ({ ...found, taken: takenBy(found, n) })) } } });
  };
  window.addEventListener("message", hearing);
  worker.postMessage = ({ solve }) => {
    if (!solve) return;
    const locks = [];
    desk.model.layers.forEach((layer, n) => solve.variant.layers[n].lock.forEach((lock, here) => {
      const shut = solve.variant.closed[layer.hospitals[here % layer.count]];
      if (lock || shut) locks.push([layer.key, ...pairIds(layer, here), lock === 1 && !shut ? "pin" : "ban"]);
    }));
    toKernel({ solve: { locks: locks, seconds: solve.seconds } });
  };
  return worker;
}
// What the kernel found for a layer, as the page keeps it: pairs that are on, units that the rule would send elsewhere.
function takenBy(found, n) {
  const layer = desk.model.layers[n], place = new Map(data.hospitals.map((one, h) => [one.id, layer.hospitals.indexOf(h)]));
  return found.of && found.of.map((id) => (id === null ? -1 : place.get(id)));
}
function takenVariant(variant, n, taken) {
  const layer = desk.model.layers[n], made = copied(variant), part = made.layers[n];
  part.hand.fill(-1);
  part.mine.fill(0);
  part.on.fill(0);
  const { people } = figuresOf(desk.model, layer, Int32Array.from(taken));
  people.forEach((served, at) => { part.on[at] = served > 0 || part.lock[at] === 1 ? 1 : 0; });
  const ruled = layer.grid ? part.hand : served(desk.model, layer, part, made.closed);
  taken.forEach((h, u) => { if (ruled[u] !== h) part.hand[u] = h; });
  return made;
}
// In a frame of the desk (gridplan desk) a variant can be taken back into it; the desk says that it is there.
window.addEventListener("message", (event) => {
  if (window.parent === window || event.source !== window.parent || !event.data || !event.data.gridplan || !event.data.gridplan.desk) return;
  own.desk = true;
  if (desk.now) showAll();
});
function intoDesk() {
  const kept = desk.saved.find((one) => one.state === desk.state), name = at("name").value.trim() || (kept ? kept.name : say("variant_n", { n: desk.saved.length + 1 }));
  toKernel({ variant: { name: name, assignment: assignmentText(), pins: pinsText() } });
  notice(say("sent_to_desk"));
}
function tellKernel() {
  if (!inKernel()) return;
  const rows = [];
  desk.now.layers.forEach((part, n) => part.of.forEach((h, u) => { if (h >= 0) rows.push([desk.model.layers[n].key, data.units.id[u], data.hospitals[desk.model.layers[n].hospitals[h]].id]); }));
  toKernel({ assignment: rows });
}
