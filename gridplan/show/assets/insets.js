// The centre of the city enlarged, in each of two maps, where it is small on the map: drawn again with whatever changes.
"use strict";
const insetCentre = sheet.views.centre && L.latLngBounds(sheet.views.centre);
const INSET = { most: 0.5, least: 360, share: 0.4 }; // of the map's width: a larger centre needs none; pixels of a map that has room; of its width
const insets = boards.map((board) => {
  const box = el("div", "inset left bottom");
  box.hidden = true;
  box.setAttribute("role", "img");
  box.setAttribute("aria-label", plain("inset"));
  L.DomEvent.disableClickPropagation(box);
  box.addEventListener("click", () => fitBoth(insetCentre));
  board.getContainer().append(box);
  return box;
});
function drawInsets() {
  if (insetCentre) boards.forEach(drawInsetOf);
}
function drawInsetOf(board, side) {
  const box = insets[side], size = board.getSize(), layout = pairBox.className;
  const [west, east] = [insetCentre.getSouthWest(), insetCentre.getNorthEast()].map((place) => board.latLngToContainerPoint(place));
  const shown = sides.length && size.x > INSET.least && east.x - west.x < INSET.most * size.x && board.getBounds().contains(insetCentre) && layout !== "swipe";
  box.hidden = !shown;
  if (!shown) return;
  const [left, top, right, bottom] = [planeX(insetCentre.getWest()), planeY(insetCentre.getNorth()), planeX(insetCentre.getEast()), planeY(insetCentre.getSouth())];
  const most = Math.min(INSET.share * size.x, 0.45 * size.y, 300), scale = (most - 12) / Math.max(right - left, bottom - top);
  const [wide, high] = [right - left, bottom - top].map((v) => Math.round(v * scale) + 12);
  const drawing = el("canvas"), pen = drawing.getContext("2d");
  [drawing.width, drawing.height] = [wide * 2, high * 2];
  [drawing.style.width, drawing.style.height] = [wide + "px", high + "px"];
  pen.scale(2, 2);
  drawSide(side, pen, { x: 6 - left * scale, y: 6 - top * scale, scale: scale, width: wide, height: high }, 2);
  box.replaceChildren(el("div", "caption", word("centre")), drawing);
  box.style.width = wide + "px";
  const [x, y] = cornerOf(board, wide, high);
  box.className = `inset ${x} ${y}`;
}
// The corner where it hides least of the city; the names of the plans stand above, buttons and scale on the right of the second map.
function cornerOf(board, wide, high) {
  const size = board.getSize(), places = sheet.districts.filter((one) => one.point).map((one) => board.latLngToContainerPoint(L.latLng(one.point)));
  const zero = board.latLngToContainerPoint([ORIGIN[1], ORIGIN[0]]), steps = (256 * 2 ** board.getZoom() * STEP) / 360, { xs, ys } = shapes.districts;
  for (let n = 0; n < xs.length; n++) places.push({ x: zero.x + xs[n] * steps, y: zero.y + ys[n] * steps });
  const hides = [["left", "bottom"], ["left", "top"], ["right", "bottom"]].map(([x, y]) => [places.filter((p) => (x === "right" ? p.x > size.x - wide - 24 : p.x < wide + 24)
    && (y === "bottom" ? p.y > size.y - high - 56 : p.y < high + 70)).length, x, y]);
  return hides.sort((a, b) => a[0] - b[0])[0].slice(1);
}
boards[1].on("moveend resize", drawInsets);
