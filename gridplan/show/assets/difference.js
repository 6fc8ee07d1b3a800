// What the two maps show: units by hospital, by minutes or by what becomes of their minutes, and which of them change.
// Borders between catchments come from the units' own corners, so that a plan costs no more than who serves whom.
"use strict";
const PAINTS = ["partner", "minutes", "change"];
Object.assign(state, { paint: "partner", layout: "beside", shown: sheet.plans.findIndex((_, n) => n !== sheet.base), all: false });
const SIDES = [() => sheet.base, () => state.shown]; // the plan of the first map, of the second

// --- Who serves whom -----------------------------------------------------------------------------
const people = sheet.plans.map((plan) => (plan.people === null ? sheet.units.people : numbers(plan.people)));
for (const one of sheet.layers) for (const plan of one.plans) {
  plan.of_unit = Int32Array.from(numbers(plan.of_unit), (n) => n - 1);
  plan.minutes = Array.from(numbers(plan.minutes), (n) => (n ? (n - 1) / 10 : null));
}
const planOf = (side, one = layer()) => one.plans[SIDES[side]()];
const difference = () => planOf(1).difference;
const partnerOn = (side, n, one = layer()) => one.partners[planOf(side, one).of_unit[n]];
const hospitalOf = (partner) => sheet.hospitals[partner.hospital];
function minutesMore(n, one = layer()) {
  const [then, now] = [0, 1].map((side) => planOf(side, one).minutes[n]);
  return then === null || now === null ? null : Math.round((now - then) * 10) / 10;
}
const classOf = (value, { breaks }) => (value === null ? -1 : breaks.filter((limit) => value > limit).length);

// --- Edges between units -------------------------------------------------------------------------
// Four numbers an edge, and the units on its two sides, -1 for none.
function edgesOf(of) {
  const ends = [], sides = [];
  const put = (x1, y1, x2, y2, one, other) => { ends.push(x1, y1, x2, y2); sides.push(one, other); };
  of.find ? cellEdges(of, put) : cornerEdges(of, put);
  return { ends: Float64Array.from(ends), sides: Int32Array.from(sides) };
}
function cornerEdges(of, put) {
  const corners = new Map(), open = new Map();
  const corner = (x, y) => {
    const key = x * 16777216 - Math.round(y);
    if (!corners.has(key)) corners.set(key, corners.size);
    return corners.get(key);
  };
  for (let n = 0; n < of.size; n++) eachEdge(of, n, (x1, y1, x2, y2) => {
    const one = corner(x1, y1), other = corner(x2, y2), key = Math.min(one, other) * 67108864 + Math.max(one, other);
    const met = open.get(key);
    if (!met) return void open.set(key, [x1, y1, x2, y2, n]);
    put(x1, y1, x2, y2, met[4], n);
    open.delete(key);
  });
  for (const [x1, y1, x2, y2, n] of open.values()) put(x1, y1, x2, y2, n, -1);
}
function cellEdges({ size, places, boxes }, put) {
  const key = (column, row) => column * 65536 + row, at = new Map();
  for (let n = 0; n < size; n++) at.set(key(places[2 * n], places[2 * n + 1]), n);
  for (let n = 0; n < size; n++) {
    const [west, north, east, south] = boxes.subarray(4 * n, 4 * n + 4), [column, row] = [places[2 * n], places[2 * n + 1]];
    for (const [across, up, ...line] of [[1, 0, east, north, east, south], [0, 1, west, north, east, north], [-1, 0, west, north, west, south], [0, -1, west, south, east, south]]) {
      const other = at.get(key(column + across, row + up));
      if (other === undefined || across + up > 0) put(...line, n, other ?? -1);
    }
  }
}
const edges = edgesOf(shapes.units);
function edgesWhere(differs) {
  const found = [];
  for (let n = 0; n < edges.sides.length; n += 2) if (differs(edges.sides[n], edges.sides[n + 1])) found.push(n * 2);
  return found;
}

