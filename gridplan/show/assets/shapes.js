// Shapes: read from the page as packed.py wrote them, found under the pointer, and drawn on one canvas below all marks.
// They lie in a plane of Mercator, in steps of packed.py's grid from its origin, y downwards: small numbers, so that a
// canvas draws them exactly at any zoom.
"use strict";
const BUCKETS = 96; // to a side, of the index by which a place is found
const { origin: ORIGIN, step: STEP } = sheet.shapes;
const mercator = (lat) => Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360)) * (180 / Math.PI);
const SOUTH = mercator(ORIGIN[1]);
const planeX = (lon) => (lon - ORIGIN[0]) / STEP, planeY = (lat) => (SOUTH - mercator(lat)) / STEP;
const latOf = (y) => (Math.atan(Math.exp(((SOUTH - y * STEP) * Math.PI) / 180)) * 360) / Math.PI - 90;
const latLngOf = (x, y) => L.latLng(latOf(y), ORIGIN[0] + x * STEP);

// --- Reading ---------------------------------------------------------------------------------
// Whole numbers, seven bits a byte, the lowest first; the eighth bit says that more follow.
function numbers(text) {
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
// Steps from place to place, 0, −1, 1, −2 … as 0, 1, 2, 3 …; x and y take turns.
function placesOf(text) {
  const moves = numbers(text), places = new Int32Array(moves.length);
  for (let n = 0; n < moves.length; n++) {
    const move = moves[n] % 2 ? -(moves[n] + 1) / 2 : moves[n] / 2;
    places[n] = move + (n > 1 ? places[n - 2] : 0);
  }
  return places;
}
const sums = (counts) => {
  const ends = new Int32Array(counts.length + 1);
  for (let n = 0; n < counts.length; n++) ends[n + 1] = ends[n] + counts[n];
  return ends;
};
// rings[n] is the first ring of shape n, corners[r] the first corner of ring r, boxes four numbers a shape.
function unpacked(packed) {
  const rings = sums(numbers(packed.rings)), corners = sums(numbers(packed.corners)), places = placesOf(packed.places);
  const size = rings.length - 1, xs = new Float64Array(places.length / 2), ys = new Float64Array(xs.length);
  const boxes = new Float64Array(4 * size);
  for (let n = 0; n < xs.length; n++) {
    xs[n] = places[2 * n];
    ys[n] = planeY(ORIGIN[1] + places[2 * n + 1] * STEP);
  }
  for (let n = 0; n < size; n++) {
    let [west, north, east, south] = [Infinity, Infinity, -Infinity, -Infinity];
    for (let c = corners[rings[n]]; c < corners[rings[n + 1]]; c++) {
      if (xs[c] < west) west = xs[c];
      if (xs[c] > east) east = xs[c];
      if (ys[c] < north) north = ys[c];
      if (ys[c] > south) south = ys[c];
    }
    boxes.set([west, north, east, south], 4 * n);
  }
  return { size: size, rings: rings, corners: corners, places: places, xs: xs, ys: ys, boxes: boxes, index: indexed(boxes) };
}
// Cells of a lattice have no corners of their own: their edges are those of columns and rows.
function latticed({ origin: [lon, lat], size: [wide, high], places: text }) {
  const places = placesOf(text), size = places.length / 2, boxes = new Float64Array(4 * size), at = new Map();
  const edges = [];
  const edge = (row) => (edges[row] === undefined ? (edges[row] = planeY(lat + (row - 0.5) * high)) : edges[row]);
  for (let n = 0; n < size; n++) {
    const column = places[2 * n], row = places[2 * n + 1];
    at.set(column * 65536 + row, n);
    boxes.set([planeX(lon + (column - 0.5) * wide), edge(row + 1), planeX(lon + (column + 0.5) * wide), edge(row)], 4 * n);
  }
  const find = (place) => at.get(Math.round((place.lng - lon) / wide) * 65536 + Math.round((place.lat - lat) / high));
  return { size: size, places: places, boxes: boxes, find: find };
}
const shapes = {
  units: sheet.shapes.cells ? latticed(sheet.shapes.cells) : unpacked(sheet.shapes.units),
  districts: unpacked(sheet.shapes.districts),
  catchments: sheet.shapes.catchments.map(unpacked),
};

// --- Finding ---------------------------------------------------------------------------------
function indexed(boxes) {
  let [west, north, east, south] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let n = 0; n < boxes.length; n += 4) {
    west = Math.min(west, boxes[n]);
    north = Math.min(north, boxes[n + 1]);
    east = Math.max(east, boxes[n + 2]);
    south = Math.max(south, boxes[n + 3]);
  }
  const wide = (east - west) / BUCKETS || 1, high = (south - north) / BUCKETS || 1, buckets = new Map();
  const place = (v, low, size) => Math.min(BUCKETS - 1, Math.max(0, Math.floor((v - low) / size)));
  for (let n = 0; n < boxes.length / 4; n++) {
    if (boxes[4 * n] > boxes[4 * n + 2]) continue; // an empty shape
    const [left, right] = [boxes[4 * n], boxes[4 * n + 2]].map((v) => place(v, west, wide));
    const [top, bottom] = [boxes[4 * n + 1], boxes[4 * n + 3]].map((v) => place(v, north, high));
    for (let x = left; x <= right; x++) for (let y = top; y <= bottom; y++) {
      const key = x * BUCKETS + y;
      buckets.has(key) ? buckets.get(key).push(n) : buckets.set(key, [n]);
    }
  }
  return (x, y) => buckets.get(place(x, west, wide) * BUCKETS + place(y, north, high)) || [];
}
function eachEdge(of, n, does) {
  for (let r = of.rings[n]; r < of.rings[n + 1]; r++) {
    const first = of.corners[r], last = of.corners[r + 1] - 1;
    for (let c = first, before = last; c <= last; before = c++) does(of.xs[before], of.ys[before], of.xs[c], of.ys[c]);
  }
}
function contains(of, n, x, y) {
  let inside = false;
  eachEdge(of, n, (x1, y1, x2, y2) => {
    if ((y1 > y) !== (y2 > y) && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) inside = !inside;
  });
  return inside;
}
// The position of the shape at a place, -1 where there is none.
function shapeAt(of, place) {
  if (of.find) return of.find(place) ?? -1;
  const x = planeX(place.lng), y = planeY(place.lat);
  return of.index(x, y).find((n) => contains(of, n, x, y)) ?? -1;
}
const unitAt = (place) => shapeAt(shapes.units, place);
const districtAt = (place) => shapeAt(shapes.districts, place);
const drawn = (of, n) => of.boxes[4 * n] < of.boxes[4 * n + 2];
const frameOf = (of, n) => L.latLngBounds(latLngOf(of.boxes[4 * n], of.boxes[4 * n + 3]), latLngOf(of.boxes[4 * n + 2], of.boxes[4 * n + 1]));
// A place inside a shape: the middle of the longest stretch at half its height.
function placeIn(of, n) {
  const [west, north, east, south] = of.boxes.subarray(4 * n, 4 * n + 4), y = (north + south) / 2, met = [];
  if (of.find) return latLngOf((west + east) / 2, y);
  eachEdge(of, n, (x1, y1, x2, y2) => { if ((y1 > y) !== (y2 > y)) met.push(((x2 - x1) * (y - y1)) / (y2 - y1) + x1); });
  met.sort((a, b) => a - b);
  let best = 0;
  for (let m = 0; m + 1 < met.length; m += 2) if (met[m + 1] - met[m] > met[best + 1] - met[best]) best = m;
  return latLngOf((met[best] + met[best + 1]) / 2, y);
}

