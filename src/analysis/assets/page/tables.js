// A table that is worked with: sorted by any column, opened from class to item, its years drawn as a small line beside
// them. Without this file every row and every figure stands there already, in the order of the codes.
(() => {
"use strict";
const SORTED = 5;  // rows from which a table is worth sorting
const YEAR = /^(?:19|20)\d\d年?(?:（.*）)?$/, RECENT = 2;

function element(kind, words, attributes = {}) {
  const made = Object.assign(document.createElement(kind), attributes);
  if (words) made.textContent = words;
  return made;
}

// The figure of a cell; a gap and words are none, and stand last whichever way a table is sorted.
function figure(cell) {
  const words = cell.textContent.replace(/[※,%\s]/g, "").replace("−", "-");
  return /^[+-]?\d+(\.\d+)?$/.test(words) ? Number(words) : null;
}

// The rows as a tree: what stands below a row is sorted with it. Rows without a level are the last of their table.
function treeOf(rows) {
  const top = {row: null, level: 0, below: []}, path = [top], outside = [];
  for (const row of rows) {
    const level = Number(row.dataset.level ?? 0);
    if (!level) { outside.push(row); continue; }
    while (path.at(-1).level >= level) path.pop();
    const node = {row, level, below: []};
    path.at(-1).below.push(node);
    path.push(node);
  }
  return {top, outside};
}

function compare(column, number, down) {
  return (one, other) => {
    const [a, b] = [one, other].map(row => row.cells[column]);
    if (!number) return (down ? -1 : 1) * a.textContent.trim().localeCompare(b.textContent.trim(), "zh");
    const [x, y] = [figure(a), figure(b)];
    return x === null || y === null ? (x === null) - (y === null) : (down ? y - x : x - y);
  };
}

function sortable(table, body, keep) {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach(head => {
    if (head.matches(".trend")) return;
    const button = element("button", "", {type: "button", className: "sort", ariaLabel: `按“${head.textContent.trim()}”排序`});
    button.addEventListener("click", () => {
      const number = head.matches(".number"), down = head.ariaSort ? head.ariaSort === "ascending" : number;
      order(table, body, head, down);
      keep(head.cellIndex, down);
    });
    head.append(button);
  });
}
function order(table, body, head, down) {
  for (const one of table.tHead.rows[0].cells) one.removeAttribute("aria-sort");
  head.ariaSort = down ? "descending" : "ascending";
  const by = compare(head.cellIndex, head.matches(".number"), down), rows = [...body.rows];
  if (!rows.some(row => row.dataset.level)) {
    const [plain, strong] = [false, true].map(is => rows.filter(row => row.matches(".strong") === is));
    body.append(...plain.sort(by), ...strong);
    return;
  }
  const {top, outside} = treeOf(rows), flat = node => [node.row, ...sorted(node)];
  const sorted = node => node.below.sort((one, other) => by(one.row, other.row)).flatMap(flat);
  body.append(...sorted(top), ...outside);
}

// What is asked for stands in the address: which table of the page, by which column, which way.
function remembered() {
  const [table, column, way] = (new URLSearchParams(location.search).get("sort") ?? "").split(".");
  return {table: Number(table), column: Number(column), down: way === "down", asked: Boolean(way)};
}
function remember(table, column, down) {
  const told = new URLSearchParams(location.search);
  told.set("sort", `${table}.${column}.${down ? "down" : "up"}`);
  try { history.replaceState(null, "", `${location.pathname}?${told}${location.hash}`); }
  catch { /* a browser may refuse it to a page that is a file */ }
}

// ---- from class to item

function openable(table, body) {
  const {top} = treeOf([...body.rows]);
  const switches = [];
  const hide = node => node.below.forEach(one => { one.row.classList.add("folded"); hide(one); });
  const reveal = node => node.below.forEach(one => {
    one.row.classList.remove("folded");
    if (one.button?.ariaExpanded === "true") reveal(one);
  });
  function prepare(node) {
    for (const one of node.below) {
      if (one.below.length) {
        one.button = element("button", "", {type: "button", className: "open", ariaExpanded: "false",
          ariaLabel: `${one.row.cells[0].textContent.trim()}的下级`});
        one.button.addEventListener("click", () => turn(one, one.button.ariaExpanded !== "true"));
        one.row.cells[0].prepend(one.button);
        switches.push(one);
      }
      prepare(one);
    }
  }
  function turn(node, open) {
    node.button.ariaExpanded = String(open);
    open ? reveal(node) : hide(node);
  }
  prepare(top);
  if (!switches.length) return null;
  top.below.forEach(hide);
  const words = table.tHead.rows[0].cells[0].textContent.trim().startsWith("功能科目") ? "展开全部科目" : "全部展开";
  const all = element("button", words, {type: "button", className: "more", ariaExpanded: "false"});
  all.addEventListener("click", () => {
    const open = all.ariaExpanded !== "true";
    all.ariaExpanded = String(open);
    all.textContent = open ? "只看最上级" : words;
    for (const one of open ? switches : [...switches].reverse()) turn(one, open);
  });
  return all;
}

// ---- the years as a line

const WIDE = 64, HIGH = 22, EDGE = 3;
function line(figures) {
  const there = figures.filter(one => one !== null), most = Math.max(...there, 0), least = Math.min(...there, 0);
  const x = at => EDGE + at * (WIDE - 2 * EDGE) / (figures.length - 1);
  const y = one => HIGH - EDGE - (most > least ? (one - least) / (most - least) : 0) * (HIGH - 2 * EDGE);
  const runs = [[]];  // a gap breaks the line
  figures.forEach((one, at) => one === null ? runs.push([]) : runs.at(-1).push(`${x(at).toFixed(1)},${y(one).toFixed(1)}`));
  const parts = runs.filter(run => run.length > 1).map(run => `<polyline points="${run.join(" ")}" fill="none"/>`);
  figures.forEach((one, at) => one === null
    || parts.push(`<circle cx="${x(at).toFixed(1)}" cy="${y(one).toFixed(1)}" r="${at === figures.length - 1 ? 2.4 : 1.4}"/>`));
  const holder = document.createElement("template");  // nothing but numbers goes into it
  holder.innerHTML = `<svg viewBox="0 0 ${WIDE} ${HIGH}" width="${WIDE}" height="${HIGH}" aria-hidden="true" class="spark">${parts.join("")}</svg>`;
  return there.length ? holder.content : null;
}
function years(table) {
  const heads = [...table.tHead.rows[0].cells], at = heads.map((head, n) => YEAR.test(head.textContent.trim()) ? n : -1).filter(n => n > 0);
  return at.length > 2 && at.every((n, number) => !number || n === at[number - 1] + 1) ? at : null;
}
function lines(table, body, at) {
  const last = at.at(-1);
  table.tHead.rows[0].cells[last].after(element("th", "走势", {scope: "col", className: "trend"}));
  for (const row of body.rows) {
    const figures = at.map(n => figure(row.cells[n])), cell = element("td", "", {className: "trend"});
    cell.append(line(figures) ?? "");
    row.cells[last].after(cell);
  }
  // A telephone shows the latest years; the others come by a button.
  for (const row of table.rows) for (const n of at.slice(0, -RECENT)) row.cells[n].classList.add("older");
  const all = element("button", "显示全部年度", {type: "button", className: "more narrow"});
  all.addEventListener("click", () => {
    const shown = table.classList.toggle("all-years");
    all.textContent = shown ? "只看近两年" : "显示全部年度";
  });
  return all;
}

// ---- on a telephone the rows of a table with sentences, or of many columns, stand as blocks that say their headings

const SENTENCE = 14, COLUMNS = 5;
function stackable(table, body) {
  const heads = [...table.tHead.rows[0].cells], rows = [...body.rows];
  const told = rows.some(row => [...row.cells].some((cell, at) => at && !cell.matches(".number") && cell.textContent.trim().length > SENTENCE));
  const others = heads.filter(head => !YEAR.test(head.textContent.trim())).length;
  const many = heads.length >= COLUMNS && (others === heads.length || others > COLUMNS);
  if (rows.some(row => row.dataset.level) || !(told || many)) return;
  const names = heads.map(head => head.textContent.trim());
  table.classList.add("stacked");
  for (const row of rows) [...row.cells].forEach((cell, at) => {
    if (at) cell.dataset.head = names[at];
    if (["", "·"].includes(cell.textContent.trim())) cell.classList.add("nil");
  });
}

// ---- a table of many rows is shown in part first

const MANY = 40, FIRST = 25;
function shortened(table, body) {
  const rest = [...body.rows].slice(FIRST);
  if (body.rows.length <= MANY || rest.some(row => row.dataset.level)) return;
  const all = element("button", `显示其余 ${rest.length} 行`, {type: "button", className: "more rest"});
  const show = () => {
    for (const row of body.rows) row.classList.remove("folded");
    all.remove();
  };
  for (const row of rest) row.classList.add("folded");
  all.addEventListener("click", show);
  table.parentElement.after(all);
  table.tHead.addEventListener("click", event => event.target.closest(".sort") && show());  // sorting shows the whole
}

// ---- a table is taken along as csv, as the files beside the charts are: plain numbers, gaps empty, words no formula

const field = words => /[",\n]/.test(words) ? `"${words.replaceAll('"', '""')}"` : words;
const told = cell => [...cell.childNodes].filter(one => !one.matches?.(".sort, .suspect, svg")).map(one => one.textContent).join("").trim();
function plain(cell, number) {
  const words = told(cell);
  if (number && figure(cell) !== null) return words.replace(/[,\s]/g, "").replace("−", "-").replace(/^\+/, "");
  if (number && (words === "" || words === "—")) return "";
  return /^[\s\x00]*[=+\-@＝＋－＠]/.test(words) ? `'${words}` : words;
}
function csv(table) {
  const heads = [...table.tHead.rows[0].cells], kept = heads.map((head, at) => head.matches(".trend") ? -1 : at).filter(at => at >= 0);
  const rows = [kept.map(at => plain(heads[at])), ...[...table.tBodies[0].rows].map(row =>
    kept.map(at => plain(row.cells[at], heads[at].matches(".number"))))];
  return "\ufeff" + rows.map(row => row.map(field).join(",")).join("\n") + "\n";
}
function downloadable(table) {
  const name = table.caption?.textContent.trim() ?? "";
  if (!name || table.closest(".beside")) return;  // the figures of a chart lie beside it as a file
  const button = element("button", "CSV", {type: "button", className: "take", ariaLabel: `下载表格 CSV：${name}`});
  button.addEventListener("click", () => {
    const link = element("a", "", {href: URL.createObjectURL(new Blob([csv(table)], {type: "text/csv"}))});
    link.download = `${name.split(/[（；，]/)[0]}.csv`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });
  table.parentElement.after(button);
}

document.addEventListener("DOMContentLoaded", () => {
  const asked = remembered();
  const tables = [...document.querySelectorAll("main .table > table")].filter(table =>
    table.tHead?.rows.length === 1 && table.tBodies.length === 1 && !table.closest(".excerpt, .listing, dialog"));
  for (const table of tables) { stackable(table, table.tBodies[0]); downloadable(table); }
  tables.forEach((table, number) => {
    if (table.tBodies[0].rows.length < SORTED && !years(table)) return;
    const [body] = table.tBodies, at = years(table);
    const tools = [openable(table, body), at && lines(table, body, at)].filter(Boolean);
    if (tools.length) {
      const bar = element("div", "", {className: "table-tools"});
      bar.append(...tools);
      table.parentElement.before(bar);
    }
    shortened(table, body);
    sortable(table, body, (column, down) => remember(number, column, down));
    if (asked.asked && asked.table === number && table.tHead.rows[0].cells[asked.column])
      order(table, body, table.tHead.rows[0].cells[asked.column], asked.down);
  });
});
})();
