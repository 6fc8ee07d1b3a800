// The map: one canvas of units, painted by hospital, minutes or change; click, drag over units, move and zoom.
"use strict";
const board = { scale: 1, x: 0, y: 0, shapes: null, outlines: null, paint: "hospital", tool: "select", brush: -1, drawn: [], over: -1 };
const mercator = (lat) => Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360)) * (180 / Math.PI);

function placesOf(text) { // steps from place to place, 0, −1, 1, −2 … as 0, 1, 2, 3 …; x and y take turns
  const moves = unpackedNumbers(text), places = new Int32Array(moves.length);
  for (let n = 0; n < moves.length; n++) places[n] = (moves[n] % 2 ? -(moves[n] + 1) / 2 : moves[n] / 2) + (n > 1 ? places[n - 2] : 0);
  return places;
}
// A Path2D per shape, in a plane of Mercator that looks down from the north, degrees times 1,000.
const planeOf = (lon, lat) => [(lon - data.shapes.origin[0]) * 1000, -(mercator(lat) - mercator(data.shapes.origin[1])) * 1000];
function pathsOf(packed) {
  const rings = unpackedNumbers(packed.rings), corners = unpackedNumbers(packed.corners), places = placesOf(packed.places);
  const { origin: [west, south], step } = data.shapes, found = [];
  let [ring, place] = [0, 0];
  for (const number of rings) {
    const path = new Path2D(), box = [Infinity, Infinity, -Infinity, -Infinity];
    for (let r = 0; r < number; r++, ring++) {
      for (let c = 0; c < corners[ring]; c++, place += 2) {
        const [x, y] = planeOf(west + places[place] * step, south + places[place + 1] * step);
        c ? path.lineTo(x, y) : path.moveTo(x, y);
        box[0] = Math.min(box[0], x); box[1] = Math.min(box[1], y); box[2] = Math.max(box[2], x); box[3] = Math.max(box[3], y);
      }
      path.closePath();
    }
    found.push({ path: path, box: box });
  }
  return found;
}
function cellsOf({ origin: [lon, lat], size: [wide, high], places: text }) {
  const places = placesOf(text), found = [];
  for (let n = 0; n < places.length; n += 2) {
    const [west, north] = planeOf(lon + (places[n] - 0.5) * wide, lat + (places[n + 1] + 0.5) * high);
    const [east, south] = planeOf(lon + (places[n] + 0.5) * wide, lat + (places[n + 1] - 0.5) * high), path = new Path2D();
    path.rect(west, north, east - west, south - north);
    found.push({ path: path, box: [west, north, east, south] });
  }
  return found;
}

function openBoard() {
  board.shapes = data.shapes.cells ? cellsOf(data.shapes.cells) : pathsOf(data.shapes.units);
  board.outlines = pathsOf(data.shapes.districts);
  board.canvas = at("board");
  board.middles = data.districts.map((d) => d.point && planeOf(...d.point));
  board.sites = data.hospitals.map((h) => h.point && planeOf(...h.point));
  new ResizeObserver(() => fit()).observe(board.canvas.parentNode);
  listenToBoard();
  fit();
}
function fit(view) {
  const { canvas } = board, box = canvas.parentNode.getBoundingClientRect(), ratio = window.devicePixelRatio || 1;
  canvas.width = Math.max(1, Math.round(box.width * ratio));
  canvas.height = Math.max(1, Math.round(box.height * ratio));
  show(canvas, data.views[view || "city"]);
  drawBoard();
}
function show(canvas, [[south, west], [north, east]]) {
  const [left, bottom] = planeOf(west, south), [right, top] = planeOf(east, north);
  board.scale = 0.94 * Math.min(canvas.width / (right - left), canvas.height / (bottom - top));
  board.x = canvas.width / 2 - ((left + right) / 2) * board.scale;
  board.y = canvas.height / 2 - ((top + bottom) / 2) * board.scale;
}
function zoom(times, x, y) {
  const { canvas } = board, [px, py] = [x ?? canvas.width / 2, y ?? canvas.height / 2];
  board.x = px - (px - board.x) * times;
  board.y = py - (py - board.y) * times;
  board.scale *= times;
  drawBoard();
}

