// "Best plan with my locks" as a small model: of every district, each set of partners that it may choose is one
// variable (optimise/FORMULATION.md, "Asking again"). No page: the worker and the tests run it.
"use strict";
const MOST_SETS = 60000, KEPT = 1e-6;

// Why a layer cannot be solved here with a proof: keys of words, and titles of rules that are not known. Empty: it can.
function unsolvable(model, layer) {
  const why = [];
  for (const rule of model.data.rules) if (!rule.solved && !(rule.grids && !layer.grid)) why.push([rule.id + " " + rule.title[0], rule.id + " " + (rule.title[1] || rule.title[0])]);
  if (layer.grid) why.push(model.data.words.grids_elsewhere);
  for (const goal of model.data.unknown) why.push(goal);
  if (model.ask.caps_bend) why.push(model.data.words.caps_bend);
  if (model.data.tolerance > 0 && layer.stages.length > 1) why.push(model.data.words.tolerance);
  if (!layer.source.all_carried) why.push(model.data.words.not_all_carried);
  if (!why.length && countSets(model, layer) > MOST_SETS) why.push(model.data.words.too_many_sets);
  return why;
}
const mindsChanges = (model) => model.ask.change_price > 0;
// Least partners and most changes speak of counted pairs: a layer without any is asked nothing.
const counts = (layer) => layer.counted.some(Boolean);
const leastOf = (model, layer) => (counts(layer) ? model.ask.least_partners : 0);
const mostOf = (model, layer) => (counts(layer) ? model.ask.most_changes : null);
const mindsIdle = (model, layer) => mindsChanges(model) || leastOf(model, layer) > 0 || mostOf(model, layer) !== null;

function countSets(model, layer) {
  let sets = 0;
  for (let d = 0; d < model.districts; d++) {
    const [able, free] = [0, 1].map((counted) => layer.counted.reduce((n, c, h) => n + (layer.allowed[d * layer.count + h] && !c === !!counted ? 1 : 0), 0));
    const most = Math.min(able, model.ask.district_cap ? model.ask.district_cap[d] : able);
    let [ways, here] = [1, 1];
    for (let n = 1; n <= most; n++) here += ways = (ways * (able - n + 1)) / n;
    sets += here * (mindsChanges(model) ? 2 ** free : 1);
  }
  return sets;
}

// What the locks of a variant ask: locked pairs that the policy does not let be cannot be met.
function clashes(model, layer, part, closed) {
  const found = [];
  for (let at = 0; at < part.lock.length; at++) {
    const shut = closed[layer.hospitals[at % layer.count]], out = part.lock[at] === 2 || shut, must = part.lock[at] === 1;
    if ((must && (!layer.allowed[at] || shut)) || (layer.pinned[at] && out)) found.push(at);
  }
  return found;
}

// Every set of partners of a district: members (candidates), cost per goal, units to give by hand so that each serves.
function setsOf(model, layer, part, closed, d) {
  const { count } = layer, base = d * count, choose = [], always = [], atHand = [];
  for (let h = 0; h < count; h++) {
    const at = base + h, must = layer.pinned[at] || part.lock[at] === 1;
    if (must) always.push(h);
    else if (!layer.allowed[at] || closed[layer.hospitals[h]] || part.lock[at] === 2) continue;
    else if (layer.counted[h] || mindsChanges(model)) choose.push(h);
    else atHand.push(h);
  }
  const cap = model.ask.district_cap ? model.ask.district_cap[d] : count, sets = [];
  const grow = (from, members, counted) => {
    const set = costOf(model, layer, d, members, always, atHand, counted);
    if (set) sets.push(set);
    for (let n = from; n < choose.length; n++) {
      const more = counted + (layer.counted[choose[n]] ? 1 : 0);
      if (more <= cap) grow(n + 1, [...members, choose[n]], more);
    }
  };
  const pinned = always.reduce((n, h) => n + (layer.counted[h] ? 1 : 0), 0);
  if (pinned <= cap) grow(0, [], pinned);
  return sets;
}

