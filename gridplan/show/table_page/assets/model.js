// The page's evaluator: who is served by whom in a variant, its figures, and which rules it breaks. No page, no words:
// the same script runs in the page, in its worker and in the tests, which hold it to the judge (judging/).
"use strict";
const SCALE = 10000, LEFT_OUT = 1, FIRST = 2, NEVER = 65535, FAR = 60, SLIP = 1e-4;

// Whole numbers, seven bits a byte, the lowest first; the eighth bit says that more follow (packed.py).
function unpackedNumbers(text) {
  const bytes = atob(text), found = new Float64Array(bytes.length);
  let size = 0, value = 0, unit = 1;
  for (let n = 0; n < bytes.length; n++) {
    const byte = bytes.charCodeAt(n);
    value += (byte & 127) * unit;
    if (byte & 128) { unit *= 128; continue; }
    found[size++] = value;
    value = 0;
    unit = 1;
  }
  return found.subarray(0, size);
}

function modelOf(data) {
  const units = data.units.people.length, people = Float64Array.from(data.units.people, (p) => p || 0);
  const districts = data.districts.length, district = Int32Array.from(data.units.district);
  const weight = data.units.weight ? Float64Array.from(data.units.weight) : people;
  const living = new Float64Array(districts), members = Array.from({ length: districts }, () => []);
  for (let u = 0; u < units; u++) {
    living[district[u]] += people[u];
    members[district[u]].push(u);
  }
  const model = { data: data, ask: data.numbers, units: units, people: people, weight: weight, district: district,
    districts: districts, living: living, members: members };
  model.layers = data.layers.map((one) => layerOf(model, one));
  return model;
}

function layerOf(model, one) {
  const count = one.hospitals.length, written = Int32Array.from(unpackedNumbers(one.minutes));
  const layer = { key: one.key, grid: one.grid, count: count, hospitals: one.hospitals, counted: one.counted, written: written,
    priority: one.priority, allowed: one.allowed, banned: one.banned, pinned: one.pinned, existing: one.existing, present: one.present, source: one };
  layer.minutes = (u, h) => (written[u * count + h] < FIRST ? Infinity : (written[u * count + h] - FIRST) / SCALE);
  layer.carried = (u, h) => written[u * count + h] !== LEFT_OUT;
  layer.place = model.layers ? model.layers.length : 0;
  const { standard, excess_price: price, prices } = model.ask;
  // What a resident counts through a pair in the goal travel: minutes, price of the priority, priced excess.
  layer.cost = (u, h) => {
    const minutes = layer.minutes(u, h);
    const excess = price !== null && price !== undefined && standard !== null ? price * Math.max(0, minutes - standard) : 0;
    return minutes + excess + (one.grid ? 0 : prices[one.priority[model.district[u] * count + h] - 1]);
  };
  layer.within = (u, h) => {
    const limit = standard !== null && (price === null || price === undefined) && model.people[u] > 0 ? standard : Infinity;
    return layer.minutes(u, h) <= limit;
  };
  layer.stages = stagesOf(model, layer);
  layer.rank = one.grid ? null : ranksOf(model, layer);
  return layer;
}

// The goals that are sums over units, in order, as the cost of a resident of u through h; travel ends ties.
function stagesOf(model, layer) {
  const limit = model.ask.standard === null ? FAR : model.ask.standard, stages = [];
  const add = (goal, weight, cost) => stages.push({ goal: goal, weight: weight, cost: cost });
  const priorityOf = (u, h) => layer.priority[model.district[u] * layer.count + h];
  for (const goal of model.data.goals) {
    if (goal === "travel") add(goal, model.weight, layer.cost);
    if (goal === "coverage") add(goal, model.people, (u, h) => (layer.minutes(u, h) > limit ? 1 : 0));
    if (goal === "priority" && !layer.grid) {
      for (const k of [5, 4, 3, 2]) add("residents_through_" + k, model.people, (u, h) => (priorityOf(u, h) >= k ? 1 : 0));
    }
  }
  if (!stages.some((stage) => stage.goal === "travel")) add("travel", model.weight, layer.cost);
  return stages;
}

