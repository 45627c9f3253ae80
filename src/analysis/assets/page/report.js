// What every page can do once a script runs: remember light or dark, let the keyboard scroll what is wide, and make a
// chart alive when somebody comes near it. Without this file every page still shows everything.
(() => {
"use strict";
const root = document.documentElement, own = document.currentScript;
const dark = matchMedia("(prefers-color-scheme: dark)");

// ---- light and dark

function kept(value) {
  try {
    if (value) localStorage.setItem("theme", value);
    return localStorage.getItem("theme");
  } catch { return null; }  // a browser may refuse storage to files
}
const isDark = () => root.dataset.theme ? root.dataset.theme === "dark" : dark.matches;
function dress(theme) {
  if (theme === "dark" || theme === "light") root.dataset.theme = theme;
  const button = document.getElementById("theme");
  if (button) button.textContent = isDark() ? "浅色" : "深色";
  for (const figure of document.querySelectorAll("figure.alive")) redraw(figure);
}
if (kept()) root.dataset.theme = kept();
dark.addEventListener("change", () => dress());

// ---- what is wider than the page is scrolled by the keyboard too

const WIDE = ".table, .code, .crop, .drawing, pre";
const sizes = new ResizeObserver(entries => entries.forEach(entry => reach(entry.target)));
function reach(element) {
  const seen = !element.matches(".alive .drawing");  // what was printed stays for print and for readers of screens
  if (seen && element.scrollWidth > element.clientWidth + 1) element.tabIndex = 0;
  else element.removeAttribute("tabindex");
}

// ---- charts

let loading = null;
function plotly() {
  loading ??= new Promise((done, failed) => {
    const script = document.createElement("script"), packed = document.getElementById("plotly");
    if (!packed) {
      Object.assign(script, {src: own.dataset.plotly, onload: done, onerror: failed});
      document.head.append(script);
      return;
    }
    const bytes = Uint8Array.from(atob(packed.textContent), sign => sign.charCodeAt(0));
    const code = new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
    code.then(text => { script.textContent = text; document.head.append(script); done(); }, failed);
  });
  return loading;
}

const WORDS = {
  "Download plot as a PNG": "存为图片", "Download plot as a png": "存为图片", "Download plot": "存为图片",
  "Zoom": "框选放大", "Pan": "拖动", "Zoom in": "放大", "Zoom out": "缩小", "Autoscale": "看全图",
  "Reset axes": "复原", "Reset view": "复原", "Double-click to zoom back out": "双击复原",
  "Preparing image - this may take a few seconds": "正在生成图片", "Image download succeeded": "图片已保存",
  "Taking snapshot - this may take a few seconds": "正在生成图片", "Snapshot succeeded": "图片已保存",
  "Sorry, there was a problem downloading your image!": "图片没有保存成功",
  "Sorry, there was a problem downloading your snapshot!": "图片没有保存成功",
};
// Nothing by which a figure leaves the machine: the button that uploads has had more than one name.
const CONFIG = {
  responsive: true, displaylogo: false, locale: "zh-CN", showTips: false, plotlyServerURL: "", showSendToCloud: false,
  locales: {"zh-CN": {dictionary: WORDS, format: {thousands: ",", grouping: [3], decimal: "."}}},
  modeBarButtonsToRemove: ["lasso2d", "select2d", "autoScale2d", "zoomIn2d", "zoomOut2d", "hoverClosestCartesian",
    "hoverCompareCartesian", "toggleSpikelines", "hoverClosestPie", "sendDataToCloud", "sendChartToCloud"],
};
// A saved picture is called by its page and its title.
function configured(figure) {
  const words = [document.title, figure.querySelector("figcaption b")?.textContent ?? ""].join(" ");
  const filename = words.replace(/[\\/:*?"<>|\s]+/g, " ").trim().slice(0, 80);
  return {...CONFIG, toImageButtonOptions: {format: "png", scale: 2, filename}};
}
// The colours of the printed theme that a dark page must exchange, and what it takes for them.
const INKS = {"#1d2733": "--ink", "#5c6773": "--muted", "#e2e6ea": "--line", "#eef1f3": "--soft", "#ffffff": "--paper"};

function recoloured(value, style) {
  if (typeof value === "string") {
    // Inside a text as well: a subtitle has its colour in its markup.
    return value.replace(/#[0-9a-f]{6}\b/gi, code => INKS[code.toLowerCase()]
      ? style.getPropertyValue(INKS[code.toLowerCase()]).trim() : code);
  }
  if (Array.isArray(value)) return value.map(one => recoloured(one, style));
  if (value && typeof value === "object")
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, recoloured(one, style)]));
  return value;
}

function dressed(figure) {
  const drawn = JSON.parse(figure.querySelector("script[type='application/json']").textContent);
  const style = getComputedStyle(root), colour = name => style.getPropertyValue(name).trim();
  const layout = recoloured(drawn.layout ?? {}, style);
  const font = {family: getComputedStyle(document.body).fontFamily, color: colour("--ink"), ...layout.font};
  delete layout.width;
  const axes = Object.keys(layout).filter(key => /^[xy]axis\d*$/.test(key));
  for (const name of new Set(["xaxis", "yaxis", ...axes]))
    layout[name] = {gridcolor: colour("--line"), zerolinecolor: colour("--muted"), ...layout[name]};
  Object.assign(layout, {
    font: {...font, family: getComputedStyle(document.body).fontFamily},
    paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", autosize: true,
    hoverlabel: {align: "left", ...layout.hoverlabel, bgcolor: colour("--paper"), bordercolor: colour("--muted"),
      font: {...layout.hoverlabel?.font, color: colour("--ink")}},
    modebar: {bgcolor: "rgba(0,0,0,0)", color: colour("--muted"), activecolor: colour("--ink"), ...layout.modebar},
  });
  const data = recoloured(drawn.data ?? [], style);
  if (figure.clientWidth < 520) narrowed(data, layout, figure.clientWidth);
  if (isDark()) darkened(data, layout);
  return {data, layout};
}

const ROW_NAMES = 150, CELL_WORDS = 60;  // pixels
// On a telephone a legend above takes the place of names beside, and names of rows stand above their bars.
function narrowed(data, layout, wide) {
  const cells = data.find(trace => trace.type === "heatmap");
  if (cells && (wide - ROW_NAMES) / cells.x.length < CELL_WORDS)  // the words that say why a cell is empty would lie on each other
    for (const trace of data) if (trace.mode === "text") trace.text = trace.text.map(words => /\d/.test(words) ? words : "—");
  const named = data.filter(trace => trace.name && trace.showlegend !== false);
  const beside = (layout.annotations ?? []).filter(note => note.name === "beside");
  if (beside.length) {
    layout.annotations = layout.annotations.filter(note => note.name !== "beside");
    layout.margin = {...layout.margin, r: 12};
    layout.showlegend = named.length > 1;
  }
  if (named.length > 1 && layout.showlegend !== false) {
    const above = layout.legend?.yref === "container" ? {} : {x: 0, xanchor: "left", y: 1.03, yanchor: "bottom"};
    layout.legend = {...layout.legend, orientation: "h", ...above, font: {size: 11}, itemwidth: 30, entrywidth: .48,
      entrywidthmode: "fraction"};
    for (const trace of named) if (trace.name.length > 10) trace.name = trace.name.slice(0, 9) + "…";
    layout.height += 20 * Math.ceil(named.length / 2);
  }
  for (const trace of data) if (trace.mode === "text" && trace.textposition === "top center") {
    const every = Math.ceil(trace.text.length / 6), last = trace.text.length - 1;
    trace.text = trace.text.map((words, at) => (last - at) % every ? "" : words);
  }
  const rows = layout.yaxis?.ticktext?.length;
  if (rows && data.some(trace => trace.type === "bar" && trace.orientation === "h")) {
    layout.height += 24 * rows;
    layout.bargap = .62;
    layout.margin = {...layout.margin, l: 6 + (layout.yaxis.ticklabelstandoff ?? 0)};
    layout.annotations = [...layout.annotations ?? [], ...layout.yaxis.ticktext.map((text, row) => ({text, xref: "paper",
      x: 0, xanchor: "left", y: layout.yaxis.tickvals[row], yshift: 21, borderpad: 0, showarrow: false, font: {size: 12},
      bgcolor: getComputedStyle(root).getPropertyValue("--paper").trim()}))];
    layout.yaxis = {...layout.yaxis, showticklabels: false, range: [rows - .5, -.8]};
  }
}

// On dark ground: bands that let it through, bars with an edge, lines bright enough to be followed.
function darkened(data, layout) {
  for (const trace of data) {
    if (trace.type === "sankey") trace.link = {...trace.link, color: trace.link.color?.map?.(one => one + "80")};
    if (trace.type === "bar") trace.marker = {line: {width: 1, color: "#8a94a0"}, ...trace.marker};
    if (trace.type === "scatter" && trace.line?.color) trace.line.color = lifted(trace.line.color);
  }
  for (const note of layout.annotations ?? []) if (note.arrowcolor) note.arrowcolor = lifted(note.arrowcolor);
}

// A colour mixed with white until it stands out from dark ground; an average of 150 of 255 is enough.
function lifted(colour) {
  const parts = /^#[0-9a-f]{6}$/i.test(colour) && [1, 3, 5].map(at => parseInt(colour.slice(at, at + 2), 16));
  if (!parts) return colour;
  const light = .3 * parts[0] + .59 * parts[1] + .11 * parts[2], share = Math.max(0, (150 - light) / (255 - light));
  return `rgb(${parts.map(part => Math.round(part + (255 - part) * share))})`;
}

function redraw(figure) {
  const {data, layout} = dressed(figure);
  return Plotly.react(figure.querySelector(".live"), data, layout, configured(figure));
}

async function enliven(figure) {
  try {
    await plotly();
    const {data, layout} = dressed(figure), place = document.createElement("div");
    place.className = "live";
    const printed = figure.querySelector(".drawing");
    place.style.height = (layout.height ?? Math.max(320, printed.scrollHeight)) + "px";
    printed.after(place);
    figure.classList.add("alive");
    await Plotly.newPlot(place, data, layout, configured(figure));
    leading(figure, place, data);
  } catch (error) {
    figure.classList.remove("alive");
    figure.querySelector(".live")?.remove();
    console.warn("a chart stays as it is printed:", error);
  }
}

// ---- a mark of a chart leads to where its figure is printed: by a click, a tap, or the arrows and the enter key

// Each figure by its place, or by its number among those of the table below the chart.
function placeOf(figure, told) {
  const place = told?.[2];
  if (place === undefined) return null;
  return typeof place === "number" ? figure.querySelectorAll(".beside [data-place]")[place]?.dataset.place : place;
}
const lead = place => place && document.dispatchEvent(new CustomEvent("figure", {detail: place}));
function leading(figure, live, data) {
  const told = data.flatMap(trace => [trace, trace.node ?? {}, trace.link ?? {}]).flatMap(one => one.customdata ?? []);
  const marks = told.flatMap(one => Array.isArray(one[0]) ? one : [one]).filter(one => one[0]);
  const places = document.getElementById("cited") ? marks.map(one => placeOf(figure, one)) : [];
  const said = document.createElement("p");
  const words = one => `${one[0]}　${one[1]}`.replaceAll("<br>", "，").replace(/<[^>]*>/g, "");
  let at = -1;
  Object.assign(said, {className: "note pointed", role: "status"});
  if (places.some(Boolean)) said.textContent = "点按图中标记，或用方向键选取后按回车，查看原件出处。";
  live.after(said);
  Object.assign(live, {tabIndex: 0, role: "group", ariaLabel: `${figure.querySelector("figcaption b")?.textContent ?? "图"}：用方向键逐个读数`});
  live.on("plotly_click", ({points}) => lead(placeOf(figure, points[0].customdata)));
  live.addEventListener("keydown", event => {
    const step = {ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1}[event.key];
    if (event.key === "Enter" && places[at]) lead(places[at]);
    else if (step && marks.length) {
      at = at < 0 && step < 0 ? marks.length - 1 : (at + step + marks.length) % marks.length;
      said.textContent = words(marks[at]) + (places[at] ? "（回车查看出处）" : "");
    } else return;
    event.preventDefault();
  });
}

const near = new IntersectionObserver(entries => {
  for (const {isIntersecting, target} of entries)
    if (isIntersecting) { near.unobserve(target); enliven(target); }
}, {rootMargin: "400px"});

document.addEventListener("DOMContentLoaded", () => {
  const button = document.getElementById("theme");
  button.hidden = false;
  button.addEventListener("click", () => dress(kept(isDark() ? "light" : "dark") ?? (isDark() ? "light" : "dark")));
  dress();
  document.querySelectorAll(WIDE).forEach(element => sizes.observe(element));
  for (const figure of document.querySelectorAll("figure.chart"))
    if (figure.querySelector("script[type='application/json']")) near.observe(figure);
  for (const crop of document.querySelectorAll("figure.crop"))
    crop.scrollLeft = crop.scrollWidth * crop.dataset.at - crop.clientWidth / 2;
});
})();
