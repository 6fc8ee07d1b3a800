// What is done at the table: every change makes a new state, with a sentence; undo, redo, variants by name.
// A state is { variant, proof, lines }; proof is one entry a layer: "plan" as it came, null by hand, or what was solved.
"use strict";
const UNDO = 200;
const desk = { place: 0, district: -1, unit: -1, past: [], next: [], saved: [], tab: "district" };
desk.layer = () => desk.model.layers[desk.place];

function openDesk() {
  desk.model = modelOf(data);
  const variant = planVariant(desk.model);
  desk.first = { variant: variant, proof: desk.model.layers.map(() => ({ kind: "plan" })), lines: [] };
  desk.state = desk.first;
  desk.plan = desk.now = evaluate(desk.model, variant);
  for (const one of JSON.parse(at("variants").textContent)) desk.saved.push({ name: String(one.name), state: readState(one) });
}

// Do something: `change(variant)` writes into a copy; `layers` are those whose proof it ends.
desk.act = (key, facts, layers, change, proof) => {
  const variant = copied(desk.state.variant), before = desk.now;
  change(variant);
  const proofs = desk.state.proof.map((old, n) => (layers.includes(n) ? (proof ? proof[n] : null) : old));
  desk.now = evaluate(desk.model, variant);
  const line = { key: key, facts: facts, effect: effectOf(before, desk.now) };
  desk.past.push(desk.state);
  if (desk.past.length > UNDO) desk.past.shift();
  desk.next = [];
  desk.state = { variant: variant, proof: proofs, lines: [...desk.state.lines, line] };
  desk.changed(line);
};
desk.changed = (line) => {
  announce(line ? sentence(line) : say("figures_now", { mean: tenth(desk.now.layers[desk.place].mean), n: desk.now.breaches.length }));
  showAll();
  drawBoard();
  tellKernel();
};
function effectOf(before, after) {
  const n = desk.place, [a, b] = [before.layers[n], after.layers[n]];
  return { before: tenth(a.mean), after: tenth(b.mean), far: b.beyond - a.beyond, n: after.breaches.length, was: before.breaches.length };
}
function sentence(line) {
  const { effect } = line, told = [say("effect_mean", effect)];
  if (effect.far) told.push(say("effect_far", { far: signed(effect.far, 0) }));
  if (effect.n !== effect.was) told.push(say("effect_rules", effect));
  return say(line.key, line.facts) + say("colon") + told.join(say("semicolon")) + say("full_stop");
}
function go(from, to) {
  const state = from.pop();
  if (!state) return;
  to.push(desk.state);
  desk.state = state;
  desk.now = evaluate(desk.model, state.variant);
  desk.changed(null);
}
desk.undo = () => go(desk.past, desk.next);
desk.redo = () => go(desk.next, desk.past);

