// From report to report: every organisation, year and code that a report names is a link where its report is there, and
// the bar says where the page stands. Which reports there are is told by reports/index.js, made with each run.
(() => {
"use strict";
const LEVELS = ["部门", "单位", "政府"];
const here = /\/reports\/([a-z]+)\/([^/]+)\.html$/.exec(decodeURIComponent(location.pathname));
let made = {}, units = new Map(), codes = new Map(), years = new Set();

const address = (by, key) => `../${by}/${encodeURIComponent(key)}.html`;
function anchor(words, by, key) {
  const link = document.createElement("a");
  link.textContent = words;
  link.href = address(by, key);
  return link;
}
const isHere = (by, key) => here && here[1] === by && here[2] === key;

// Of an organisation that publishes at two levels the one of the table, else that of the page, else the department.
function unitKey(name, level) {
  const found = units.get(name);
  if (!found) return null;
  return found.get(level) ?? LEVELS.map(one => found.get(one)).find(Boolean);
}
function levelOf(element) {
  const head = element.closest("table")?.querySelector("thead th")?.textContent ?? "";
  if (LEVELS.includes(head)) return head;
  const own = here?.[1] === "unit" && made.unit.find(([key]) => key === here[2]);
  return own ? own[2] : "部门";
}

function linkCell(cell) {
  if (cell.querySelector("a, button") || cell.childElementCount) return;
  const words = cell.textContent.trim(), code = /^(\d{3}|\d{5}|\d{7})(?= |$)/.exec(words)?.[1];
  const year = cell.scope === "col" && /^((?:19|20)\d\d)年?$/.exec(words)?.[1];
  const key = units.has(words) && unitKey(words, levelOf(cell));
  const [by, to] = key ? ["unit", key] : code && codes.has(code) ? ["function", code] : year && years.has(year) ? ["year", year] : [];
  if (by && !isHere(by, to)) cell.replaceChildren(anchor(words, by, to));
}

// In sentences: the names and codes that stand there whole, the longest first.
function linkWords(element) {
  const text = element.textContent;
  const named = [...units.keys()].filter(name => text.includes(name)).sort((one, other) => other.length - one.length);
  const coded = (text.match(/(?<!\d)(?:\d{7}|\d{5}|\d{3})(?![\d,.%])/g) ?? []).filter(code => codes.has(code));
  const words = [...named, ...coded];
  if (!words.length) return;
  const pattern = new RegExp(words.map(word => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|"), "g");
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT), nodes = [];
  while (walker.nextNode()) if (!walker.currentNode.parentElement.closest("a, button")) nodes.push(walker.currentNode);
  for (const node of nodes) {
    const pieces = [];
    let end = 0;
    for (const found of node.textContent.matchAll(pattern)) {
      const [by, to] = codes.has(found[0]) ? ["function", found[0]] : ["unit", unitKey(found[0], levelOf(element))];
      if (isHere(by, to)) continue;
      pieces.push(node.textContent.slice(end, found.index), anchor(found[0], by, to));
      end = found.index + found[0].length;
    }
    if (pieces.length) node.replaceWith(...pieces, node.textContent.slice(end));
  }
}

function trail() {
  const [, by, key] = here, list = made[by] ?? [], at = list.findIndex(([one]) => one === key);
  if (at < 0) return null;
  const bar = document.createElement("nav"), kinds = {unit: "单位", year: "年度", function: "功能分类", compare: "比较"};
  bar.className = "trail";
  bar.setAttribute("aria-label", "报告之间");
  const part = (...pieces) => {
    const span = document.createElement("span");
    span.append(...pieces);
    bar.append(span);
  };
  const home = document.createElement("a");
  Object.assign(home, {href: "../../index.html", textContent: "首页"});
  part(home, ` › ${kinds[by]} › `, ...above(by, key), by === "unit" || by === "compare" ? list[at][1] : key);
  if (by === "unit") {
    const others = made.unit.filter(one => one[1] === list[at][1] && one[0] !== key);
    for (const one of others) part(`本页为${list[at][2]}；`, anchor(`看${one[2]}`, "unit", one[0]));
  }
  const told = by === "unit" ? [...years].filter(year => list[at][3] <= year && year <= list[at][4]) : [];
  if (told.length) part("年度：", ...told.flatMap(year => [anchor(year, "year", year), " "]));
  if (by === "function") {
    const below = [...codes.keys()].filter(code => code.length === key.length + 2 && code.startsWith(key));
    if (below.length) part("下级：", ...below.flatMap(code => [anchor(code, "function", code), " "]));
  }
  const peers = by === "function" ? list.filter(([one]) => one.length === key.length) : list, place = peers.findIndex(([one]) => one === key);
  const label = ([one, name, level]) => by === "unit" ? `${name}（${level}）` : by === "compare" ? name : one;
  if (peers[place - 1]) part("‹ ", anchor(label(peers[place - 1]), by, peers[place - 1][0]));
  if (peers[place + 1]) part(anchor(label(peers[place + 1]), by, peers[place + 1][0]), " ›");
  return bar;
}
function above(by, key) {
  if (by !== "function") return [];
  const parents = [3, 5].filter(width => width < key.length).map(width => key.slice(0, width));
  return parents.flatMap(code => [codes.has(code) ? anchor(code, "function", code) : code, " › "]);
}

document.addEventListener("DOMContentLoaded", () => {
  made = globalThis.madeReports ?? {};
  if (!here) return;
  for (const [key, name, level] of made.unit ?? []) {
    if (!units.has(name)) units.set(name, new Map());
    units.get(name).set(level, key);
  }
  codes = new Map((made.function ?? []).map(([code, name]) => [code, name]));
  years = new Set((made.year ?? []).map(([year]) => year));
  const bar = trail();
  if (bar) document.querySelector(".bar").after(bar);
  document.querySelectorAll("main th, main td:not(.number)").forEach(linkCell);
  document.querySelectorAll("main .lead").forEach(linkWords);
});
})();
