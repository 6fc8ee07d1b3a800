// What the map shows: layers, marks and labels. It stands on paint.js and the layers of board.js.
"use strict";
sheet.layers.forEach((one, number) => {
  layerOf("pairs", number).eachLayer((shape) => {
    const pair = one.pairs[shape.feature.id], [colour, weight, dashes] = sheet.lines[pair.priority];
    shape.setStyle({ color: colour, weight: weight, dashArray: dashes || null, opacity: 0.9 });
    speak(shape, () => named(sheet.hospitals[pair.hospital]), () => pairPopup(shape.feature.id));
    shape.on("mouseover mouseout", (event) => { aboveLine = event.type === "mouseover"; });
  });
});
const tags = L.layerGroup(), badges = L.layerGroup();
const textIcon = (className, content) => L.divIcon({ className: className, iconSize: [0, 0], html: el("div", "", content) });
sheet.districts.forEach((district, n) => {
  if (!district.point) return;
  const label = named(district);
  const tag = L.marker(district.point, { icon: textIcon("tag", label), index: n });
  speak(tag, () => named(district), () => districtPopup(n));
  tags.addLayer(tag);
});

function site(marker, kind) {
  const n = marker.options.index, branch = kind === "branch" ? sheet.branches[n] : null;
  const hospital = sheet.hospitals[branch ? branch.hospital : n] || { category: "general" };
  const partner = kind === "other" ? null : partnerOf(branch ? branch.hospital : n);
  const step = map.getZoom() >= 11.25 ? 0 : map.getZoom() >= 9.75 ? 1 : 2;
  const size = (kind !== "candidate" ? [14, 10, 7] : partner ? [26, 22, 18] : [20, 15, 11])[step];
  const text = kind !== "candidate" || size < 18 ? null : partner ? partner.number : undefined;
  const colour = partner ? partner.colour : "#FFFFFF";
  const planned = branch && branch.status === "planned";
  const full = kind === "candidate" && state.on.has("binding") && layer().binding.hospitals.includes(n) ? " full" : "";
  marker.setIcon(L.divIcon({ className: "site " + kind + full, iconSize: [size, size],
    html: mark(hospital.category, planned ? "#FFFFFF" : colour, text, planned) }));
  marker.setZIndexOffset(kind === "candidate" ? (partner ? 2000 : 1000) : kind === "branch" ? 500 : 0);
  const label = branch ? branch.name : hospital.name;
  if (marker._icon) marker._icon.setAttribute("aria-label", label || "");
}
function dressSites() {
  for (const [key, kind] of [["candidates", "candidate"], ["branches", "branch"]]) {
    sheet.layers.forEach((_, number) => layerOf(key, number).eachLayer((m) => site(m, kind)));
  }
  sheet.layers.forEach((_, number) => layerOf("others", number).eachLayer((m) => site(m, "other")));
}
for (const [key, say] of [["candidates", hospitalPopup], ["branches", branchPopup], ["others", hospitalPopup]]) {
  sheet.layers.forEach((_, number) => layerOf(key, number).eachLayer((m) => sayAt(m, say, key === "branches" ? sheet.branches : sheet.hospitals)));
}
function sayAt(marker, say, table) {
  const n = marker.options.index;
  speak(marker, () => named(table[n]), () => say(n));
}

// key, on at first, one per layer of care
const TOGGLES = [
  ["units", true, false], ["districts", true, false], ["pairs", true, true], ["candidates", true, true],
  ["branches", true, true], ["others", false, true], ["binding", false, false], ["noted", false, false],
];
const OVERLAYS = []; // [group, key] of what other scripts lay over the plan
const offered = (key) => !(key === "pairs" && layer().grid) // leads stand in their district: no lines
  && !(key === "binding" && !layer().binding.districts.length && !layer().binding.hospitals.length)
  && !(key === "noted" && !sheet.noted.length);