// The order in which a unit would take the candidates: goal by goal, then the nearer, then the smaller id.
function ranksOf(model, layer) {
  const { count } = layer, rank = new Uint16Array(model.units * count).fill(NEVER), keys = [];
  for (let h = 0; h < count; h++) keys.push([]);
  for (let u = 0; u < model.units; u++) {
    const able = [];
    for (let h = 0; h < count; h++) {
      if (!layer.within(u, h) || layer.minutes(u, h) === Infinity) continue;
      able.push(h);
      keys[h] = model.people[u] > 0 ? layer.stages.map((s) => (s.weight[u] === 0 ? 0 : s.cost(u, h))) : [];
      keys[h].push(layer.minutes(u, h));
    }
    able.sort((a, b) => {
      for (let n = 0; n < keys[a].length; n++) if (keys[a][n] !== keys[b][n]) return keys[a][n] - keys[b][n];
      return a - b;
    });
    able.forEach((h, place) => { rank[u * count + h] = place; });
  }
  return rank;
}

// --- Variants --------------------------------------------------------------------------------
// on: the pairs switched on; hand: the candidate that a unit is given to, -1 where the rule decides; mine: given by
// whoever sits at the table (not by the plan); lock: 1 must be, 2 must not be.
function planVariant(model) {
  const variant = { closed: new Uint8Array(model.data.hospitals.length), layers: [] };
  for (const layer of model.layers) {
    const part = { on: Uint8Array.from(layer.source.pairs), hand: new Int32Array(model.units).fill(-1),
      mine: new Uint8Array(model.units), lock: new Uint8Array(layer.source.pairs.length) };
    variant.layers.push(part);
    const chosen = layer.source.of_unit, ruled = layer.grid ? part.hand : served(model, layer, part, variant.closed);
    for (let u = 0; u < model.units; u++) if (ruled[u] !== chosen[u]) part.hand[u] = chosen[u];
  }
  return variant;
}
const copied = (variant) => ({ closed: variant.closed.slice(), layers: variant.layers.map((part) => ({
  on: part.on.slice(), hand: part.hand.slice(), mine: part.mine.slice(), lock: part.lock.slice() })) });

// The candidate of every unit, -1 where it has none.
function served(model, layer, part, closed, lock = null) {
  const { count } = layer, of = part.hand.slice();
  if (layer.grid) return of;
  for (let d = 0; d < model.districts; d++) {
    const open = [], carries = new Uint8Array(count), base = d * count;
    for (let h = 0; h < count; h++) {
      if ((part.on[base + h] || layer.pinned[base + h]) && !closed[layer.hospitals[h]]) open.push(h);
      carries[h] = layer.pinned[base + h] || (lock && lock[base + h] === 1) ? 1 : 0;
    }
    for (const u of model.members[d]) {
      if (model.people[u] === 0) continue;
      if (of[u] < 0) of[u] = first(layer.rank, u * count, open);
      if (of[u] >= 0) carries[of[u]] = 1;
    }
    const listed = [];
    for (let h = 0; h < count; h++) {
      if (model.living[d] > 0 ? carries[h] && !closed[layer.hospitals[h]] : mayTake(layer, lock, closed, base + h)) listed.push(h);
    }
    for (const u of model.members[d]) if (model.people[u] === 0 && of[u] < 0) of[u] = first(layer.rank, u * count, listed);
  }
  return of;
}
// Whether a district where nobody lives may leave its units with a hospital.
const mayTake = (layer, lock, closed, at) => layer.allowed[at] && !closed[layer.hospitals[at % layer.count]] && !(lock && lock[at] === 2);
function first(rank, base, among) {
  let best = -1, least = NEVER;
  for (const h of among) if (rank[base + h] < least) [best, least] = [h, rank[base + h]];
  return best;
}

// --- Figures and rules -----------------------------------------------------------------------
// `pinned`: whether pairs that are locked count as the policy's own pins do, listed even if they serve nobody.
function evaluate(model, variant, pinned) {
  const parts = model.layers.map((layer, n) => {
    const lock = pinned ? variant.layers[n].lock : null;
    return figuresOf(model, layer, served(model, layer, variant.layers[n], variant.closed, lock), lock);
  });
  return { layers: parts, breaches: breachesOf(model, parts) };
}

