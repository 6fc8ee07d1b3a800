// Run behind model.js (and highs.js, sets.js): the cases that cases.py draws.
function applied(model, variant, edits) {
  for (const [what, n, where, h] of edits) {
    const part = variant.layers[n], layer = model.layers[n];
    if (what === "on") part.on[where * layer.count + h] = 1;
    if (what === "off") {
      part.on[where * layer.count + h] = 0;
      for (const u of model.members[where]) if (part.hand[u] === h) part.hand[u] = -1;
    }
    if (what === "give") part.hand[where] = h;
    if (what === "close") {
      variant.closed[h] = 1;
      model.layers.forEach((one, k) => one.hospitals.forEach((hospital, c) => {
        if (hospital !== h) return;
        for (let d = 0; d < model.districts; d++) variant.layers[k].on[d * one.count + c] = 0;
        variant.layers[k].hand.forEach((given, u) => { if (given === c) variant.layers[k].hand[u] = -1; });
      }));
    }
  }
  return variant;
}
function told(model, seen) {
  const { data } = model, id = (table, n) => (n === undefined ? "" : table[n].id);
  return {
    layers: seen.layers.map((part, n) => ({ key: model.layers[n].key, of: Array.from(part.of, (h) => (h < 0 ? null : data.hospitals[model.layers[n].hospitals[h]].id)),
      goals: part.goals, mean: part.mean, beyond: part.beyond, without: part.without, load: Array.from(part.load), unreached: part.unreached.length,
      district: part.district.map((d) => [d.mean, d.beyond, d.partners]) })),
    breaches: seen.breaches.map((b) => [b.rule, b.layer, id(data.districts, b.d), id(data.hospitals, b.h), b.u === undefined ? "" : data.units.id[b.u]]),
  };
}
function evaluated({ data, rounds }) {
  const model = modelOf(data), variant = planVariant(model), states = [told(model, evaluate(model, variant))];
  for (const edits of rounds) states.push(told(model, evaluate(model, applied(model, variant, edits))));
  return states;
}
function solved(highs, { data, locks }) {
  const model = modelOf(data), variant = planVariant(model);
  for (const [n, d, h, lock] of locks) variant.layers[n].lock[d * model.layers[n].count + h] = lock;
  return model.layers.map((layer, n) => {
    const part = variant.layers[n], why = unsolvable(model, layer);
    if (why.length) return { status: "unknown", why: why };
    if (clashes(model, layer, part, variant.closed).length) return { status: "clash" };
    const problem = setModel(model, layer, part, variant.closed);
    if (problem.blocked.length) return { status: "infeasible" };
    const found = solveSets(highs, model, layer, problem, 60, () => {});
    if (!found.columns) return { status: found.status };
    const seen = told(model, evaluate(model, settled(model, variant, n, found.columns), true));
    return { status: found.status, goals: found.goals, seen: seen.layers[n], breaches: seen.breaches.filter((b) => b[1] === layer.key) };
  });
}
function curved(highs, { data, locks, place }) {
  const model = curveModel(data), variant = planVariant(model), layer = model.layers[place], part = variant.layers[place], why = curveless(model, layer);
  if (why.length) return { why: why };
  for (const [n, d, h, lock] of locks) variant.layers[n].lock[d * model.layers[n].count + h] = lock;
  if (clashes(model, layer, part, variant.closed).length) return { points: [] };
  const problem = setModel(model, layer, part, variant.closed);
  if (problem.blocked.length) return { points: [] };
  const found = curveOf(highs, model, layer, problem, 60, () => {});
  return { ...found, points: found.points.map(({ columns, ...point }) => {
    const seen = evaluate(model, settled(model, variant, place, columns), true).layers[place];
    return { ...point, seen: [seen.changes.counted, seen.goals.travel] };
  }) };
}
