// The map itself and its layers of pairs and sites, none of them shown yet: page.js shows those that are on. Layers hold
// numbers alone, positions in the sheet's tables; what they say comes from there.
"use strict";
const map_plan = L.map("map_plan", { center: sheet.board.centre, zoom: 10, preferCanvas: true, zoomSnap: 0.25, zoomDelta: 0.5,
  wheelPxPerZoomLevel: 120, maxZoom: 18, attributionControl: false }); // without tiles Leaflet knows no deepest zoom of its own
const map = map_plan;

const sitesAt = (places) => L.featureGroup(places.map(([lat, lon, n]) =>
  L.marker([lat, lon], { index: n, icon: L.divIcon({ className: "site" }) })));
const linesOf = (pairs) => L.geoJson(pairs.map(([n, ...ends]) =>
  ({ type: "Feature", id: n, properties: {}, geometry: { type: "LineString", coordinates: ends } })), { smoothFactor: 0 });
sheet.board.layers.forEach((one, n) => {
  window["geo_json_pairs_" + n] = linesOf(one.pairs);
  for (const key of ["candidates", "branches", "others"]) window["feature_group_" + key + "_" + n] = sitesAt(one[key]);
});
