// A long list that stays quick: the rows lie in the page as JSON; those that fit are shown, a few hundred at a time.
// Every text is set as text. Without this script the first rows stand in the page already.
document.addEventListener("DOMContentLoaded", () => {
  "use strict";
  const STEP = 200;
  const {rows, codes, unit} = JSON.parse(document.getElementById("rows").textContent);
  const body = document.getElementById("listed"), count = document.getElementById("count");
  const more = document.getElementById("more"), search = document.getElementById("search");
  const order = document.getElementById("order"), found = document.getElementById("codes");
  const boxes = [...document.querySelectorAll("select[data-of]")];
  let fitting = rows, shown = 0;

  // The totals of the years as a small line; a year without a figure breaks it.
  function spark(said) {
    const most = Math.max(...said.s), draw = (kind, told) => {
      const made = document.createElementNS("http://www.w3.org/2000/svg", kind);
      for (const [name, value] of Object.entries(told)) made.setAttribute(name, value);
      return made;
    };
    const at = said.s.map((value, n) => value === null ? null : [3 + n * 54 / (said.s.length - 1), 17 - 14 * value / (most || 1)]);
    const box = draw("svg", {viewBox: "0 0 60 20", width: 60, height: 20, class: "spark", role: "img", "aria-label": said.n});
    for (let n = 1; n < at.length; n++)
      if (at[n - 1] && at[n]) box.append(draw("polyline", {points: `${at[n - 1]} ${at[n]}`, fill: "none"}));
    for (const point of at) if (point) box.append(draw("circle", {cx: point[0], cy: point[1], r: 1.8}));
    const title = draw("title", {});
    title.textContent = said.n;
    box.prepend(title);
    return box;
  }
  function piece(said) {
    if (typeof said === "string") return document.createTextNode(said);
    if (said.s) return spark(said);
    const one = document.createElement(said.h ? "a" : "span");
    one.textContent = said.t;
    if (said.h) one.href = said.h;
    if (said.c) one.className = said.c;
    if (said.n) one.title = said.n;
    return one;
  }
  function line(row) {
    const line = document.createElement("tr");
    row.cells.forEach((cell, at) => {
      const box = document.createElement(at ? "td" : "th");
      if (!at) box.scope = "row";
      if (cell.k) box.className = cell.k;
      (cell.p ?? [cell]).forEach((said, number) => box.append(number ? " " : "", piece(said)));
      line.append(box);
    });
    return line;
  }
  function show() {
    body.append(...fitting.slice(shown, shown + STEP).map(line));
    shown = Math.min(shown + STEP, fitting.length);
    more.hidden = shown >= fitting.length;
    more.textContent = `再显示 ${Math.min(STEP, fitting.length - shown)} 个`;
  }
  // A word fits a row by its text, or by a code or the name of a code that the organisation has figures for.
  const asksCode = word => /^\d{3,7}$/.test(word) && !/^(19|20)\d\d$/.test(word);
  const fitsCode = word => asksCode(word) ? ([code]) => code.startsWith(word) : ([, name]) => name.includes(word);
  function finder(word) {
    const fits = new Set(), fit = fitsCode(word);
    codes.forEach((one, at) => { if (fit(one)) fits.add(at); });
    return row => row.text.includes(word) || (row.codes ?? []).some(at => fits.has(at));
  }
  // What is searched may be a 类, 款 or 项 itself: its report, or how to have it made.
  function showCodes() {
    const words = search.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    const fitting = words.length === 1 ? codes.filter(fitsCode(words[0])) : [], seen = new Set();
    const named = fitting.filter(([code]) => !seen.has(code) && seen.add(code)).slice(0, 8);
    found.hidden = !named.length;
    const pieces = named.flatMap(([code, name, address]) => [" ", piece(address ? {t: `${code} ${name}`, h: address}
      : {t: `${code} ${name}`, n: `workbench report --by function --only ${code}`})]);
    const missing = named.find(([, , address]) => !address);
    found.replaceChildren("科目报告：", ...pieces, missing
      ? `　未成文的：workbench report --by function --only ${missing[0]}` : "");
  }
  // What is asked for stands in the address, so that it can be kept, sent and gone back to.
  const asking = [["q", search], ["order", order], ...boxes.map(box => [box.dataset.of, box])].filter(([, box]) => box);
  function keep() {
    const told = new URLSearchParams(asking.filter(([, box]) => box.value).map(([name, box]) => [name, box.value]));
    history.replaceState(null, "", `${location.pathname}${location.search}${String(told) ? `#${told}` : ""}`);
  }
  function recall() {
    const told = new URLSearchParams(location.hash.slice(1));
    for (const [name, box] of asking) if (told.has(name)) box.value = told.get(name);
  }
  function filter() {
    keep();
    showCodes();
    const finders = search.value.trim().toLowerCase().split(/\s+/).filter(Boolean).map(finder);
    const asked = boxes.filter(box => box.value).map(box => [box.dataset.of, box.value]);
    fitting = rows.filter(row =>
      asked.every(([name, value]) => (row.of[name] ?? []).includes(value)) && finders.every(finds => finds(row)));
    const by = order?.value;
    if (by) fitting = [...fitting].sort((one, other) => (other.by[by] ?? -Infinity) - (one.by[by] ?? -Infinity) || 0);
    body.replaceChildren();
    shown = 0;
    show();
    count.textContent = `${fitting.length} / ${rows.length} ${unit}`;
  }
  let waiting = 0;
  search.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(filter, 60); });
  for (const box of [...boxes, order]) box?.addEventListener("input", filter);
  more.addEventListener("click", () => {
    const last = body.lastElementChild;
    show();
    last?.nextElementSibling?.querySelector("a")?.focus({preventScroll: true});
  });
  document.getElementById("finding").hidden = false;
  recall();
  filter();
  addEventListener("hashchange", () => { recall(); filter(); });
});