// --- What is drawn, worked out once for each choice ----------------------------------------------
let sides = [], changed = { units: [], edges: [] };
const coloursOf = (paint) => (paint === "partner" ? layer().partners.map((partner) => partner.colour) : sheet.ramps[paint].colours);
function classesOf(side) {
  if (state.paint === "partner") return planOf(side).of_unit;
  if (state.paint === "minutes") return planOf(side).minutes.map((value) => classOf(value, sheet.ramps.minutes));
  return sheet.units.id.map((_, n) => classOf(minutesMore(n), sheet.ramps.change));
}
function work() {
  const [then, now] = [0, 1].map((side) => planOf(side).of_unit), colours = coloursOf(state.paint);
  const changes = (n) => n >= 0 && then[n] !== now[n];
  changed = { units: [...sheet.units.id.keys()].filter(changes), edges: edgesWhere((one, other) => changes(one) !== changes(other)) };
  sides = [0, 1].map((side) => {
    const classes = classesOf(side), of = planOf(side).of_unit, found = new Map();
    classes.forEach((key, n) => {
      if (!found.has(key)) found.set(key, { colour: key < 0 ? sheet.nobody : colours[key], alpha: 1, members: [] });
      found.get(key).members.push(n);
    });
    return { groups: [...found.values()], borders: edgesWhere((one, other) => other < 0 || of[one] !== of[other]), numbers: numbered(side) };
  });
  boards.forEach((board) => board.closePopup());
  painters.forEach((painter) => painter.redraw());
}
// The number of a hospital stands in the largest unit that it serves in each district.
function numbered(side) {
  const largest = new Map(), { boxes } = shapes.units;
  planOf(side).of_unit.forEach((partner, n) => {
    if (partner < 0 || !drawn(shapes.units, n)) return;
    const size = (boxes[4 * n + 2] - boxes[4 * n]) * (boxes[4 * n + 3] - boxes[4 * n + 1]), key = sheet.units.district[n] + ":" + partner;
    if (!largest.has(key) || largest.get(key).size < size) largest.set(key, { size: size, n: n, partner: partner });
  });
  return [...largest.values()].map(({ n, partner, size }) => ({ place: placeIn(shapes.units, n), text: String(layer().partners[partner].number), size: size }));
}

