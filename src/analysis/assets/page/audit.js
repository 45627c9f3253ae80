// The cards of an audit page: searched and filtered by what somebody asks for, some dozens at a time. What is asked for
// stands in the address. Without this script all cards are shown.
document.addEventListener("DOMContentLoaded", () => {
  "use strict";
  const STEP = 50;
  const cards = [...document.querySelectorAll("article.finding")], last = cards.at(-1);
  const boxes = ["words", "severity", "document", "rule", "status"].map(name => document.getElementById(name)).filter(Boolean);
  const count = document.getElementById("count"), more = document.createElement("button");
  const words = new Map(cards.map(card => [card, card.textContent.toLowerCase()]));
  let fitting = cards, shown = STEP;

  const fits = (card, box) => box.id === "words"
    ? box.value.trim().toLowerCase().split(/\s+/).every(word => words.get(card).includes(word))
    : card.dataset[box.id] === box.value;
  function show() {
    const seen = new Set(fitting.slice(0, shown));
    for (const card of cards) card.hidden = !seen.has(card);
    more.hidden = fitting.length <= shown;
    more.textContent = `再显示 ${Math.min(STEP, fitting.length - shown)} 个`;
    const part = fitting.length > shown ? `（先列前 ${shown} 个）` : "";
    if (count) count.textContent = `显示 ${fitting.length} / ${cards.length} 个问题${part}`;
  }
  function filter() {
    const asked = boxes.filter(box => box.value);
    fitting = cards.filter(card => asked.every(box => fits(card, box)));
    shown = STEP;
    show();
  }
  function keep() {
    const told = new URLSearchParams(boxes.filter(box => box.value).map(box => [box.id, box.value]));
    history.replaceState(null, "", `${location.pathname}${location.search}${String(told) ? `#${told}` : ""}`);
  }
  // An address may name a card instead: a link of a report leads to it.
  function recall() {
    const card = /^#f-/.test(location.hash) && cards.find(one => `#${one.id}` === location.hash);
    const told = new URLSearchParams(card ? "" : location.hash.slice(1));
    for (const box of boxes) box.value = told.get(box.id) ?? "";
    filter();
    if (!card) return;
    shown = Math.max(STEP, cards.indexOf(card) + 1);
    show();
    card.scrollIntoView();
  }
  Object.assign(more, {type: "button", className: "more", hidden: true});
  more.addEventListener("click", () => { shown += STEP; show(); });
  last?.after(more);
  for (const box of boxes) box.addEventListener("input", () => { filter(); keep(); });
  addEventListener("hashchange", recall);
  recall();
});