function costOf(model, layer, d, members, always, atHand, counted) {
  const { rank, count } = layer, among = [...members, ...always, ...atHand], serves = new Map(), chosen = [];
  if (counted < leastOf(model, layer)) return null;
  const cost = layer.stages.map(() => 0), add = (u, h, sign) => layer.stages.forEach((stage, n) => {
    if (stage.weight[u] !== 0) cost[n] += sign * stage.weight[u] * stage.cost(u, h);
  });
  for (const u of model.members[d]) {
    const h = first(rank, u * count, among);
    if (h < 0) return null;
    if (model.people[u] === 0) continue;
    chosen.push([u, h]);
    serves.set(h, (serves.get(h) || 0) + 1);
    add(u, h, 1);
  }
  const empty = model.members[d].filter((u) => model.people[u] === 0), without = (able) => empty.filter((u) => first(rank, u * count, able) < 0);
  const working = among.filter((h) => serves.has(h) || always.includes(h));
  let hand = [];
  if (without(working).length || members.some((h) => !serves.has(h))) {
    // the set without its idle members costs the same and asks less, unless units where nobody lives need them
    if (!mindsIdle(model, layer) && !without(working).length) return null;
    hand = called(model, layer, members, atHand, chosen, without([...members, ...always]));
    if (!hand) return null;
    for (const [u, from, to] of hand) {
      add(u, from, -1);
      add(u, to, 1);
      serves.set(from, serves.get(from) - 1);
      serves.set(to, (serves.get(to) || 0) + 1);
    }
  }
  const listed = new Set([...members, ...always, ...atHand.filter((h) => serves.get(h))]);
  let [changes, changed] = [0, 0];
  for (let h = 0; h < count; h++) {
    if (!isChange(layer, d * count + h, listed.has(h))) continue;
    changes += 1;
    changed += layer.counted[h] ? 1 : 0;
  }
  layer.stages.forEach((stage, n) => { if (stage.goal === "travel") cost[n] += model.ask.change_price * changes; });
  return { d: d, members: [...members, ...always], cost: cost, hand: hand.map(([u, , to]) => [u, to]), changed: changed };
}

// Who must leave the cheapest so that each member serves somebody and so do as many of those at hand as it takes to reach
// the units where nobody lives that no member reaches; the cheapest way of all, null where there is none.
function called(model, layer, members, atHand, chosen, needy) {
  let best = null;
  const call = (more, left) => {
    if (left.length) {
      for (const h of atHand) {
        if (layer.rank[left[0] * layer.count + h] !== NEVER) call([...more, h], left.filter((u) => layer.rank[u * layer.count + h] === NEVER));
      }
      return;
    }
    const found = representatives(model, layer, [...members, ...more], chosen);
    if (found && (!best || less(found.sum, best.sum) < 0)) best = found;
  };
  call([], needy);
  return best && best.taken.filter((t) => t.from !== t.to).map((t) => [t.u, t.from, t.to]);
}
const less = (a, b) => { for (let n = 0; n < a.length; n++) if (a[n] !== b[n]) return a[n] - b[n]; return 0; };

// Each member serves somebody (row 11): distinct units, one a member, that add least; any plan of the set costs at least
// that much more. A member needs to look at its cheapest units alone, as many as there are members.
function representatives(model, layer, members, chosen) {
  const more = (u, from, to) => layer.stages.map((stage) => (stage.weight[u] === 0 ? 0 : stage.weight[u] * (stage.cost(u, to) - stage.cost(u, from))));
  const able = members.map((h) => chosen
    .filter(([u]) => layer.rank[u * layer.count + h] !== NEVER)
    .map(([u, from]) => ({ u: u, from: from, to: h, more: more(u, from, h) }))
    .sort((a, b) => less(a.more, b.more)).slice(0, members.length));
  let best = null;
  const pick = (n, taken, sum) => {
    if (best && less(sum, best.sum) >= 0) return;
    if (n === members.length) { best = { taken: taken, sum: sum }; return; }
    for (const one of able[n]) {
      if (!taken.some((t) => t.u === one.u)) pick(n + 1, [...taken, one], sum.map((s, k) => s + one.more[k]));
    }
  };
  pick(0, [], layer.stages.map(() => 0));
  return best;
}

