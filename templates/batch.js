// The index's script: lets a reader search and sort the cases. It moves and hides rows that stand in the page, makes
// buttons out of the heads and puts text in by `textContent` alone; the policy of the page forbids other ways.
(() => {
  const table = document.getElementById("table");
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const search = document.getElementById("search");
  const found = document.getElementById("found");
  const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
  const texts = rows.map((row) => row.textContent.toLowerCase());

  // What a cell is sorted by: a number of ours, or its text.
  function key(row, column) {
    const cell = row.cells[column];
    return cell.dataset.s === undefined ? cell.textContent.trim() : Number(cell.dataset.s);
  }

  function compare(a, b) {
    return typeof a === "number" ? a - b : collator.compare(a, b);
  }

  // By a column, where that is the same in the order of the cases; numbers from the largest on at first.
  function sort(column, head) {
    const isNumber = head.classList.contains("n");
    const first = isNumber ? "descending" : "ascending";
    const second = isNumber ? "ascending" : "descending";
    const order = head.getAttribute("aria-sort") === first ? second : first;
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", order);
    const sign = order === "ascending" ? 1 : -1;
    const keyed = rows.map((row) => [row, key(row, column)]);
    keyed.sort(([one, a], [other, b]) => sign * compare(a, b) || one.dataset.s - other.dataset.s);
    body.append(...keyed.map(([row]) => row));
  }

  function find() {
    const wanted = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    rows.forEach((row, at) => {
      row.hidden = !wanted.every((word) => texts[at].includes(word));
      shown += row.hidden ? 0 : 1;
    });
    found.textContent = `${shown} ${found.dataset.of} ${rows.length}`;
  }

  [...table.tHead.rows[0].cells].forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    button.addEventListener("click", () => sort(column, head));
    head.replaceChildren(button);
  });
  search.addEventListener("input", find);
  search.closest("p").hidden = false;
  find();
  document.documentElement.dataset.ready = "true";
})();