function show() {
  for (const [key, , perLayer] of TOGGLES) for (const n of perLayer ? sheet.layers.keys() : []) {
    const wanted = state.on.has(key) && n === state.layer;
    if (wanted !== map.hasLayer(layerOf(key, n))) (wanted ? map.addLayer : map.removeLayer).call(map, layerOf(key, n));
  }
  for (const [group, key] of [[tags, "districts"], [badges, "units"], [noted, "noted"], ...OVERLAYS]) {
    (state.on.has(key) ? map.addLayer : map.removeLayer).call(map, group);
  }
  painter.redraw();
  dressSites();
  declutter();
}
function paint() {
  groupUnits();
  layerOf("pairs", state.layer).eachLayer((shape) => {
    const off = state.partner !== null && partnerAt(state.partner).hospital !== layer().pairs[shape.feature.id].hospital;
    shape.setStyle({ opacity: off ? 0.08 : 0.9 });
  });
  badges.clearLayers();
  for (const [partner, lat, lon, ...others] of layer().badges) {
    badges.addLayer(L.marker([lat, lon], { icon: textIcon("badge", String(partnerAt(partner).number)), interactive: false, keyboard: false, others: others }));
  }
}

// What would lie on something more important is hidden until there is room: first hospitals, then names of districts
// (which may move a little inside their district), then numbers (which may too) and branches, then what is laid over.
const STEPS = [[0, 0], [0, -20], [0, 20], [-30, 0], [30, 0], [-28, -20], [28, -20], [-28, 20], [28, 20]];
const moved = (marker, x, y) => map.layerPointToLatLng(map.latLngToLayerPoint(marker.getLatLng()).add([x, y]));
const stepsInside = (n, marker) => STEPS.filter(([x, y], step) => step === 0 || frameOf(shapes.districts, n).contains(moved(marker, x, y)));
// A number may stand at its other places, as steps from the first.
function otherPlaces(marker) {
  const first = map.latLngToLayerPoint(marker.getLatLng()), steps = [[0, 0]], others = marker.options.others;
  for (let n = 0; n < others.length; n += 2) {
    const place = map.latLngToLayerPoint([others[n], others[n + 1]]).subtract(first);
    steps.push([place.x, place.y]);
  }
  return steps;
}
function placer() {
  const taken = [];
  const free = (box) => taken.every((b) => box.right < b.left || box.left > b.right || box.bottom < b.top || box.top > b.bottom);
  return {
    take: (node) => void taken.push(node.getBoundingClientRect()),
    place(node, holder, steps) {
      holder.classList.remove("crowded");
      for (const [x, y] of steps) {
        node.style.translate = `${x}px ${y}px`;
        const box = node.getBoundingClientRect();
        if (free(box)) return void taken.push(box);
      }
      holder.classList.add("crowded");
    },
  };
}
function declutter() {
  const { take, place } = placer();
  const put = (m, node, steps) => m._icon && place(node, m._icon, steps);
  const each = (key, does) => state.on.has(key) && layerOf(key, state.layer).eachLayer((m) => m._icon && does(m));
  each("candidates", (m) => (partnerOf(m.options.index) ? take(m._icon) : null));
  tags.eachLayer((m) => {
    const english = m._icon && m._icon.querySelector(".en");
    if (english) english.hidden = map.getZoom() < 9.25;
    put(m, m._icon && m._icon.firstChild, stepsInside(m.options.index, m));
  });
  badges.eachLayer((m) => put(m, m._icon && m._icon.firstChild, otherPlaces(m)));
  each("candidates", (m) => (partnerOf(m.options.index) ? null : put(m, m._icon, [[0, 0]])));
  each("branches", (m) => put(m, m._icon, [[0, 0]]));
  for (const [group] of OVERLAYS) group.eachLayer((m) => m._icon && m._icon.classList.contains("tag") && put(m, m._icon.firstChild, STEPS));
}
