// Names as people type them: 瑞金, 六院, Qingpu, qp. The same rules as words/match.py, kept equal by test.
"use strict";
const UNIVERSITY = /^.*附属(?=..)/, CITY = /^[^市区县]{2,4}市(?=...)/, CHINESE = /[\u3400-\u9fff]/, ALL_CHINESE = /^[\u3400-\u9fff]{2,}$/;
const NUMERALS = { 10: "十", 1: "一", 2: "二", 3: "三", 4: "四", 5: "五", 6: "六", 7: "七", 8: "八", 9: "九" };
const plainly = (text) => (text || "").normalize("NFKC").replace(/[[{【〔〈《]/g, "(").replace(/[\]}】〕〉》]/g, ")")
  .replace(/[·•・\u200b\ufeff]/g, "").trim().toLowerCase();
const coreOf = (name) => name.replace(UNIVERSITY, "").replace(CITY, "");
const inNumerals = (key) => (CHINESE.test(key) ? key.replace(/10|[1-9]/g, (digit) => NUMERALS[digit]) : key);
function signsInOrder(signs, name) {
  let at = 0;
  for (const sign of signs) {
    at = name.indexOf(sign, at) + 1;
    if (at === 0) return false;
  }
  return true;
}
// How well an entry fits what is typed: 0 is itself, null where it does not fit at all.
function fits(one, pinyin, typed) {
  const key = plainly(typed);
  if (!key) return null;
  const id = plainly(one.id), name = plainly(one.name), english = plainly(one.name_en);
  if (key === id || key === name || key === english) return 0;
  const keys = [key, inNumerals(key)], short = coreOf(name);
  if (keys.some((k) => name.startsWith(k) || short.startsWith(k))) return 1;
  if (keys.some((k) => name.includes(k))) return 2;
  const squeezed = key.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[\s']/g, "");
  const spellings = (pinyin || "").split(" ").filter(Boolean);
  const begins = (parity) => squeezed && spellings.some((s, n) => n % 2 === parity && s.startsWith(squeezed));
  if (begins(0)) return 3;
  if (begins(1)) return 4;
  const theirs = english.split(/\s+/);
  if (english && key.split(/\s+/).every((part) => theirs.some((their) => their.startsWith(part)))) return 5;
  if (id.startsWith(key)) return 6;
  if (keys.some((k) => ALL_CHINESE.test(k) && signsInOrder(k, name))) return 7;
  if (squeezed.length > 1 && spellings.some((s) => s.includes(squeezed))) return 8;
  return null;
}
const fitClass = (fit) => (fit === 0 ? 0 : fit <= 6 ? 1 : 2);
// What fits, best first: those who are it, then good fits by rank, then poor ones by rank. Each has fit, rank, n.
const bestFirst = (results) => results.sort((a, b) => fitClass(a.fit) - fitClass(b.fit) || a.rank - b.rank || a.fit - b.fit || a.n - b.n);
