// What the map does: layers, labels and the frame around it. It stands on say.js and on the layers that folium wrote.
"use strict";
// --- Layers ----------------------------------------------------------------------------------
layerOf("units").eachLayer((shape) => {
  const n = shape.feature.id;
  speak(shape, () => el("span", "", sheet.units.name[n] || sheet.units.id[n]), () => unitPopup(n));
});
layerOf("districts").eachLayer((shape) => {
  const n = shape.feature.id;
  speak(shape, () => named(sheet.districts[n]), () => districtPopup(n));
});
sheet.layers.forEach((one, number) => {
  layerOf("pairs", number).eachLayer((shape) => {
    const pair = one.pairs[shape.feature.id], [colour, weight, dashes] = sheet.lines[pair.priority];
    shape.setStyle({ color: colour, weight: weight, dashArray: dashes || null, opacity: 0.9 });
    speak(shape, () => named(sheet.hospitals[pair.hospital]), () => pairPopup(shape.feature.id));
  });
});
const tags = L.layerGroup(), badges = L.layerGroup();
const textIcon = (className, content) => L.divIcon({ className: className, iconSize: [0, 0], html: el("div", "", content) });
sheet.districts.forEach((district, n) => {
  if (!district.point) return;
  const label = el("span", "", district.name || district.id, el("span", "en", district.name_en || ""));
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
  marker.setIcon(L.divIcon({ className: "site " + kind, iconSize: [size, size],
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
  ["branches", true, true], ["others", false, true],
];
const offered = (key) => !(key === "pairs" && layer().grid); // leads stand in their district: no lines

function show() {
  for (const [key, , perLayer] of TOGGLES) {
    const numbers = perLayer ? sheet.layers.keys() : [undefined];
    for (const n of numbers) {
      const wanted = state.on.has(key) && (n === undefined || n === state.layer);
      if (wanted !== map.hasLayer(layerOf(key, n))) (wanted ? map.addLayer : map.removeLayer).call(map, layerOf(key, n));
    }
  }
  for (const [group, key] of [[tags, "districts"], [badges, "units"]]) {
    (state.on.has(key) ? map.addLayer : map.removeLayer).call(map, group);
  }
  for (const [key, n] of [["districts"], ["pairs", state.layer]]) if (map.hasLayer(layerOf(key, n))) layerOf(key, n).bringToFront();
  dressSites();
  declutter();
}
function paint() {
  const { of_unit: ofUnit, badges: places } = layer();
  layerOf("units").eachLayer((shape) => {
    const partner = ofUnit[shape.feature.id], faded = state.partner !== null && partner !== state.partner;
    shape.setStyle({ fillColor: fill(partnerAt(partner)), fillOpacity: faded ? 0.22 : 0.85 });
  });
  layerOf("pairs", state.layer).eachLayer((shape) => {
    const off = state.partner !== null && partnerAt(state.partner).hospital !== layer().pairs[shape.feature.id].hospital;
    shape.setStyle({ opacity: off ? 0.08 : 0.9 });
  });
  badges.clearLayers();
  for (const [lat, lon, partner] of places) {
    badges.addLayer(L.marker([lat, lon], { icon: textIcon("badge", String(partnerAt(partner).number)), interactive: false, keyboard: false }));
  }
}

// What would lie on something more important is hidden until there is room: first hospitals, then names of
// districts (which may move a little inside their district), then numbers and branches.
const STEPS = [[0, 0], [0, -20], [0, 20], [-30, 0], [30, 0], [-28, -20], [28, -20], [-28, 20], [28, 20]];
const frames = new Map();
layerOf("districts").eachLayer((shape) => frames.set(shape.feature.id, shape.getBounds()));
const stepsInside = (n, marker) => STEPS.filter(([x, y], step) => step === 0
  || frames.get(n).contains(map.layerPointToLatLng(map.latLngToLayerPoint(marker.getLatLng()).add([x, y]))));
function declutter() {
  const taken = [];
  const free = (box) => taken.every((b) => box.right < b.left || box.left > b.right || box.bottom < b.top || box.top > b.bottom);
  const place = (marker, node, steps) => {
    if (!marker._icon) return;
    marker._icon.classList.remove("crowded");
    for (const [x, y] of steps) {
      node.style.translate = `${x}px ${y}px`;
      const box = node.getBoundingClientRect();
      if (free(box)) return void taken.push(box);
    }
    marker._icon.classList.add("crowded");
  };
  const each = (key, does) => state.on.has(key) && layerOf(key, state.layer).eachLayer((m) => m._icon && does(m));
  each("candidates", (m) => (partnerOf(m.options.index) ? taken.push(m._icon.getBoundingClientRect()) : null));
  tags.eachLayer((m) => {
    if (m._icon) m._icon.querySelector(".en").hidden = map.getZoom() < 9.25;
    place(m, m._icon && m._icon.firstChild, stepsInside(m.options.index, m));
  });
  each("candidates", (m) => (partnerOf(m.options.index) ? null : place(m, m._icon, [[0, 0]])));
  badges.eachLayer((m) => place(m, m._icon && m._icon.firstChild, [[0, 0]]));
  each("branches", (m) => place(m, m._icon, [[0, 0]]));
}

// --- Frame -----------------------------------------------------------------------------------
function head() {
  const title = el("h1", "", sheet.title, " ", said(sheet.heading));
  const outcome = el("span", "outcome" + (sheet.proven ? " proven" : ""), said(sheet.outcome));
  const [zh, en, source] = sheet.policy;
  document.getElementById("head").append(title, outcome, figures(sheet.facts),
    el("div", "policy", said([zh, en]), source ? " · " + source : ""));
  for (const note of sheet.notes) document.getElementById("foot").append(said(note, "p"));
}
function partnerList() {
  const list = el("ul", "partners");
  layer().partners.forEach((partner, n) => {
    const hospital = sheet.hospitals[partner.hospital], chip = el("span", "chip", String(partner.number));
    chip.style.background = partner.colour;
    const served = layer().grid ? partner.units + sheet.words.unit[0]
      : partner.districts + (partner.cap === null ? "" : "/" + partner.cap) + sheet.words.district_unit[0];
    const button = el("button", "partner", chip, el("span", "name", hospital.name || hospital.id), el("span", "n", count(partner.people)),
      el("span", "of", hospital.name_en), el("span", "n of", served + " · " + minutes(partner.mean) + " " + sheet.words.minute[0]));
    button.type = "button";
    button.setAttribute("aria-pressed", String(state.partner === n));
    button.addEventListener("click", () => { state.partner = state.partner === n ? null : n; refresh(); });
    list.append(el("li", "", button));
  });
  return list;
}
function toggles() {
  const box = el("fieldset");
  for (const [key] of TOGGLES.filter(([key]) => offered(key))) {
    const input = el("input");
    input.type = "checkbox";
    input.name = key;
    input.checked = state.on.has(key);
    input.addEventListener("change", () => { state.on[input.checked ? "add" : "delete"](key); refresh(); });
    box.append(el("label", "", input, word(key)), ...(LEGENDS[key] ? [LEGENDS[key]()] : []));
  }
  return box;
}
const symbol = (drawing, size) => {
  const box = el("span", "site", drawing);
  box.style.width = box.style.height = size + "px";
  return box;
};
const LEGENDS = {
  pairs() {
    const used = new Set(layer().pairs.map((p) => p.priority));
    const rows = Object.keys(sheet.lines).filter((p) => used.has(Number(p)));
    return el("div", "key", ...rows.flatMap((p) => [line(p), priorityWords(p)]));
  },
  candidates() {
    const shown = categories(layer().candidates.filter((n) => !partnerOf(n)));
    const first = layer().partners[0], category = first && sheet.hospitals[first.hospital].category;
    return el("div", "key",
      ...(first ? [symbol(mark(category, first.colour, first.number), 20), word("with_number")] : []),
      ...shown.flatMap((c) => [symbol(mark(c, "#FFFFFF"), 17), el("span", "", term("category", c), " · ", word("not_partner"))]));
  },
  branches() {
    const first = layer().partners[0], category = categories(layer().candidates)[0];
    return el("div", "key", symbol(mark(category, first ? first.colour : "#FFFFFF", null), 11), word("campus_mark"),
      symbol(mark(category, "#FFFFFF", null, true), 11), word("planned_mark"));
  },
  others() {
    const shown = categories(layerOf("others", state.layer).getLayers().map((m) => m.options.index));
    return state.on.has("others") ? el("div", "key", ...shown.flatMap((c) => [symbol(mark(c, "#FFFFFF", null), 12), term("category", c)])) : "";
  },
};
const categories = (hospitals) => Object.keys(sheet.marks).filter((c) => hospitals.some((n) => sheet.hospitals[n].category === c));
function side() {
  const box = document.getElementById("side"), choice = el("fieldset", "switch"), views = el("div", "buttons");
  sheet.layers.forEach((one, n) => {
    const input = el("input");
    input.type = "radio";
    input.name = "layer";
    input.value = n;
    input.checked = n === state.layer;
    input.addEventListener("change", () => { state.layer = n; state.partner = null; refresh(); });
    choice.append(el("label", "", input, said(one.name)));
  });
  for (const [name, bounds] of Object.entries(sheet.views)) {
    const button = el("button", "", word(name));
    button.type = "button";
    button.addEventListener("click", () => map.fitBounds(bounds, { padding: [14, 14] }));
    views.append(button);
  }
  const focused = document.activeElement, kept = focused && focused.name, scrolled = box.scrollTop;
  box.replaceChildren(choice, figures(layer().facts), views, el("h2", "", word("partners")), partnerList(),
    el("h2", "", word("layers")), toggles());
  if (sheet.findings.length) {
    box.append(el("h2", "", word("findings")));
    for (const [severity, id, zh, en, hintZh, hintEn] of sheet.findings) {
      box.append(el("div", "finding " + (severity === "error" ? "error" : ""), id ? id + "  " : "", said([zh, en]),
        el("div", "", said([hintZh, hintEn]))));
    }
  }
  if (kept === "layer") choice.querySelector(":checked").focus();
  else if (kept && box.querySelector(`input[name=${kept}]`)) box.querySelector(`input[name=${kept}]`).focus();
  box.scrollTop = scrolled;
}
function refresh() {
  map.closePopup();
  side();
  paint();
  show();
}

for (const [key, on] of TOGGLES) if (on) state.on.add(key);
L.control.scale({ imperial: false, position: "bottomleft", maxWidth: 160 }).addTo(map);
const compass = L.control({ position: "topright" });
compass.onAdd = () => el("div", "compass", el("i"), sheet.words.north[0]);
compass.addTo(map);
head();
side();
map.invalidateSize(false);
map.fitBounds(sheet.views.city, { padding: [14, 14], animate: false });
map.on("zoomend", () => { dressSites(); declutter(); });
refresh();
window.addEventListener("beforeprint", () => { map.invalidateSize(false); map.fitBounds(sheet.views.city, { animate: false }); });