// --- Drawing ---------------------------------------------------------------------------------
// A view says where the plane lies on a canvas: x and y of its origin, pixels a step, width and height.
const seen = (of, n, view) => drawn(of, n)
  && of.boxes[4 * n] * view.scale + view.x < view.width && of.boxes[4 * n + 2] * view.scale + view.x > 0
  && of.boxes[4 * n + 1] * view.scale + view.y < view.height && of.boxes[4 * n + 3] * view.scale + view.y > 0;
// Corners lie on half pixels, each once: neighbours share their corners, so they part nowhere, and small bends cost nothing.
function trace(pen, of, n, view) {
  const { corners, xs, ys } = of, scale = view.scale * 2, left = view.x * 2, top = view.y * 2;
  for (let r = of.rings[n]; r < of.rings[n + 1]; r++) {
    let x = NaN, y = NaN;
    for (let c = corners[r]; c < corners[r + 1]; c++) {
      const nextX = Math.round(xs[c] * scale + left) / 2, nextY = Math.round(ys[c] * scale + top) / 2;
      if (nextX === x && nextY === y) continue;
      c === corners[r] ? pen.moveTo(nextX, nextY) : pen.lineTo(nextX, nextY);
      x = nextX;
      y = nextY;
    }
    pen.closePath();
  }
}
// Cells lie on whole pixels: side by side they leave no seam while they are small, and none is thinner than a pixel.
const LARGE = 9; // pixels
function fillCell(pen, of, n, view, ratio) {
  const whole = (v) => Math.round(v * ratio) / ratio;
  const x = whole(of.boxes[4 * n] * view.scale + view.x), y = whole(of.boxes[4 * n + 1] * view.scale + view.y);
  const right = whole(of.boxes[4 * n + 2] * view.scale + view.x), bottom = whole(of.boxes[4 * n + 3] * view.scale + view.y);
  const gap = right - x < LARGE ? 0 : 0.5;
  pen.fillRect(x, y, Math.max(right - x - gap, 1 / ratio), Math.max(bottom - y - gap, 1 / ratio));
}
// Shapes in paths of some: a path of one is slow to begin, a path of thousands slow to grow.
const SOME = 24;
function inPaths(pen, of, members, view, does) {
  let begun = 0;
  pen.beginPath();
  for (const n of members) {
    if (n >= of.size || !seen(of, n, view)) continue;
    trace(pen, of, n, view);
    if (++begun % SOME) continue;
    does();
    pen.beginPath();
  }
  if (begun % SOME) does();
}
const DASHES = [5, 3.5]; // of borders that were drawn from points
function outline(pen, of, members, view, colour, width, alpha = 1, dashes = []) {
  pen.globalAlpha = alpha;
  pen.setLineDash(dashes);
  pen.lineWidth = width;
  pen.strokeStyle = colour;
  inPaths(pen, of, members, view, () => pen.stroke());
  pen.globalAlpha = 1;
  pen.setLineDash([]);
}
// Borders of districts: those from the tables whole, those that were drawn from points dashed.
function outlineDistricts(pen, members, view, colour, width, alpha) {
  const made = new Set(sheet.from_points.districts);
  outline(pen, shapes.districts, members.filter((n) => !made.has(n)), view, colour, width, alpha);
  outline(pen, shapes.districts, members.filter((n) => made.has(n)), view, colour, width, alpha, DASHES);
}
// Each group of units in its colour.
function fillUnits(pen, groups, view, ratio) {
  const of = shapes.units;
  for (const { colour, alpha, members } of groups) {
    pen.globalAlpha = alpha;
    pen.fillStyle = colour;
    if (!of.find) inPaths(pen, of, members, view, () => pen.fill());
    else for (const n of members) if (seen(of, n, view)) fillCell(pen, of, n, view, ratio);
  }
  pen.globalAlpha = 1;
}