// --- Drawing ---------------------------------------------------------------------------------
function fillOf(u) {
  const layer = desk.layer(), part = desk.now.layers[desk.place], h = part.of[u];
  if (h < 0) return data.nobody;
  if (board.paint === "hospital") return layer.source.colours[h];
  const minutes = layer.minutes(u, h), before = desk.plan.layers[desk.place].of[u];
  if (board.paint === "minutes") return ramp("minutes", minutes);
  return before < 0 ? data.nobody : ramp("change", minutes - layer.minutes(u, before));
}
function ramp(name, value) {
  const [breaks, colours] = data.ramps[name];
  let n = 0;
  while (n < breaks.length && value > breaks[n]) n++;
  return colours[n];
}
function drawBoard() {
  if (board.asked) return;
  board.asked = requestAnimationFrame(() => { board.asked = 0; paintOn(board.canvas, board); });
}
function paintOn(canvas, view) {
  const pen = canvas.getContext("2d"), ratio = canvas.width / (canvas.clientWidth || canvas.width), thin = ratio / view.scale;
  pen.setTransform(1, 0, 0, 1, 0, 0);
  pen.fillStyle = "#ffffff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.setTransform(view.scale, 0, 0, view.scale, view.x, view.y);
  pen.lineWidth = 0.5 * thin;
  const many = board.shapes.length > 5000;
  board.shapes.forEach(({ path }, u) => {
    pen.fillStyle = pen.strokeStyle = fillOf(u);
    pen.fill(path, "evenodd");
    if (!many) pen.strokeStyle = "rgba(34,48,60,.22)";
    pen.stroke(path);
  });
  const hand = desk.state.variant.layers[desk.place].mine;
  pen.strokeStyle = "#22303C";
  pen.lineWidth = 1.6 * thin;
  pen.setLineDash([3 * thin, 2 * thin]);
  hand.forEach((mine, u) => { if (mine) pen.stroke(board.shapes[u].path); });
  pen.setLineDash([]);
  for (const u of board.drawn) { pen.lineWidth = 3 * thin; pen.strokeStyle = "#AA0044"; pen.stroke(board.shapes[u].path); }
  board.outlines.forEach(({ path }, d) => {
    pen.strokeStyle = d === desk.district ? "#AA0044" : "#22303C";
    pen.lineWidth = (d === desk.district ? 3.4 : 1.3) * thin;
    pen.stroke(path);
  });
  if (desk.unit >= 0) { pen.strokeStyle = "#AA0044"; pen.lineWidth = 3 * thin; pen.stroke(board.shapes[desk.unit].path); }
  pen.setTransform(1, 0, 0, 1, 0, 0);
  marks(pen, view, ratio);
}
function marks(pen, view, ratio) {
  const layer = desk.layer(), part = desk.now.layers[desk.place], placed = [];
  const to = ([x, y]) => [x * view.scale + view.x, y * view.scale + view.y];
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  layer.hospitals.forEach((hospital, h) => {
    if (!board.sites[hospital]) return;
    const [x, y] = to(board.sites[hospital]), used = part.load[h] > 0, closed = desk.state.variant.closed[hospital], size = (used ? 10 : 7) * ratio;
    pen.beginPath();
    pen.arc(x, y, size, 0, 7);
    pen.fillStyle = closed ? "#ffffff" : used ? layer.source.colours[h] : "#f3f3f3";
    pen.strokeStyle = closed ? "#AA0044" : "#22303C";
    pen.lineWidth = 1.6 * ratio;
    pen.fill();
    pen.stroke();
    pen.fillStyle = "#22303C";
    pen.font = `600 ${(used ? 11 : 9) * ratio}px system-ui, sans-serif`;
    pen.fillText(closed ? "×" : String(layer.source.badges[h]), x, y + 0.5 * ratio);
    placed.push([x - size, y - size, x + size, y + size]);
  });
  pen.font = `600 ${12.5 * ratio}px "Noto Sans CJK SC","Microsoft YaHei",system-ui,sans-serif`;
  board.middles.forEach((middle, d) => {
    if (!middle) return;
    const [x, y] = to(middle), name = districtName(d), wide = pen.measureText(name).width / 2 + 2, high = 8 * ratio;
    const free = [0, 18, -18, 34, -34].map((by) => y + by * ratio).find((up) => !placed.some(([a, b, c, e]) => x - wide < c && x + wide > a && up - high < e && up + high > b));
    if (free === undefined && d !== desk.district) return;
    const up = free ?? y;
    placed.push([x - wide, up - high, x + wide, up + high]);
    pen.lineWidth = 3.5 * ratio;
    pen.strokeStyle = "rgba(255,255,255,.9)";
    pen.strokeText(name, x, up);
    pen.fillStyle = "#22303C";
    pen.fillText(name, x, up);
  });
}