// --- What can be changed ---------------------------------------------------------------------
const pairAt = (d, h) => d * desk.layer().count + h;
// A pair of the layer on show, switched on or off; what the plan gave by hand there follows the rule from now on.
desk.pair = (d, h, on) => {
  const layer = desk.layer(), hospital = layer.hospitals[h], here = pairAt(d, h);
  if (!on && layer.pinned[here]) { notice(say("pinned_by_policy", { d: d, h: hospital })); return; }
  if (on && desk.state.variant.closed[hospital]) { notice(say("is_closed", { h: hospital })); return; }
  desk.act(on ? "did_pair_on" : "did_pair_off", { d: d, h: hospital }, [desk.place], (variant) => switchPair(variant.layers[desk.place], d, h, on));
};
function switchPair(part, d, h, on) {
  const here = pairAt(d, h);
  part.on[here] = on ? 1 : 0;
  if (part.lock[here] === (on ? 2 : 1)) part.lock[here] = 0;
  for (const u of desk.model.members[d]) {
    if (!part.mine[u] || (!on && part.hand[u] === h)) { part.hand[u] = -1; part.mine[u] = 0; }
  }
}
// Lock a pair: 1 it must be, 2 it must not be, 0 it may.
desk.lock = (d, h, lock) => {
  const layer = desk.layer(), hospital = layer.hospitals[h], here = pairAt(d, h);
  const listed = desk.now.layers[desk.place].listed[here] || desk.state.variant.layers[desk.place].on[here];
  const turns = lock === 1 ? !listed : lock === 2 ? listed : false;
  if (lock === 2 && layer.pinned[here]) { notice(say("pinned_by_policy", { d: d, h: hospital })); return; }
  if (lock === 1 && desk.state.variant.closed[hospital]) { notice(say("is_closed", { h: hospital })); return; }
  desk.act(["did_unlock", "did_lock", "did_forbid"][lock], { d: d, h: hospital }, [desk.place], (variant) => {
    const part = variant.layers[desk.place];
    if (turns) switchPair(part, d, h, lock === 1);
    part.lock[here] = lock;
  });
};
desk.lockDistrict = (d) => desk.act("did_lock_district", { d: d }, [desk.place], (variant) => {
  const part = variant.layers[desk.place], { listed } = desk.now.layers[desk.place];
  for (let h = 0; h < desk.layer().count; h++) if (listed[pairAt(d, h)]) { part.lock[pairAt(d, h)] = 1; part.on[pairAt(d, h)] = 1; }
});
// Give units to a hospital, whatever the rule would say.
desk.give = (units, h) => {
  const layer = desk.layer(), hospital = layer.hospitals[h], able = units.filter((u) => layer.carried(u, h) && layer.source.planned[desk.model.district[u]]);
  if (desk.state.variant.closed[hospital]) { notice(say("is_closed", { h: hospital })); return; }
  if (!able.length) { notice(say("not_carried", { h: hospital })); drawBoard(); return; }
  const people = able.reduce((sum, u) => sum + desk.model.people[u], 0);
  const facts = able.length === 1 ? { u: able[0], h: hospital, people: people } : { n: able.length, h: hospital, people: people };
  desk.act(able.length === 1 ? "did_give_one" : "did_give", facts, [desk.place], (variant) => {
    const part = variant.layers[desk.place];
    for (const u of able) { part.hand[u] = h; part.mine[u] = 1; }
  });
};
desk.giveBack = (u) => desk.act("did_give_back", { u: u }, [desk.place], (variant) => {
  const part = variant.layers[desk.place];
  part.mine[u] = 0;
  part.hand[u] = desk.layer().grid ? desk.layer().source.of_unit[u] : -1;
});
// Close a hospital: it serves nobody in any layer. Opened again it has the pairs of the plan.
desk.close = (hospital, closed) => {
  const layers = desk.model.layers.map((layer, n) => n).filter((n) => desk.model.layers[n].hospitals.includes(hospital));
  desk.act(closed ? "did_close" : "did_open", { h: hospital }, layers, (variant) => {
    variant.closed[hospital] = closed ? 1 : 0;
    for (const n of layers) {
      const layer = desk.model.layers[n], part = variant.layers[n], h = layer.hospitals.indexOf(hospital);
      for (let d = 0; d < desk.model.districts; d++) {
        const here = d * layer.count + h;
        part.on[here] = closed ? 0 : layer.source.pairs[here];
        if (closed && part.lock[here] === 1) part.lock[here] = 0;
      }
      part.hand.forEach((given, u) => { if (closed && given === h) { part.hand[u] = -1; part.mine[u] = 0; } });
    }
  });
};
desk.restore = () => desk.act("did_restore", {}, desk.model.layers.map((_, n) => n), (variant) => {
  const plan = copied(desk.first.variant);
  variant.closed = plan.closed;
  variant.layers = plan.layers;
}, desk.first.proof);
desk.settle = (variant, proofs, key, facts, layers) => desk.act(key, facts, layers, (mine) => {
  mine.closed = variant.closed;
  mine.layers = variant.layers;
}, proofs);

