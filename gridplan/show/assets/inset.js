// The inset: the centre of the city at a scale at which its districts can be named, drawn once for each change of paint.
"use strict";
const centre = sheet.views.centre && L.latLngBounds(sheet.views.centre);
const SMALLEST = 0.5; // of the map's width: a centre that is smaller than that on the map gets an inset

function drawInset() {
  const box = at("inset"), board = map.getSize();
  if (!centre) return;
  const [west, east] = [centre.getSouthWest(), centre.getNorthEast()].map((p) => map.latLngToContainerPoint(p));
  const shown = map.getBounds().contains(centre) && east.x - west.x < SMALLEST * board.x && board.x > 520;
  box.hidden = !shown;
  if (!shown) return;
  const most = Math.round(Math.min(340, 0.42 * board.y, 0.36 * board.x));
  const crs = L.CRS.EPSG3857, corner = [centre.getNorthWest(), centre.getSouthEast()].map((p) => crs.latLngToPoint(p, 0));
  const scale = (most - 12) / Math.max(corner[1].x - corner[0].x, corner[1].y - corner[0].y);
  const size = [corner[1].x - corner[0].x, corner[1].y - corner[0].y].map((v) => Math.round(v * scale) + 12);
  const pixel = (p) => { const q = crs.latLngToPoint(L.latLng(p), 0); return [(q.x - corner[0].x) * scale + 6, (q.y - corner[0].y) * scale + 6]; };
  const drawing = el("canvas"), pen = drawing.getContext("2d");
  [drawing.width, drawing.height] = size.map((v) => v * 2);
  [drawing.style.width, drawing.style.height] = size.map((v) => v + "px");
  pen.scale(2, 2);
  const [x, y] = pixel([ORIGIN[1], ORIGIN[0]]);
  drawShapes(pen, { x: x, y: y, scale: (scale * 256 * STEP) / 360, width: size[0], height: size[1] }, 2);
  const marks = el("div", "over");
  box.replaceChildren(el("div", "caption", word("centre")), drawing, marks);
  box.style.width = size[0] + "px";
  const inside = ([x, y]) => x > 8 && y > 8 && x < size[0] - 8 && y < size[1] - 8;
  const put = (className, place, content) => {
    const node = el("div", className, el("div", "", content));
    [node.style.left, node.style.top] = place.map((v) => v + "px");
    marks.append(node);
    return node;
  };
  const { take, place } = placer();
  if (state.on.has("candidates")) layerOf("candidates", state.layer).eachLayer((m) => {
    const partner = partnerOf(m.options.index), where = pixel(m.getLatLng());
    if (!partner || !inside(where)) return;
    take(put("dot", where, symbol(mark(sheet.hospitals[partner.hospital].category, partner.colour, partner.number), 18)).firstChild);
  });
  if (state.on.has("districts")) sheet.districts.forEach((district) => {
    if (!district.point || !inside(pixel(district.point))) return;
    const tag = put("tag", pixel(district.point), district.name || district.id);
    place(tag.firstChild, tag, STEPS);
  });
}
// In the corner where it hides least of the city; if it hides some anywhere, the city makes room.
const CORNERS = [["right", "bottom"], ["right", "top"], ["left", "bottom"], ["left", "top"]];
function placeInset() {
  const box = at("inset");
  drawInset();
  if (box.hidden) return;
  const board = map.getSize(), places = [], tools = map.getContainer().querySelector(".leaflet-top.leaflet-left");
  box.style.setProperty("--tools", `${tools.offsetWidth + 14}px`); // beside the buttons, never below them
  const corner = map.latLngToContainerPoint([ORIGIN[1], ORIGIN[0]]), steps = (256 * 2 ** map.getZoom() * STEP) / 360, { xs, ys } = shapes.districts;
  for (let n = 0; n < xs.length; n++) places.push({ x: corner.x + xs[n] * steps, y: corner.y + ys[n] * steps });
  const hides = CORNERS.map(([x, y]) => places.filter((p) => (x === "right" ? p.x > board.x - box.offsetWidth - 24 : p.x < box.offsetWidth + 24)
    && (y === "bottom" ? p.y > board.y - box.offsetHeight - 36 : p.y < box.offsetHeight + 36)).length);
  const best = hides.indexOf(Math.min(...hides)), [x, y] = CORNERS[best];
  box.className = `inset ${x} ${y}`;
  return { hides: hides[best], x: x };
}
// The whole city, as large as it goes; again when the window changes, until somebody moves the map.
let fitted = null;
function fitCity() {
  map.fitBounds(sheet.views.city, { padding: [14, 14], animate: false });
  const inset = placeInset();
  if (inset && inset.hides) makeRoom(inset);
  fitted = [map.getZoom(), map.getCenter()];
}
const stillFitted = () => fitted && map.getZoom() === fitted[0] && map.distance(map.getCenter(), fitted[1]) < 2000;
function makeRoom(inset) {
  const room = [at("inset").offsetWidth + 26, 14], none = [14, 14];
  map.fitBounds(sheet.views.city, { paddingTopLeft: inset.x === "left" ? room : none, paddingBottomRight: inset.x === "right" ? room : none, animate: false });
  placeInset();
}
function insetFrame() {
  if (!centre) return;
  const frame = L.rectangle(centre, { color: "#22303C", weight: 1.2, dashArray: "3 3", fill: false, interactive: false });
  const box = at("inset");
  box.addEventListener("click", () => map.fitBounds(centre, { padding: [14, 14] }));
  box.setAttribute("aria-label", plain("inset"));
  map.on("moveend", () => {
    drawInset();
    (box.hidden ? map.removeLayer : map.addLayer).call(map, frame);
  });
}
