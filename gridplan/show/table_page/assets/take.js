// Taking home: the files that `gridplan verify` and `gridplan plan` read, a picture, and the page with its variants.
"use strict";
function download(name, parts, kind) {
  const address = URL.createObjectURL(new Blob(parts, { type: kind }));
  const link = el("a", { href: address, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
  notice(say("saved", { name: name }));
}
// A cell of a CSV as the program writes it: what a spreadsheet would take for a formula gets an apostrophe in front.
function cell(value) {
  const text = String(value), safe = typeof value === "string" && /^[=+\-@\t\r'＝＋－＠]/.test(text) ? "'" + text : text;
  return /[",\r\n]/.test(safe) ? '"' + safe.replace(/"/g, '""') + '"' : safe;
}
function assignmentText() {
  const rows = [["layer", "unit_id", "district_id", "people", "hospital_id", "minutes"]];
  desk.model.layers.forEach((layer, n) => {
    const { of } = desk.now.layers[n];
    for (let u = 0; u < desk.model.units; u++) {
      if (of[u] < 0) continue;
      const minutes = layer.minutes(u, of[u]), district = data.districts[desk.model.district[u]].id;
      rows.push([layer.key, data.units.id[u], district, desk.model.people[u], data.hospitals[layer.hospitals[of[u]]].id, minutes === Infinity ? "" : minutes]);
    }
  });
  // The label stands in a last row without unit and hospital, which is read as a remark.
  const label = ["", [say2("label_word")[0], stateLabel()[0], stateLabel()[1]].join(" "), "", "", "", ""];
  return "\ufeff" + [...rows, label].map((row) => row.map(cell).join(",")).join("\n") + "\n";
}
const say2 = (key) => { const pair = data.words[key]; return [pair[0], pair[1] || pair[0]]; };
function stateLabel() { // in both languages
  const was = own.lang, told = [0, 1].map((lang) => { own.lang = lang; return standing(desk.state).text; });
  own.lang = was;
  return told;
}
const quoted = (text) => '"' + String(text).replace(/[\\"\u0000-\u001f\u007f]/g, (sign) => "\\u" + sign.charCodeAt(0).toString(16).padStart(4, "0")) + '"';
function pinsText() {
  const label = stateLabel(), lines = ["# " + label[0] + " / " + label[1], "# " + say2("pins_head").join(" / "), "", data.policy_toml.trimEnd(), ""];
  const { variant } = desk.state;
  desk.model.layers.forEach((layer, n) => {
    for (let here = 0; here < variant.layers[n].lock.length; here++) {
      const h = layer.hospitals[here % layer.count], lock = variant.layers[n].lock[here], shut = variant.closed[h];
      const table = lock === 1 && !shut ? "pin" : lock === 2 || shut ? "ban" : null;
      if (!table || (table === "pin" && layer.pinned[here]) || (table === "ban" && layer.banned[here])) continue;
      lines.push("[[" + table + "]]", "district_id = " + quoted(data.districts[Math.floor(here / layer.count)].id), "hospital_id = " + quoted(data.hospitals[h].id),
        ...(layer.grid ? ['layer = "grid"'] : []), "reason = " + quoted(say2(shut ? "reason_closed" : "reason_locked").join(" / ")), "");
    }
  });
  return lines.join("\n");
}
function pictureOf(wide, high) {
  const canvas = el("canvas", {}), foot = 96;
  canvas.width = wide;
  canvas.height = high;
  const [[south, west], [north, east]] = data.views.city, [left, bottom] = planeOf(west, south), [right, top] = planeOf(east, north);
  const scale = 0.94 * Math.min(wide / (right - left), (high - foot) / (bottom - top));
  paintOn(canvas, { scale: scale, x: wide / 2 - ((left + right) / 2) * scale, y: (high - foot) / 2 - ((top + bottom) / 2) * scale });
  const pen = canvas.getContext("2d"), part = desk.now.layers[desk.place];
  pen.fillStyle = "#ffffff";
  pen.fillRect(0, high - foot, wide, foot);
  pen.fillStyle = "#22303C";
  pen.textAlign = "left";
  pen.textBaseline = "alphabetic";
  pen.font = '600 28px "Noto Sans CJK SC","Microsoft YaHei",system-ui,sans-serif';
  pen.fillText(data.title + " · " + half(desk.layer().source.name) + " · " + standing(desk.state).text, 24, high - foot + 38);
  pen.font = '22px "Noto Sans CJK SC","Microsoft YaHei",system-ui,sans-serif';
  pen.fillText(say("mean") + " " + tenth(part.mean) + " " + say("min") + "   " + say("beyond") + " " + count(part.beyond) + "   " + data.notes.slice(0, 2).map(half).join("  "), 24, high - foot + 74);
  return canvas;
}
// The page as it was opened, with its variants (the present one too) in the block that they are read from.
function pageText() {
  const kept = [...desk.saved, ...(desk.state === desk.first || desk.saved.some((one) => one.state === desk.state) ? [] : [{ name: say("variant_n", { n: desk.saved.length + 1 }), state: desk.state }])];
  const written = JSON.stringify(kept.map((one) => writeState(one.name, one.state))).replace(/[<>&\u2028\u2029]/g, (sign) => "\\u" + sign.charCodeAt(0).toString(16).padStart(4, "0"));
  const open = '<script type="application/json" id="variants">', from = own.page.indexOf(open) + open.length;
  return own.page.slice(0, from) + written + own.page.slice(own.page.indexOf("<", from));
}
const takeHome = {
  desk: () => intoDesk(),
  assignment: () => download("assignment.csv", [assignmentText()], "text/csv"),
  pins: () => download("pins.toml", [pinsText()], "application/toml"),
  picture: () => pictureOf(1920, 1440).toBlob((blob) => download("table.png", [blob], "image/png")),
  page: () => download("table.html", [pageText()], "text/html"),
};