// --- The pointer -----------------------------------------------------------------------------
function unitAt(x, y) {
  const pen = board.canvas.getContext("2d"), px = (x - board.x) / board.scale, py = (y - board.y) / board.scale;
  pen.setTransform(1, 0, 0, 1, 0, 0);
  return board.shapes.findIndex(({ path, box }) => px >= box[0] && px <= box[2] && py >= box[1] && py <= box[3] && pen.isPointInPath(path, px, py, "evenodd"));
}
const spot = (event) => {
  const box = board.canvas.getBoundingClientRect(), ratio = board.canvas.width / box.width;
  return [(event.clientX - box.left) * ratio, (event.clientY - box.top) * ratio];
};
function listenToBoard() {
  const { canvas } = board, down = new Map();
  let moved = false, apart = 0;
  canvas.addEventListener("wheel", (event) => { event.preventDefault(); zoom(event.deltaY < 0 ? 1.25 : 0.8, ...spot(event)); }, { passive: false });
  canvas.addEventListener("pointerdown", (event) => {
    try { canvas.setPointerCapture(event.pointerId); } catch (fault) { if (fault.name !== "NotFoundError") throw fault; }
    down.set(event.pointerId, spot(event));
    [moved, apart] = [false, 0];
    if (board.tool === "give" && board.brush >= 0) take(...spot(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    const here = spot(event), before = down.get(event.pointerId);
    if (!before) { hover(unitAt(...here), event); return; }
    if (down.size === 2) {
      down.set(event.pointerId, here);
      const [[ax, ay], [bx, by]] = [...down.values()], now = Math.hypot(ax - bx, ay - by);
      if (apart) zoom(now / apart, (ax + bx) / 2, (ay + by) / 2);
      [apart, moved] = [now, true];
      return;
    }
    if (Math.hypot(here[0] - before[0], here[1] - before[1]) > 4) moved = true;
    if (board.tool === "give" && board.brush >= 0) { take(...here); return; }
    if (!moved) return;
    board.x += here[0] - before[0];
    board.y += here[1] - before[1];
    down.set(event.pointerId, here);
    drawBoard();
  });
  const up = (event) => {
    if (!down.delete(event.pointerId)) return;
    const taken = board.drawn;
    board.drawn = [];
    if (taken.length) { desk.give(taken, board.brush); return; }
    if (!moved && event.type === "pointerup") desk.select(unitAt(...spot(event)));
  };
  canvas.addEventListener("pointerup", up);
  canvas.addEventListener("pointercancel", up);
  canvas.addEventListener("pointerleave", () => hover(-1));
}
function take(x, y) {
  const u = unitAt(x, y);
  if (u >= 0 && !board.drawn.includes(u)) { board.drawn.push(u); drawBoard(); }
}
function hover(u, event) {
  const tip = at("tip");
  tip.hidden = u < 0;
  if (u < 0) return;
  const part = desk.now.layers[desk.place], layer = desk.layer(), h = part.of[u];
  tip.textContent = districtName(data.units.district[u]) + " · " + unitName(u) + (h < 0 ? "" : " → " + hospitalName(layer.hospitals[h]) + " · " + tenth(layer.minutes(u, h)) + " " + say("min"));
  const box = board.canvas.parentNode.getBoundingClientRect();
  tip.style.left = Math.min(event.clientX - box.left + 14, box.width - 250) + "px";
  tip.style.top = event.clientY - box.top + 14 + "px";
}