// The whole layer as columns and rows; null where some district has no set at all (`blocked` says which).
function setModel(model, layer, part, closed) {
  const columns = [], rows = [], blocked = [];
  const ended = { all: 0, counted: 0 };
  const rowOf = new Map(), row = (key, low, high) => {
    if (!rowOf.has(key)) { rowOf.set(key, rows.length); rows.push({ low: low, high: high, terms: [] }); }
    return rows[rowOf.get(key)];
  };
  const most = mostOf(model, layer);
  const capOf = (h) => (layer.counted[h] && model.ask.hospital_cap ? model.ask.hospital_cap[layer.hospitals[h]] : Infinity), taken = new Int32Array(layer.count);
  for (let d = 0; d < model.districts; d++) {
    if (model.living[d] === 0) { // nobody to serve: what is a partnership today ends, what must be takes its places
      const able = [];
      let counted = 0;
      for (let h = 0; h < layer.count; h++) {
        const at = d * layer.count + h, must = layer.pinned[at] || part.lock[at] === 1;
        if (mayTake(layer, part.lock, closed, at)) able.push(h);
        if (must && layer.counted[h]) [counted, taken[h]] = [counted + 1, taken[h] + 1];
        if (!isChange(layer, at, must)) continue;
        ended.all += 1;
        ended.counted += layer.counted[h] ? 1 : 0;
      }
      const full = model.ask.district_cap && counted > model.ask.district_cap[d];
      if (full || model.members[d].some((u) => first(layer.rank, u * layer.count, able) < 0)) blocked.push(d);
      continue;
    }
    const sets = setsOf(model, layer, part, closed, d);
    if (!sets.length) blocked.push(d);
    for (const set of sets) {
      const n = columns.push(set) - 1;
      row("d" + d, 1, 1).terms.push([n, 1]);
      for (const h of set.members) {
        if (capOf(h) < model.districts) row("h" + h, -Infinity, capOf(h)).terms.push([n, 1]);
      }
      if (most !== null && set.changed) row("changes", -Infinity, most).terms.push([n, set.changed]);
    }
  }
  taken.forEach((n, h) => { if (n) row("h" + h, -Infinity, capOf(h)).high = capOf(h) - n; });
  if (most !== null) row("changes", -Infinity, most).high = most - ended.counted;
  return { columns: columns, rows: rows, blocked: blocked, constant: ended.all * model.ask.change_price,
    endedCounted: ended.counted };
}

// Solve goal after goal with HiGHS. `tell` hears of value and bound on the way. Gives the columns taken, and per goal
// value, bound and gap; `columns` null where no plan was found.
function solveSets(highs, model, layer, problem, seconds, tell) {
  if (!problem.columns.length) return { columns: null, goals: [], status: "none" };
  const { columns, rows } = problem, started = Date.now(), goals = [], kept = [...rows];
  const scale = Math.max(1, model.people.reduce((a, b) => a + b, 0) / Math.max(1, model.units));
  let taken = null;
  for (let n = 0; n < layer.stages.length; n++) {
    const left = seconds - (Date.now() - started) / 1000;
    if (left <= 0) return { columns: taken, goals: goals, status: taken ? "time" : "none" };
    const stage = layer.stages[n], add = stage.goal === "travel" ? problem.constant : 0;
    const cost = Float64Array.from(columns, (c) => c.cost[n] / scale);
    const found = solveOne(highs, columns.length, cost, kept, left, (value, bound, columnsNow) => tell({ goal: n,
      of: layer.stages.length, value: value * scale + add, bound: bound * scale + add, seconds: (Date.now() - started) / 1000,
      columns: columnsNow && columnsNow.map((k) => columns[k]) }));
    if (!found.taken) return { columns: n ? taken : null, goals: goals, status: found.infeasible ? "infeasible" : "none" };
    taken = found.taken.map((k) => columns[k]);
    const value = taken.reduce((sum, c) => sum + c.cost[n], add), bound = Math.min(value, found.bound * scale + add);
    const gap = Math.abs(value - bound) / Math.max(1, Math.abs(value));
    goals.push({ goal: stage.goal, value: value, bound: bound, gap: gap });
    if (gap > KEPT) return { columns: taken, goals: goals, status: "time" };
    if (n + 1 < layer.stages.length) kept.push(keeping(cost, (value - add) / scale, stage.goal === "travel" ? 1e-9 : 0.5 / scale));
  }
  return { columns: taken, goals: goals, status: "optimal" };
}
function keeping(cost, value, slip) {
  const terms = [];
  cost.forEach((c, k) => { if (c !== 0) terms.push([k, c]); });
  return { low: -Infinity, high: value + (slip >= 1e-9 && slip < 1e-8 ? slip * Math.max(1, Math.abs(value)) : slip), terms: terms };
}