// The canvas on a map; what is drawn on it is up to paint.js, or to the option `draw` where there are more maps.
const Shapes = L.Renderer.extend({
  options: { padding: 0.2, pane: "shapes" },
  _initContainer() {
    this._container = el("canvas");
  },
  _destroyContainer() {
    this._container.remove();
    delete this._container;
  },
  _updatePaths() {}, // Leaflet's own paths are on another canvas
  _update() {
    if (this._map._animatingZoom && this._bounds) return;
    L.Renderer.prototype._update.call(this);
    const size = this._bounds.getSize(), canvas = this._container, ratio = L.Browser.retina ? 2 : 1;
    L.DomUtil.setPosition(canvas, this._bounds.min);
    if (canvas.width !== size.x * ratio || canvas.height !== size.y * ratio) {
      [canvas.width, canvas.height] = [size.x * ratio, size.y * ratio];
      [canvas.style.width, canvas.style.height] = [size.x + "px", size.y + "px"];
    }
    this.redraw();
  },
  // Once before the next picture, however often it is asked for.
  redraw() {
    this._asked = this._asked || L.Util.requestAnimFrame(this._redraw, this);
  },
  _redraw() {
    L.Util.cancelAnimFrame(this._asked);
    this._asked = null;
    if (!this._container) return;
    const size = this._bounds.getSize(), pen = this._container.getContext("2d"), ratio = this._container.width / size.x;
    const map = this._map, draw = this.options.draw || drawShapes;
    const start = map.project([ORIGIN[1], ORIGIN[0]]).subtract(map.getPixelOrigin()).subtract(this._bounds.min);
    const scale = (256 * 2 ** map.getZoom() * STEP) / 360;
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, size.x, size.y);
    draw(pen, { x: start.x, y: start.y, scale: scale, width: size.x, height: size.y }, ratio);
  },
});
