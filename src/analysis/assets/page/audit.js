// The cards of an audit page, filtered by what somebody chooses.
document.addEventListener("DOMContentLoaded", () => {
  "use strict";
  const cards = [...document.querySelectorAll("article.finding")];
  const boxes = ["severity", "document", "rule", "status"].map(name => document.getElementById(name)).filter(Boolean);
  const count = document.getElementById("count");
  function filter() {
    let shown = 0;
    for (const one of cards) {
      const fits = boxes.every(box => !box.value || one.dataset[box.id] === box.value);
      one.hidden = !fits;
      shown += fits;
    }
    if (count) count.textContent = `显示 ${shown} / ${cards.length} 个问题`;
  }
  for (const box of boxes) box.addEventListener("input", filter);
  filter();
});
