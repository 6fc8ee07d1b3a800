// The tools beside the map, and the start: the page's own text is kept first, so that it can be saved with its variants.
"use strict";
function showTools() {
  const layer = desk.layer(), choose = (key, value, now, does) => el("button", { type: "button", id: key, "aria-pressed": String(value === now), title: data.words[key + "_hint"] ? say(key + "_hint") : null, onclick: () => { does(value); showAll(); drawBoard(); } }, say(key));
  const brush = el("select", { id: "brush", "aria-label": say("give_to"), onchange: (event) => { board.brush = Number(event.target.value); board.tool = board.brush >= 0 ? "give" : "select"; showAll(); } }, el("option", { value: "-1" }, say("give_to")),
    [...Array(layer.count).keys()].sort((a, b) => layer.source.badges[a] - layer.source.badges[b]).map((h) => el("option", { value: String(h) }, layer.source.badges[h] + " " + hospitalName(layer.hospitals[h]))));
  brush.value = String(board.brush);
  refill(at("tools"),
    el("span", { class: "group", role: "group", "aria-label": say("tool") }, choose("tool_select", "select", board.tool, (v) => { board.tool = v; }), choose("tool_give", "give", board.tool, (v) => { board.tool = v; if (board.brush < 0) notice(say("choose_hospital")); }), board.tool === "give" ? brush : null),
    el("span", { class: "group", role: "group", "aria-label": say("paint") }, ["hospital", "minutes", "change"].map((key) => choose("paint_" + key, key, board.paint, (v) => { board.paint = v; }))),
    el("span", { class: "group" }, [["zoom_in", "+", () => zoom(1.4)], ["zoom_out", "−", () => zoom(1 / 1.4)], ...(data.views.centre ? [["view_centre", say("view_centre"), () => fit("centre")]] : []), ["view_city", say("view_city"), () => fit()]].map(([key, text, does]) => el("button", { type: "button", id: key, "aria-label": say(key), onclick: does }, text))));
  showLegend();
}
function showLegend() {
  at("legend").setAttribute("aria-label", say("paint_" + board.paint));
  const box = at("legend"), layer = desk.layer(), part = desk.now.layers[desk.place];
  if (board.paint === "hospital") {
    const used = [...Array(layer.count).keys()].filter((h) => part.load[h] > 0).sort((a, b) => layer.source.badges[a] - layer.source.badges[b]);
    box.replaceChildren(...used.map((h) => el("span", {}, badge(layer, h), " ", hospitalName(layer.hospitals[h]))));
    return;
  }
  const [breaks, colours] = data.ramps[board.paint];
  box.replaceChildren(...colours.map((colour, n) => {
    const mark = el("i", { class: "swatch" });
    mark.style.background = colour;
    const from = n ? (board.paint === "change" ? signed(breaks[n - 1], 0) : breaks[n - 1]) : null, to = n < breaks.length ? (board.paint === "change" ? signed(breaks[n], 0) : breaks[n]) : null;
    return el("span", {}, mark, " ", from === null ? "≤ " + to : to === null ? "> " + from : from + " – " + to);
  }), el("span", {}, say(board.paint === "change" ? "legend_change" : "legend_minutes")));
}
document.addEventListener("DOMContentLoaded", () => {
  own.page = "<!DOCTYPE html>\n" + document.documentElement.outerHTML + "\n";
  own.lang = /^zh\b/i.test(navigator.language || "zh") ? 0 : 1;
  document.documentElement.lang = own.lang ? "en" : "zh-CN";
  openDesk();
  showAll();
  openBoard();
  document.addEventListener("keydown", presentKey);
});
