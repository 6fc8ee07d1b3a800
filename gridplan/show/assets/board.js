// The map that folium wrote, and beside its lines of pairs the layers of sites, none of them shown yet: page.js shows those
// that are on. Layers hold numbers alone, positions in the sheet's tables; what they say comes from there.
"use strict";
const map = map_plan;

const sitesAt = (places) => L.featureGroup(places.map(([lat, lon, n]) =>
  L.marker([lat, lon], { index: n, icon: L.divIcon({ className: "site" }) })));
sheet.board.forEach((one, n) => {
  for (const key of ["candidates", "branches", "others"]) window["feature_group_" + key + "_" + n] = sitesAt(one[key]);
});
