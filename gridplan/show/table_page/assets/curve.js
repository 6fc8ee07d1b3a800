// Travel against counted pairs that change (SH-9): the plans of which none is better in one without being worse in the
// other, under the locks of a variant. As gp.frontier finds them: the least travel under each limit, then the fewest
// changes at that travel. No page: the worker and the tests run it.
"use strict";
const MOST_POINTS = 8;

// The rules stand, the goals give way to travel, and every set counts its changes.
function curveModel(data) {
  const most = data.numbers.most_changes === null ? Infinity : data.numbers.most_changes;
  return modelOf({ ...data, goals: ["travel"], unknown: [], tolerance: 0, numbers: { ...data.numbers, most_changes: most, caps_bend: false } });
}
const curveless = (model, layer) => (counts(layer) ? unsolvable(model, layer) : [model.data.words.no_counted]);

function curveOf(highs, model, layer, problem, seconds, tell) {
  const { columns, rows } = problem, started = Date.now(), scale = Math.max(1, model.people.reduce((a, b) => a + b, 0) / Math.max(1, model.units));
  const travel = Float64Array.from(columns, (c) => c.cost[0] / scale), changes = Float64Array.from(columns, (c) => c.changed);
  const left = () => seconds - (Date.now() - started) / 1000, best = (cost, kept) => solveOne(highs, columns.length, cost, kept, left(), () => {});
  const limited = (limit) => [...rows, { low: -Infinity, high: limit - problem.endedCounted, terms: keeping(changes, 0, 0).terms }];
  const sum = (taken, cost) => taken.reduce((all, k) => all + cost[k], 0), points = [];
  // Null where there is no plan under the limit, or the time is over.
  const under = (limit) => {
    const near = left() > 0 ? best(travel, limited(limit)) : { taken: null };
    if (!near.taken) return null;
    const value = sum(near.taken, travel), few = left() > 0 ? best(changes, [...limited(limit), keeping(travel, value, 1e-9)]) : { taken: null };
    const taken = few.taken || near.taken, reached = sum(taken, travel), n = sum(taken, changes);
    const close = (a, b) => Math.abs(a - b) <= KEPT * Math.max(1, Math.abs(a));
    const point = { changes: n + problem.endedCounted, travel: reached * scale + problem.constant, bound: Math.min(reached, near.bound) * scale + problem.constant,
      columns: taken.map((k) => columns[k]), proven: close(reached, near.bound) && !!few.taken && few.bound > n - 1 + 1e-6 };
    points.push(point);
    tell(points.length);
    return point;
  };
  const top = under(Infinity), fewest = top && left() > 0 ? best(changes, rows) : { taken: null };
  if (fewest.taken) {
    const low = Math.round(sum(fewest.taken, changes)) + problem.endedCounted;
    const steps = Math.min(MOST_POINTS, top.changes - low + 1), asked = Array.from({ length: Math.max(0, steps - 1) }, (_, n) => Math.round(low + ((top.changes - low) * n) / (steps - 1)));
    let reached = top.changes;
    for (const limit of asked.reverse()) {
      if (limit >= reached) continue; // the point above has no more than that
      const point = under(limit);
      if (!point) break;
      reached = point.changes;
    }
  }
  return { points: points.reverse(), whole: !!fewest.taken && left() > 0, seconds: (Date.now() - started) / 1000 };
}
