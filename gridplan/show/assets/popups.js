// The cards: what opens over a unit, a district, a hospital, a branch or a pair. They say what the tables say.
"use strict";
function popup(title, rows, ...tables) {
  const list = el("dl");
  for (const [label, value] of rows) if (value !== null) list.append(el("dt", "", word(label)), el("dd", "", value));
  return el("div", "", said(title, "h3"), list, ...tables);
}
function heads(keys, of = layer()) {
  return el("thead", "", el("tr", "", ...keys.map((key, n) => el("th", n ? "n" : "", wordIn(of, key)))));
}
function pairsTable(caption, pairs, one, of = layer()) {
  const table = el("table", "", el("caption", "", caption));
  table.append(heads([one === "district" ? "paired" : one, "people_served", "mean_minutes", ...(of.grid ? [] : ["priority"])], of));
  const body = el("tbody");
  for (const pair of pairs) {
    const other = one === "district" ? sheet.districts[pair.district] : sheet.hospitals[pair.hospital];
    body.append(el("tr", "", el("td", "", named(other), pair.main ? el("b", "main", word("main")) : null), el("td", "n", count(pair.people)), el("td", "n", minutes(pair.mean)),
      of.grid ? null : el("td", "n", String(pair.priority))));
  }
  table.append(body);
  return table;
}
const ofMost = (n, cap) => el("span", "", String(n), " · ", ...(cap === null ? [word("no_cap")] : [word("of"), " ", String(cap)]));
const priorityWords = (p) => el("span", "", String(p) + "  ", term("priority", p));

// Why a unit is with its hospital, and who would be next: the order is that of next_best.py.
const WHYS = ["why_nearest", "why_nearest_partner", "why_whole_plan"];
function whyOf(one, n) {
  const next = one.next, why = next.why[n], hospital = next.hospital[n];
  if (why < 0) return null;
  const lines = [el("div", "", wordIn(one, WHYS[why]))];
  if (hospital >= 0) {
    const more = next.more[n], barred = next.barred[sheet.units.district[n] + ":" + hospital];
    const away = (more < 0 ? "−" : "+") + minutes(Math.abs(more)) + " ";
    lines.push(el("div", "next", word(barred && /SH-[23]/.test(barred[0]) ? "next_barred" : "next_best"), " ", named(sheet.hospitals[hospital]), " ", el("b", "", away), word("minute")));
    if (barred) lines.push(el("div", "of", barred[0] ? barred[0] + " " : "", said([barred[1], barred[2]])));
  }
  return el("tr", "why", ...[el("td", "", ...lines)].map((cell) => Object.assign(cell, { colSpan: 3 })));
}
function unitPopup(n) {
  const units = sheet.units, district = sheet.districts[units.district[n]];
  const table = el("table", "", heads(["hospital", "minutes", "priority"])), body = el("tbody");
  for (const one of sheet.layers) {
    const partner = one.partners[one.of_unit[n]];
    const pair = partner && one.pairs.find((p) => p.district === units.district[n] && p.hospital === partner.hospital);
    body.append(el("tr", "", el("td", "", el("div", "of", said(inLayer(one, "partner"))), partner ? named(sheet.hospitals[partner.hospital])
        : one.grid && district && district.form === "left_out" ? term("form", "left_out") : "–"),
      el("td", "n", minutes(one.minutes[n])), el("td", "n", pair && !one.grid ? String(pair.priority) : "–",
        pair && !one.grid ? el("div", "of", term("priority", pair.priority)) : null)));
    const why = whyOf(one, n);
    if (why) body.append(why);
  }
  table.append(body);
  return popup([units.name[n] || units.id[n], ""], [
    ["id", units.id[n]],
    ["people", count(units.people[n])],
    ["district", district ? named(district) : null],
  ], table);
}
function districtPopup(n) {
  const district = sheet.districts[n];
  const tables = sheet.layers.map((one) => pairsTable(said(one.name), one.pairs.filter((p) => p.district === n), "partner", one));
  return popup([district.name || district.id, district.name_en], [
    ["kind", term("kind", district.kind)],
    ["people", count(district.people)],
    ["cap", sheet.layers.some((one) => !one.grid) ? ofMost(district.counted, district.cap) : null],
    ["form", district.form ? term("form", district.form) : null],
  ], ...tables);
}
// What a hospital is in the grids, and in whose.
function roleOf(n) {
  const role = sheet.roles && sheet.roles[n];
  if (!role) return null;
  const lead = role[0] === "lead" ? null : sheet.hospitals[role[1]];
  return el("span", "", term("role", role[0]), lead ? " · " : null, lead ? named(lead) : null);
}
const loadOf = (partner) => count(partner.people) + " / " + count(partner.capacity) + "  ("
  + Math.round(100 * partner.people / partner.capacity) + " %)";
function hospitalPopup(n) {
  const hospital = sheet.hospitals[n], home = sheet.districts[hospital.district];
  const partner = partnerOf(n), pairs = layer().pairs.filter((p) => p.hospital === n);
  return popup([hospital.name || hospital.id, hospital.name_en], [
    ["id", hospital.id],
    ["category", term("category", hospital.category)],
    ["tier", term("tier", hospital.tier)],
    ["ownership", hospital.ownership ? term("ownership", hospital.ownership) : null],
    ["home", home ? named(home) : null],
    ["districts_served", !partner ? word(layer().candidates.includes(n) ? "not_partner" : "not_candidate")
      : layer().grid ? el("span", "", String(partner.units), " ", word("unit")) : ofMost(partner.districts, partner.cap)],
    ["role", roleOf(n)],
    ["people_served", partner ? count(partner.people) : null],
    ["load", partner && partner.capacity ? loadOf(partner) : null],
    ["per_bed", partner && partner.beds ? count(partner.people / partner.beds) : null],
    ["mean_minutes", partner ? minutes(partner.mean) : null],
  ], pairs.length ? pairsTable(word("districts_served"), pairs, "district") : null);
}
function branchPopup(n) {
  const branch = sheet.branches[n], hospital = sheet.hospitals[branch.hospital], district = sheet.districts[branch.district];
  return popup([branch.name, ""], [
    ["of_hospital", hospital ? named(hospital) : null],
    ["district", district ? named(district) : null],
    ["relation", term("relation", branch.relation)],
    ["status", term("status", branch.status)],
  ]);
}
function pairPopup(n) {
  const pair = layer().pairs[n], district = sheet.districts[pair.district];
  return popup([district.name || district.id, district.name_en], [
    ["partner", named(sheet.hospitals[pair.hospital])],
    ["priority", priorityWords(pair.priority)],
    ["cap", pair.counted ? null : word("exempt")],
    ["people_served", count(pair.people)],
    ["mean_minutes", minutes(pair.mean)],
    ["change", term("change", pair.change)],
  ]);
}
function speak(shape, tip, content) {
  shape.bindPopup(content, { minWidth: 290, maxWidth: 380, autoPanPadding: [12, 12] });
  shape.on("popupopen", (event) => announce("opened", event.popup.getElement().querySelector("h3").textContent));
  shape.bindTooltip(() => el("span", "", tip()), { sticky: true, direction: "top", opacity: 0.96 });
}
