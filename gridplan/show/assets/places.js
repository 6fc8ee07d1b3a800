// What the search of a plan's map finds, and how it is opened: partners first, then who may be one, districts, branches.
"use strict";
const partnerSet = new Set(sheet.layers.flatMap((one) => one.partners.map((partner) => partner.hospital)));
const candidateSet = new Set(sheet.layers.flatMap((one) => one.candidates));
const KINDS = [
  ["hospital", sheet.hospitals, (n) => openHospital(n), (n) => (partnerSet.has(n) ? 0 : candidateSet.has(n) ? 1 : 4)],
  ["district", sheet.districts, (n) => openDistrict(n), () => 2],
  ["branch", sheet.branches, (n) => openAt("branches", n), () => 3],
  ["unit", sheet.units.id.map((id, n) => ({ id: id, name: sheet.units.name[n] })), (n) => openUnit(n), () => 5],
];

// A hospital as a candidate of the layer on show, else of another one, else among those that are none.
function openHospital(n) {
  const layers = [state.layer, ...sheet.layers.keys()];
  for (const number of layers) if (layerOf("candidates", number).getLayers().some((m) => m.options.index === n)) return openAt("candidates", n, number);
  openAt("others", n);
}
function openAt(key, n, number = state.layer) {
  const numbers = [number, ...sheet.layers.keys()];
  const there = numbers.find((one) => layerOf(key, one).getLayers().some((m) => m.options.index === n));
  if (there === undefined) return void announce("opened", plain("no_place"));
  if (there !== state.layer) { state.layer = there; state.partner = null; }
  turnOn(key);
  const marker = layerOf(key, there).getLayers().find((m) => m.options.index === n);
  map.setView(marker.getLatLng(), Math.max(map.getZoom(), 11.5), { animate: false });
  marker.openPopup();
}
function turnOn(key) {
  state.on.add(key);
  refresh();
}