// --- Variants by name ------------------------------------------------------------------------
desk.keep = (name) => {
  const told = name.trim() || say("variant_n", { n: desk.saved.length + 1 });
  desk.saved = [...desk.saved.filter((one) => one.name !== told), { name: told, state: desk.state }];
  notice(say("kept_as", { name: told }));
  showAll();
};
desk.take = (n) => {
  const { name, state } = n < 0 ? { name: say("the_plan"), state: desk.first } : desk.saved[n];
  desk.act("did_take", { name: name }, desk.model.layers.map((_, k) => k), (variant) => {
    const other = copied(state.variant);
    variant.closed = other.closed;
    variant.layers = other.layers;
  }, state.proof);
};
// States as the page's JSON keeps them: ids, so that nothing hangs on the order of a table.
function writeState(name, state) {
  const layers = state.variant.layers.map((part, n) => {
    const layer = desk.model.layers[n], pairs = (of, wanted) => {
      const found = [];
      of.forEach((value, here) => { if (value === wanted) found.push([data.districts[Math.floor(here / layer.count)].id, data.hospitals[layer.hospitals[here % layer.count]].id]); });
      return found;
    };
    const hand = (mine) => [...part.hand.keys()].filter((u) => part.hand[u] >= 0 && part.mine[u] === mine).map((u) => [data.units.id[u], data.hospitals[layer.hospitals[part.hand[u]]].id]);
    return { key: layer.key, on: pairs(part.on, 1), must: pairs(part.lock, 1), not: pairs(part.lock, 2), hand: hand(1), ruled: hand(0) };
  });
  return { name: name, closed: [...state.variant.closed.keys()].filter((h) => state.variant.closed[h]).map((h) => data.hospitals[h].id), layers: layers, proof: state.proof, lines: state.lines };
}
function readState(written) {
  const variant = copied(desk.first.variant), place = (list) => new Map(list.map((id, n) => [id, n]));
  const [units, districts, hospitals] = [place(data.units.id), place(data.districts.map((d) => d.id)), place(data.hospitals.map((h) => h.id))];
  for (const id of written.closed) variant.closed[hospitals.get(id)] = 1;
  written.layers.forEach((one) => {
    const n = desk.model.layers.findIndex((layer) => layer.key === one.key), layer = desk.model.layers[n], part = variant.layers[n];
    const here = ([d, h]) => districts.get(d) * layer.count + layer.hospitals.indexOf(hospitals.get(h));
    part.on.fill(0);
    part.hand.fill(-1);
    part.mine.fill(0);
    for (const pair of one.on) part.on[here(pair)] = 1;
    for (const pair of one.must) part.lock[here(pair)] = 1;
    for (const pair of one.not) part.lock[here(pair)] = 2;
    for (const [list, mine] of [[one.ruled, 0], [one.hand, 1]]) for (const [u, h] of list) {
      part.hand[units.get(u)] = layer.hospitals.indexOf(hospitals.get(h));
      part.mine[units.get(u)] = mine;
    }
  });
  return { variant: variant, proof: written.proof, lines: written.lines };
}

// --- How sure it is --------------------------------------------------------------------------
// "plan": as it came. "hand": changed by hand, not solved. "locks": proven under the locks. "time": solved, not proven.
// "curve": a point of the trade-off curve, proven to have the least travel of all plans with as few changes.
function standing(state) {
  const kinds = state.proof.map((one) => (one ? one.kind : "hand"));
  const worst = ["hand", "time", "curve", "locks", "plan"].find((kind) => kinds.includes(kind));
  if (worst === "plan") return { kind: "plan", text: say("as_planned", { outcome: data.outcome }), good: data.proven };
  if (worst === "hand") return { kind: "hand", text: say("by_hand"), good: false };
  if (worst === "time") return { kind: "time", text: say("not_proven", { gap: percent(Math.max(...state.proof.map((one) => one.gap || 0))) }), good: false };
  const sure = state.proof.every((one, n) => one.kind === "locks" || one.kind === "curve" || desk.model.layers[n].source.status === "optimal");
  const point = state.proof.find((one) => one.kind === "curve");
  if (sure && point) return { kind: "curve", text: say("on_curve", { n: point.n }), good: true };
  return sure ? { kind: "locks", text: say("proven_locks"), good: true } : { kind: "time", text: say("proven_part"), good: false };
}
const percent = (share) => (share > 1e-9 && share < 1e-4 ? "< 0.01" : (100 * share).toFixed(2)) + "%";
desk.select = (u) => {
  desk.unit = u;
  if (u >= 0) { desk.district = desk.model.district[u]; desk.tab = "district"; }
  showAll();
  drawBoard();
};
desk.selectDistrict = (d) => {
  desk.district = d;
  desk.unit = -1;
  desk.tab = "district";
  showAll();
  drawBoard();
};