function solveOne(highs, size, cost, rows, seconds, tell) {
  const starts = new Int32Array(size + 1), of = Array.from({ length: size }, () => []);
  rows.forEach((row, r) => row.terms.forEach(([k, value]) => of[k].push([r, value])));
  const indices = [], values = [];
  of.forEach((column, k) => {
    for (const [r, value] of column) { indices.push(r); values.push(value); }
    starts[k + 1] = indices.length;
  });
  const all = (value) => new Float64Array(size).fill(value), { constants } = highs;
  const big = (value) => (value === Infinity ? highs.infinity : value === -Infinity ? -highs.infinity : value);
  const source = { numCols: size, numRows: rows.length, colCost: cost, colLower: all(0), colUpper: all(1),
    rowLower: Float64Array.from(rows, (r) => big(r.low)), rowUpper: Float64Array.from(rows, (r) => big(r.high)),
    matrix: { format: "csc", numRows: rows.length, numCols: size, starts: starts, indices: Int32Array.from(indices), values: Float64Array.from(values) },
    integrality: new Int32Array(size).fill(constants.variableType.integer) };
  return highs.withModel(source, (one) => {
    one.options.set({ output_flag: false, mip_rel_gap: 1e-7, time_limit: Math.max(0.1, seconds) });
    const on = (x) => { const found = []; x.forEach((v, k) => { if (v > 0.5) found.push(k); }); return found; };
    one.run({
      [constants.callbackType.mipLogging](event) { tell(event.data.mip_primal_bound, event.data.mip_dual_bound, null); },
      [constants.callbackType.mipImprovingSolution](event) {
        tell(event.data.objective_function_value, event.data.mip_dual_bound, event.data.mip_solution ? on(event.data.mip_solution) : null);
      },
    });
    const status = one.getModelStatus(), { modelStatus } = constants;
    if (status === modelStatus.infeasible || status === modelStatus.unboundedOrInfeasible) return { taken: null, infeasible: true };
    const solution = one.getSolution(), taken = solution.colValue && one.info.get("primal_solution_status") === 2 ? on(solution.colValue) : null;
    return { taken: taken, infeasible: false, bound: status === modelStatus.optimal || taken ? one.info.get("mip_dual_bound") : -Infinity };
  });
}

// The variant that the columns taken make: locks and closures stay, what was given by hand goes back to the rule.
function settled(model, variant, place, columns) {
  const layer = model.layers[place], made = copied(variant), part = made.layers[place];
  for (let at = 0; at < part.on.length; at++) {
    const d = Math.floor(at / layer.count);
    if (model.living[d] > 0) part.on[at] = layer.allowed[at] && !layer.counted[at % layer.count] && !mindsChanges(model) && part.lock[at] !== 2
      && !made.closed[layer.hospitals[at % layer.count]] ? 1 : 0;
  }
  part.hand.fill(-1);
  part.mine.fill(0);
  for (const column of columns) {
    for (const h of column.members) part.on[column.d * layer.count + h] = 1;
    for (const [u, h] of column.hand) part.hand[u] = h;
  }
  const figures = figuresOf(model, layer, served(model, layer, part, made.closed, part.lock));
  for (let at = 0; at < part.on.length; at++) if (model.living[Math.floor(at / layer.count)] > 0) part.on[at] = figures.listed[at] || part.lock[at] === 1 ? 1 : 0;
  return made;
}

// HiGHS from its WebAssembly; the loader itself would look for a file.
async function loadHighs(bytes) {
  const compiled = await WebAssembly.compile(bytes);
  return Module({ instantiateWasm: (imports, receive) => { WebAssembly.instantiate(compiled, imports).then(receive); } });
}
