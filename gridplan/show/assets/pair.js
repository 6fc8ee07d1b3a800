// Two maps that move as one: beside each other, one over the other with a divider, or the second alone. Nothing here knows
// what they show.
"use strict";
const BOARD = { zoomControl: false, attributionControl: false, zoomSnap: 0.25, zoomDelta: 0.5, wheelPxPerZoomLevel: 120, maxZoom: 18,
  zoomAnimation: false, fadeAnimation: false };
const boards = ["map_before", "map_after"].map((id) => L.map(id, BOARD).setView([0, 0], 2));
const map = boards[1], map_plan = map;

// Whatever moves one moves the other.
let leading = null;
boards.forEach((board, n) => board.on("move", () => {
  if (leading !== null) return;
  leading = n;
  boards[1 - n].setView(board.getCenter(), board.getZoom(), { animate: false });
  leading = null;
}));
function fitBoth(bounds, options) {
  map_plan.fitBounds(bounds, { padding: [18, 18], animate: false, ...options });
}

// --- Beside, over each other, alone -------------------------------------------------------------
const pairBox = document.getElementById("pair"), divider = document.getElementById("divider");
const LAYOUTS = ["beside", "swipe", "one"];
function arrange(layout) {
  const centre = map_plan.getCenter(), zoom = map_plan.getZoom();
  pairBox.className = layout;
  divider.hidden = layout !== "swipe";
  divide(divided);
  boards.forEach((board) => { board.closePopup(); board.invalidateSize({ animate: false, pan: false }); });
  boards.forEach((board) => board.setView(centre, zoom, { animate: false }));
}
let divided = 50; // percent of the width that shows the first map
function divide(percent) {
  divided = Math.min(100, Math.max(0, percent));
  pairBox.style.setProperty("--at", divided + "%");
  divider.setAttribute("aria-valuenow", String(Math.round(divided)));
}
const dividerAt = (event) => {
  const box = pairBox.getBoundingClientRect();
  divide((100 * (event.clientX - box.left)) / box.width);
};
divider.addEventListener("pointerdown", (event) => { divider.setPointerCapture(event.pointerId); event.preventDefault(); divider.focus(); });
divider.addEventListener("pointermove", (event) => { if (divider.hasPointerCapture(event.pointerId)) dividerAt(event); });
const DIVIDES = { ArrowLeft: () => divided - 2, ArrowRight: () => divided + 2, ArrowDown: () => divided - 2, ArrowUp: () => divided + 2,
  PageDown: () => divided - 10, PageUp: () => divided + 10, Home: () => 0, End: () => 100 };
divider.addEventListener("keydown", (event) => {
  if (!DIVIDES[event.key]) return;
  event.preventDefault();
  divide(DIVIDES[event.key]());
});