// --- Drawing -------------------------------------------------------------------------------------
const HATCH = 7; // pixels between the lines
function hatch(pen) {
  const tile = el("canvas"), ratio = 2;
  tile.width = tile.height = HATCH * ratio;
  const lines = tile.getContext("2d");
  lines.scale(ratio, ratio);
  lines.strokeStyle = sheet.colours.ink;
  lines.lineWidth = 1.1;
  for (const shift of [-HATCH, 0, HATCH]) {
    lines.moveTo(shift - 1, HATCH + 1);
    lines.lineTo(shift + HATCH + 1, -1);
  }
  lines.stroke();
  const pattern = pen.createPattern(tile, "repeat");
  pattern.setTransform(new DOMMatrix([1 / ratio, 0, 0, 1 / ratio, 0, 0]));
  return pattern;
}
function strokeEdges(pen, chosen, view, colour, width, alpha = 1) {
  const { ends } = edges, { scale, x, y } = view;
  pen.globalAlpha = alpha;
  pen.lineWidth = width;
  pen.strokeStyle = colour;
  pen.beginPath();
  for (const n of chosen) {
    pen.moveTo(ends[n] * scale + x, ends[n + 1] * scale + y);
    pen.lineTo(ends[n + 2] * scale + x, ends[n + 3] * scale + y);
  }
  pen.stroke();
  pen.globalAlpha = 1;
}
const everyOne = (of) => [...Array(of.size).keys()];
const allUnits = everyOne(shapes.units), allDistricts = everyOne(shapes.districts);
function drawSide(side, pen, view, ratio) {
  if (!sides.length) return;
  const { ink, binding } = sheet.colours, { groups, borders, numbers: labels } = sides[side];
  const unit = Math.sqrt(sheet.shapes.area / shapes.units.size) * view.scale, width = Math.min(0.6, unit / 36);
  pen.lineJoin = pen.lineCap = "round";
  fillUnits(pen, groups, view, ratio);
  if (!shapes.units.find && width > 0.1) outline(pen, shapes.units, allUnits, view, "#FFFFFF", width, 0.85, sheet.from_points.units ? DASHES : []);
  if (state.paint !== "change") strokeEdges(pen, borders, view, ink, 0.9, 0.55);
  outlineDistricts(pen, allDistricts, view, ink, 1.5, 0.8);
  if (state.paint !== "change") fillUnits(pen, [{ colour: hatch(pen), alpha: 0.5, members: changed.units }], view, ratio);
  strokeEdges(pen, changed.edges, view, "#FFFFFF", 4);
  strokeEdges(pen, changed.edges, view, binding, 2.2);
  drawLabels(side, pen, view, labels);
}
// Hospitals first, then names of districts, then numbers: what would lie on something else is left out.
function drawLabels(side, pen, view, labels) {
  const taken = [], font = getComputedStyle(document.body).fontFamily;
  const on = (place) => ({ x: planeX(place.lng) * view.scale + view.x, y: planeY(place.lat) * view.scale + view.y });
  const room = (x, y, wide, high) => {
    const box = [x - wide / 2, y - high / 2, x + wide / 2, y + high / 2];
    if (taken.some((b) => box[0] < b[2] && box[2] > b[0] && box[1] < b[3] && box[3] > b[1])) return false;
    taken.push(box);
    return true;
  };
  const write = (text, x, y, size, weight) => {
    pen.font = `${weight} ${size}px ${font}`;
    if (!room(x, y, pen.measureText(text).width + 4, size + 3)) return;
    pen.lineWidth = 3.2;
    pen.strokeStyle = "#FFFFFFD8";
    pen.strokeText(text, x, y);
    pen.fillStyle = "#101A22";
    pen.fillText(text, x, y);
  };
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  const size = siteSize(side), crowded = [];
  for (const site of sites(side)) {
    const { x, y } = on(site.place);
    room(x, y, size - 3, size - 3) ? drawSite(pen, x, y, site, font, size) : crowded.push([x, y, site]);
  }
  for (const [x, y, site] of crowded) drawSite(pen, x, y, site, font, 8);
  sheet.districts.forEach((one) => {
    if (!one.point) return;
    const { x, y } = on(L.latLng(one.point)), name = one.name || one.id;
    for (const shift of [0, -20, 20]) if (placed(name, x, y + shift, write, taken)) break;
  });
  for (const { place, text, size } of labels) {
    const { x, y } = on(place);
    if (Math.sqrt(size) * view.scale > LEGIBLE) write(text, x, y, 12.5, 700);
  }
}
function placed(name, x, y, write, taken) {
  const before = taken.length;
  write(name.length > 12 ? name.slice(0, 12) + "…" : name, x, y, 14, 700);
  return taken.length > before;
}
const LEGIBLE = 24; // pixels: a smaller unit bears no number
const siteSize = (side) => { const zoom = boards[side].getZoom(); return zoom >= 11.25 ? 24 : zoom >= 9.75 ? 20 : 17; };
function sites(side) {
  const served = planOf(side).served;
  return layer().partners.map((partner, n) => ({ partner: partner, n: n, hospital: hospitalOf(partner) }))
    .filter(({ n, hospital }) => served[n] >= 0 && hospital.point)
    .map((one) => ({ ...one, place: L.latLng(one.hospital.point) }));
}
function drawSite(pen, x, y, { partner, hospital }, font, size) {
  const path = new Path2D((sheet.marks[hospital.category] || sheet.marks.general)[0]);
  pen.save();
  pen.translate(x - size / 2, y - size / 2);
  pen.scale(size / 24, size / 24);
  pen.fillStyle = state.paint === "partner" ? partner.colour : "#FFFFFF";
  pen.strokeStyle = sheet.colours.ink;
  pen.lineWidth = 36 / size;
  pen.fill(path);
  pen.stroke(path);
  pen.restore();
  if (size < 12) return;
  pen.font = `700 ${Math.round(size * 0.53)}px ${font}`;
  pen.fillStyle = sheet.colours.ink;
  pen.fillText(String(partner.number), x, y + 0.5);
}
const painters = boards.map((board, side) => {
  board.createPane("shapes").style.zIndex = 350;
  board.getPane("shapes").style.pointerEvents = "none";
  const painter = new Shapes({ draw: (...how) => drawSide(side, ...how) });
  board.addLayer(painter);
  return painter;
});

