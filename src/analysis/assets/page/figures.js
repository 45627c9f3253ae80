// A figure of a page leads to where it is printed: by a click, a tap or the keyboard it opens what is known of it, to
// see and to cite. Without this file the figures still say on hover what they are.
(() => {
"use strict";
const CODE = 0, NAME = 1, TABLE = 2, MEASURE = 3, PRINTED = 4, UNIT = 5, VALUE = 6, PAGE = 7, LINE = 8, CELL = 9, BOX = 10, OF = 11;
const STEPS = {ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0]};
const STATED = ["statements", "facts", "performance"];
let cited = null, root = "", dialog = null;

function known(place) {
  const at = place.indexOf("/"), document = place.slice(0, at);
  const figure = cited.figures[document]?.[place.slice(at + 1)];
  return figure && {figure, document, about: cited.documents[document]};
}

function element(kind, words, attributes = {}) {
  const made = Object.assign(document.createElement(kind), attributes);
  if (words) made.textContent = words;
  return made;
}

const where = figure => figure[CELL] ? `单元格 ${figure[CELL]}` : figure[PAGE] ? `第 ${figure[PAGE]} 页`
  : figure[LINE] ? `第 ${figure[LINE]} 行` : "";
const value = figure => figure[VALUE] ? `${figure[VALUE]} ${figure[OF] ?? "元"}`.trim() : "";
const row = figure => [figure[CODE], figure[NAME]].filter(Boolean).join(" ") || "合计";

function citation({figure, about}) {
  const table = cited.tables[figure[TABLE]], measure = cited.measures[figure[MEASURE]], stated = STATED.includes(figure[TABLE]);
  const what = stated ? `“${row(figure)}”${measure ?? ""}` : `“${row(figure)}”行“${measure}”栏`;
  const equal = value(figure) ? `（合 ${value(figure)}）` : "";
  return [`${about.organisation}：${about.kind}（文件 ${about.file}）`, where(figure), table, what, `原文“${figure[PRINTED]}”${equal}`]
    .filter(Boolean).join("，") + `。预算工作台数据集 ${cited.version}，${cited.date}。`;
}

// The strip of the page around the figure, framed; the picture lies in the site where the published files do.
function picture({figure, document: id, about}) {
  const width = about.pages?.[figure[PAGE]], box = figure[BOX];
  if (!width || !box) return null;
  const frame = element("span", "", {className: "frame"}), strip = element("div", "", {className: "strip", tabIndex: 0});
  const image = element("img", "", {src: `${root}sources/${id}/p${figure[PAGE]}.png`, alt: `原件第 ${figure[PAGE]} 页，红框为此处的数字`});
  strip.append(image, frame);
  image.addEventListener("load", () => {
    const scale = image.clientWidth / width, [x0, top, x1, bottom] = box.map(edge => edge * scale);
    Object.assign(frame.style, {left: `${x0 - 3}px`, top: `${top - 3}px`, width: `${x1 - x0 + 6}px`, height: `${bottom - top + 6}px`});
    strip.scrollTo({top: (top + bottom - strip.clientHeight) / 2, left: (x0 + x1 - strip.clientWidth) / 2, behavior: "instant"});
  });
  return strip;
}

function ways({figure, about}) {
  const links = element("p", "", {className: "ways"});
  if (about.source) {
    const page = figure[PAGE] ? `#page=${figure[PAGE]}` : "";
    const href = root + about.source.split("/").map(encodeURIComponent).join("/") + page;
    links.append(element("a", figure[PAGE] ? `打开原件第 ${figure[PAGE]} 页` : "打开原件", {href, target: "_blank", rel: "noopener"}));
  }
  if (about.audit) links.append(element("a", "此文件的核对结果", {href: root + about.audit}));
  return links;
}

async function copy(text, button) {
  try {
    await navigator.clipboard.writeText(text.textContent);
  } catch {  // a page that was opened from a file may not be allowed to: the text is selected, and copied the old way
    getSelection().selectAllChildren(text);
    if (!document.execCommand("copy")) return;
  }
  button.textContent = "已复制";
}

function show(place) {
  const found = known(place);
  if (!found) return;
  const {figure, about} = found, stated = STATED.includes(figure[TABLE]);
  dialog ??= document.body.appendChild(element("dialog", "", {className: "cite"}));
  const facts = element("dl"), text = element("p", citation(found), {className: "citation"});
  const told = [["单位", about.organisation], ["文件", `${about.kind}　${about.file}`], ["位置", where(figure)],
    [stated ? "出处" : "表", cited.tables[figure[TABLE]]], [stated ? "事项" : "行", row(figure)],
    [stated ? "所述" : "栏", cited.measures[figure[MEASURE]]],
    ["原文", figure[UNIT] ? `${figure[PRINTED]}（${figure[UNIT]}）` : figure[PRINTED]],
    [figure[OF] === undefined ? "金额" : "数值", value(figure)],
    ["数据", `版本 ${cited.version}，${cited.date}`]];
  for (const [name, words] of told) if (words) facts.append(element("dt", name), element("dd", words));
  const button = element("button", "复制引用", {type: "button", className: "more"});
  button.addEventListener("click", () => copy(text, button));
  const close = element("button", "关闭", {type: "button", className: "more close"});
  close.addEventListener("click", () => dialog.close());
  const heading = element("h2", `${row(figure)}：${value(figure) || figure[PRINTED]}`, {id: "cite-heading"});
  dialog.replaceChildren(...[heading, picture(found), facts, text, ways(found), button, close].filter(Boolean));
  dialog.setAttribute("aria-labelledby", heading.id);
  dialog.onclose = () => history.replaceState(null, "", location.pathname + location.search);
  history.replaceState(null, "", `#figure=${encodeURIComponent(place)}`);
  dialog.showModal();
}

// One figure of a table is reached by the tab key, the others from there by the arrows: a report has hundreds.
function step(event) {
  const go = STEPS[event.key], cell = event.target.closest?.("td, th");
  if (!go || !cell || !event.target.matches(".figure")) return;
  const rows = [...cell.closest("table").rows], [down, right] = go;
  let at = rows.indexOf(cell.parentElement), column = cell.cellIndex, next = null;
  do {
    at += down; column += right;
    next = rows[at]?.cells[column];
  } while (next && !next.querySelector(".figure"));
  const button = next?.querySelector(".figure");
  if (!button) return;
  event.preventDefault();
  event.target.tabIndex = -1;
  button.tabIndex = 0;
  button.focus();
}

function lead(place) {
  const name = place.dataset.place;
  if (!known(name)) return;
  const button = element("button", "", {type: "button", className: "figure", title: place.title});
  const table = place.closest("table");
  button.tabIndex = table && "led" in table.dataset ? -1 : 0;
  if (table) table.dataset.led = "";
  if (table && button.tabIndex === 0) table.addEventListener("keydown", step);
  button.append(...place.childNodes);
  button.addEventListener("click", () => show(name));
  place.replaceChildren(button);
}

document.addEventListener("DOMContentLoaded", () => {
  const told = document.getElementById("cited");
  if (!told) return;
  cited = JSON.parse(told.textContent);
  root = told.dataset.root;
  document.querySelectorAll("main [data-place]").forEach(lead);
  document.addEventListener("figure", event => show(event.detail));
  const asked = /^#figure=(.+)$/.exec(location.hash);
  if (asked) show(decodeURIComponent(asked[1]));
});
})();