function figuresOf(model, layer, of, lock) {
  const { count } = layer, size = model.districts * count;
  const part = { of: of, people: new Float64Array(size), units: new Int32Array(size), load: new Float64Array(count),
    listed: new Uint8Array(size), minutes: new Float64Array(size), district: [], unserved: [], unreached: [] };
  const far = new Float64Array(model.districts), without = new Float64Array(model.districts), longest = new Float64Array(model.districts);
  for (let u = 0; u < model.units; u++) {
    const d = model.district[u], h = of[u], people = model.people[u];
    if (h < 0) {
      if (layer.source.planned[d]) part.unserved.push(u);
      without[d] += people;
      continue;
    }
    const at = d * count + h, minutes = layer.minutes(u, h);
    part.people[at] += people;
    part.units[at] += 1;
    part.load[h] += people;
    if (minutes === Infinity) {
      part.unreached.push(u);
      without[d] += people;
      continue;
    }
    part.minutes[at] += people * minutes;
    if (people > 0 && minutes > FAR) far[d] += people;
    if (people > 0) longest[d] = Math.max(longest[d], minutes);
  }
  for (let at = 0; at < size; at++) part.listed[at] = layer.grid ? part.units[at] > 0 : part.people[at] > 0 || layer.pinned[at] || (lock && lock[at] === 1);
  let [total, all] = [0, 0];
  for (let d = 0; d < model.districts; d++) {
    let [sum, reached, partners, counted] = [0, 0, 0, 0];
    for (let h = 0; h < count; h++) {
      const at = d * count + h;
      sum += part.minutes[at];
      reached += part.people[at];
      partners += part.listed[at];
      counted += part.listed[at] && layer.counted[h] ? 1 : 0;
    }
    for (const u of part.unreached) if (model.district[u] === d) reached -= model.people[u];
    total += sum;
    all += reached;
    part.district.push({ mean: reached > 0 ? sum / reached : null, beyond: far[d], without: without[d], partners: partners,
      counted: counted, people: reached, sum: sum, longest: longest[d] });
  }
  const added = (list) => list.reduce((a, b) => a + b, 0);
  Object.assign(part, { mean: all > 0 ? total / all : null, beyond: added(far), without: added(without), longest: Math.max(0, ...longest),
    pairs: added(part.listed), changes: changesOf(layer, part.listed) });
  part.goals = goalsOf(model, layer, part);
  return part;
}

// Whether it is a change against today (SH-9) that a pair is listed or not; none where an open campus is there already.
const isChange = (layer, at, listed) => !layer.existing[at] !== !listed && !layer.present[at];
// Pairs that are new or ended, those that count toward the caps apart.
function changesOf(layer, listed) {
  const found = { all: 0, counted: 0 };
  for (let at = 0; at < listed.length && !layer.grid; at++) {
    if (!isChange(layer, at, listed[at])) continue;
    found.all += 1;
    found.counted += layer.counted[at % layer.count] ? 1 : 0;
  }
  return found;
}

// Every goal of the policy as the plan tells it; those that are no sums too.
function goalsOf(model, layer, part) {
  const values = {}, { of } = part;
  for (const stage of layer.stages) {
    let value = 0;
    for (let u = 0; u < model.units; u++) if (of[u] >= 0) value += stage.weight[u] === 0 ? 0 : stage.weight[u] * stage.cost(u, of[u]);
    values[stage.goal] = value + (stage.goal === "travel" && !layer.grid ? model.ask.change_price * part.changes.all : 0);
  }
  const means = part.district.filter((d) => d.mean !== null).map((d) => d.mean);
  const counted = part.listed.reduce((sum, on, at) => sum + (on && layer.counted[at % layer.count] ? 1 : 0), 0);
  const loads = Array.from(part.load, (load, h) => {
    const room = model.ask.capacity ? model.ask.capacity[layer.hospitals[h]] : null;
    return model.ask.capacity ? (room > 0 ? load / room : 0) : load;
  });
  const other = { worst: () => part.longest, inequality: () => (means.length ? Math.max(...means) - Math.min(...means) : 0),
    balance: () => Math.max(0, ...loads), changes: () => part.changes.counted, partners: () => counted,
    deviations: () => excess(model, layer, part).reduce((sum, e) => sum + e.n - e.cap, 0) };
  for (const goal of model.data.goals) if (other[goal]) values[goal] = other[goal]();
  return values;
}