// --- Under the pointer ---------------------------------------------------------------------------
const CARD = { minWidth: 260, maxWidth: 300, autoPanPaddingTopLeft: [12, 66], autoPanPaddingBottomRight: [80, 12] }; // clear of names and buttons
function openCard(board, content, place) {
  board.openPopup(L.popup(CARD).setLatLng(place).setContent(content));
  announce("opened", content.querySelector("h3").textContent);
}
const nameOfUnit = (n) => sheet.units.name[n] || sheet.units.id[n];
const signed = (n) => (n === null ? "–" : n === 0 ? "0.0" : (n > 0 ? "+" : "−") + Math.abs(n).toFixed(1));
const leadOn = (side, n, one) => { const partner = partnerOn(side, n, one); return partner ? named(hospitalOf(partner)) : el("span", "", "–"); };
function unitCard(n) {
  const body = el("tbody"), district = sheet.districts[sheet.units.district[n]];
  for (const one of sheet.layers) {
    const more = minutesMore(n, one), same = partnerOn(0, n, one) === partnerOn(1, n, one);
    body.append(el("tr", "", Object.assign(el("td", "of", said(one.name)), { colSpan: 3 })));
    if (same) {
      body.append(el("tr", "", el("td", "", word("unchanged")), el("td", "", leadOn(1, n, one)), el("td", "n", minutes(planOf(1, one).minutes[n]))));
      if (!more) continue;
    } else [0, 1].forEach((side) => body.append(el("tr", "", el("td", "", said(sheet.words[side ? "after" : "before"])),
      el("td", "", leadOn(side, n, one)), el("td", "n", minutes(planOf(side, one).minutes[n])))));
    body.append(el("tr", same ? "" : "changes", el("td", "", word("more_minutes")), el("td"), el("td", "n", el("b", "", signed(more)))));
  }
  const table = el("table", "", el("thead", "", el("tr", "", el("th"), el("th", "", word("lead")), el("th", "n", word("minutes")))), body);
  const [then, now] = SIDES.map((plan) => people[plan()][n]);
  return popup([nameOfUnit(n), ""], [
    ["id", sheet.units.id[n]],
    ["people", then === now ? count(now) : count(then) + " → " + count(now)],
    ["district", district ? named(district) : null],
  ], table);
}
function siteCard(side, { partner, n, hospital }) {
  const [then, now] = [0, 1].map((one) => planOf(one).served[n]);
  return popup([hospital.name || hospital.id, hospital.name_en], [
    ["id", hospital.id],
    ["category", term("category", hospital.category)],
    ["people_served", [then, now].map((served) => (served < 0 ? "–" : count(served))).join(" → ")],
  ]);
}
function under(side, place) {
  const board = boards[side], point = board.latLngToContainerPoint(place);
  const site = sites(side).find((one) => board.latLngToContainerPoint(one.place).distanceTo(point) < siteSize(side) / 2);
  if (site) return { name: () => named(site.hospital), card: () => siteCard(side, site) };
  const n = unitAt(place);
  return n < 0 ? null : { name: () => el("span", "", el("bdi", "", nameOfUnit(n)), " · ", leadOn(side, n)), card: () => unitCard(n) };
}
boards.forEach((board, side) => {
  const tip = L.tooltip({ direction: "top", opacity: 0.96 });
  const ghost = L.marker([0, 0], { icon: L.divIcon({ className: "ghost", iconSize: [14, 14] }), interactive: false, keyboard: false });
  const open = (place) => {
    const found = under(side, place);
    if (found) openCard(board, found.card(), place);
  };
  board.on("click", (event) => open(event.latlng));
  board.getContainer().addEventListener("keydown", (event) => { // without a mouse: what lies in the middle
    if (event.key === "Enter" && event.target === board.getContainer()) open(board.getCenter());
  });
  board.on("mousemove", (event) => {
    const found = under(side, event.latlng), other = boards[1 - side];
    if (!found) return void board.fire("mouseout");
    tip.setContent(found.name()).setLatLng(event.latlng);
    ghost.setLatLng(event.latlng);
    if (!board.hasLayer(tip)) board.addLayer(tip);
    state.layout === "beside" ? other.addLayer(ghost) : other.removeLayer(ghost);
  });
  board.on("mouseout", () => { board.removeLayer(tip); boards[1 - side].removeLayer(ghost); });
});
function openUnit(n, side = 1) {
  if (!drawn(shapes.units, n)) return;
  fitBoth(frameOf(shapes.units, n), { padding: [60, 60], maxZoom: Math.max(map.getZoom(), 11.5) });
  openCard(boards[side], unitCard(n), placeIn(shapes.units, n));
}
function openDistrict(n) {
  if (drawn(shapes.districts, n)) fitBoth(frameOf(shapes.districts, n), { padding: [40, 40] });
}
function openHospital(n) {
  const of = layer().partners.findIndex((partner) => partner.hospital === n), partner = layer().partners[of], hospital = sheet.hospitals[n];
  const side = of >= 0 && planOf(1).served[of] < 0 ? 0 : 1;
  if (!hospital.point) return void announce("opened", plain("no_place"));
  map.setView(L.latLng(hospital.point), Math.max(map.getZoom(), 11.5), { animate: false });
  if (partner) openCard(boards[side], siteCard(side, { partner: partner, n: of, hospital: hospital }), L.latLng(hospital.point));
}
const KINDS = [
  ["hospital", sheet.hospitals, openHospital, () => 0],
  ["district", sheet.districts, openDistrict, () => 2],
  ["unit", sheet.units.id.map((id, n) => ({ id: id, name: sheet.units.name[n] })), openUnit, () => 5],
];