// Districts and hospitals with more counted pairs than their cap.
function excess(model, layer, part) {
  const found = [], { district_cap: ofDistrict, hospital_cap: ofHospital } = model.ask;
  const tell = (rule, n, cap, where) => { if (n > cap) found.push({ rule: rule, n: n, cap: cap, ...where }); };
  for (let d = 0; d < model.districts && ofDistrict; d++) tell("SH-2", part.district[d].counted, ofDistrict[d], { d: d });
  for (let h = 0; h < layer.count && ofHospital; h++) {
    if (!layer.counted[h]) continue;
    tell("SH-3", districtsOf(model, layer, part, h), ofHospital[layer.hospitals[h]], { h: layer.hospitals[h] });
  }
  return found;
}
function districtsOf(model, layer, part, h) {
  let n = 0;
  for (let d = 0; d < model.districts; d++) n += part.listed[d * layer.count + h] ? 1 : 0;
  return n;
}

// Each breach: rule, layer (its key), district, hospital and unit as positions, the words' key and its numbers.
function breachesOf(model, parts) {
  const found = [], has = new Set(model.data.rules.map((rule) => rule.id));
  const tell = (rule, key, layer, where) => { if (has.has(rule)) found.push({ rule: rule, key: key, layer: layer, ...where }); };
  parts.forEach((part, n) => layerBreaches(model, model.layers[n], part, tell));
  const counted = model.data.districts.map((_, d) => parts.reduce((sum, part, n) => sum + (model.layers[n].grid ? 0 : part.district[d].counted), 0));
  for (let d = 0; d < model.districts; d++) {
    if (model.living[d] > 0 && counted[d] < model.ask.least_partners) tell("PARTNERS", "few", "", { d: d, n: counted[d], cap: model.ask.least_partners });
  }
  const most = model.ask.most_changes, changed = parts.map((part) => part.changes.counted), all = changed.reduce((a, b) => a + b, 0);
  const where = model.layers.filter((_, n) => changed[n] > 0).map((layer) => layer.key).join(", ");
  if (most !== null && all > most) tell("SH-9", "many_changes", where, { n: all, cap: most });
  return found;
}

function layerBreaches(model, layer, part, tell) {
  const { ask } = model, { count, key } = layer, asked = part.unserved.length + part.of.reduce((n, h) => n + (h >= 0), 0);
  if (asked && part.unserved.length === asked) tell("SH-1", "no_rows", key, {});
  else for (const u of part.unserved) tell("SH-1", layer.grid ? "no_lead" : "no_partner", key, { u: u });
  for (const u of part.unreached) tell("SH-1", "unreached", key, { d: model.district[u], h: layer.hospitals[part.of[u]], u: u });
  if (!ask.caps_bend && !layer.grid) for (const e of excess(model, layer, part)) tell(e.rule, e.rule === "SH-2" ? "over_district" : "over_hospital", key, e);
  for (let at = 0; at < part.listed.length; at++) {
    const d = Math.floor(at / count), h = at % count, where = { d: d, h: layer.hospitals[h] }, serving = part.units[at] > 0;
    if (layer.grid && layer.pinned[at] && !serving) tell("PIN", "pin_leads_none", key, where);
    if (serving && layer.banned[at]) tell("BAN", "banned", key, where);
    if (layer.grid) continue;
    if (serving && !part.listed[at] && model.living[d] > 0) tell("SH-1", "only_empty", key, where);
    if ((serving || layer.pinned[at]) && layer.priority[at] > ask.worst_priority) tell("SH-6", "no_basis", key, { ...where, n: layer.priority[at] });
    if (part.listed[at] && part.people[at] < ask.least_share * model.living[d] - 1e-6) {
      tell("SHARE", "small_share", key, { ...where, n: (100 * part.people[at]) / model.living[d], cap: 100 * ask.least_share });
    }
  }
  for (let h = 0; h < count && ask.capacity; h++) {
    const room = ask.capacity[layer.hospitals[h]];
    if (room !== null && part.load[h] > room + 1e-6) tell("CAPACITY", "full", key, { h: layer.hospitals[h], n: part.load[h], cap: room });
  }
  if (ask.standard === null || (ask.excess_price !== null && ask.excess_price !== undefined)) return;
  for (let u = 0; u < model.units; u++) {
    if (part.of[u] < 0 || model.people[u] === 0 || layer.minutes(u, part.of[u]) <= ask.standard + SLIP) continue;
    tell("STANDARD", "too_far", key, { d: model.district[u], h: layer.hospitals[part.of[u]], u: u, n: layer.minutes(u, part.of[u]), cap: ask.standard });
  }
}
