// What matches, as tables: objects, properties, edits that are the same; and the pages of them.
const results = (() => {
  const { words, make, put, data, button, fill, number, plainText, named } = elements;
  const { fact, shown } = view;
  const OBJECTS_OF_A_PAGE = 100;
  const LINES_OF_A_PAGE = 200;

  // What a reader comes to where the place he was at is gone.
  const output = make("div", "output");
  output.tabIndex = -1;
  const pager = make("nav", "pager");
  pager.setAttribute("aria-label", words.result);

  // Shows what matches, or the objects that were asked for, all of them open; how many pages there are.
  function show(areOpen) {
    let lines, ofPage = LINES_OF_A_PAGE;
    if (areOpen || view.state.view === "objects") [lines, ofPage] = [showObjects(areOpen), OBJECTS_OF_A_PAGE];
    else lines = view.state.view === "properties" ? showProperties() : showIdentical();
    const pages = Math.max(1, Math.ceil(lines / ofPage));
    showPager(pages);
    return pages;
  }

  function showPager(pages) {
    pager.hidden = pages < 2;
    const { page } = view.state;
    const turn = (text, to) => {
      const one = button(text, () => {
        view.change({ page: to }, true);
        // The buttons are made anew: the reader stays on the one that was pressed, or where it leads no further on the other.
        const able = [...pager.querySelectorAll("button:enabled")];
        (able.find(({ textContent }) => textContent === text) ?? able[0]).focus();
        output.scrollIntoView({ block: "nearest" });
      });
      one.disabled = to < 0 || to >= pages;
      return one;
    };
    pager.replaceChildren(turn(words.previous, page - 1), make("span", "", fill(words.page, number(page + 1), number(pages))), turn(words.next, page + 1));
  }

  const ofPage = (all, size) => all.slice(view.state.page * size, (view.state.page + 1) * size);

  // A table in the place of the results, or words where there is nothing. Its lines are some of `all`, and say which.
  function showTable(caption, heads, rows, all, size) {
    if (!rows.length) {
      output.replaceChildren(make("p", "more", words.noMatch));
      return;
    }
    const row = make("tr", "", ...heads.map(headOf));
    const table = make("table", "found", make("caption", "", caption), make("thead", "", row), make("tbody", "", ...rows));
    table.setAttribute("aria-rowcount", String(all + 1));
    row.setAttribute("aria-rowindex", "1");
    const lines = rows.filter(({ classList }) => classList.contains("line"));
    lines.forEach((line, at) => line.setAttribute("aria-rowindex", String(view.state.page * size + at + 2)));
    output.replaceChildren(table);
  }

  // A head; of a column that can be sorted by a button: from the beginning, from the end, not at all.
  function headOf({ text, sort, className = "" }) {
    const cell = make("th", className, sort ? null : text);
    cell.scope = "col";
    if (!sort) return cell;
    const isSorted = view.state.sort?.by === sort;
    const isDown = isSorted && view.state.sort.down;
    if (isSorted) cell.setAttribute("aria-sort", isDown ? "descending" : "ascending");
    const sign = make("span", "sortsign", isSorted ? (isDown ? " ▼" : " ▲") : "");
    sign.setAttribute("aria-hidden", "true");
    const next = isDown ? null : { by: sort, down: isSorted };
    const press = button("", () => {
      view.change({ sort: next });
      output.querySelector(`button[data-sort="${sort}"]`)?.focus();
    }, "sort");
    press.dataset.sort = sort;
    return put(cell, put(press, make("span", "", text), sign));
  }

  function rowHead(...children) {
    const head = make("th", "", ...children);
    head.scope = "row";
    return head;
  }

  // A row below a line, empty until `control` is pressed, which shows and hides it, and tells which; answers with the row and
  // what presses.
  function detailRow(id, columns, control, content, tell = () => {}) {
    const cell = make("td", "");
    cell.colSpan = columns;
    const row = make("tr", "detail", cell);
    row.id = id;
    row.hidden = true;
    control.setAttribute("aria-expanded", "false");
    control.setAttribute("aria-controls", id);
    const toggle = () => {
      if (!cell.firstChild) cell.append(content());
      row.hidden = !row.hidden;
      control.setAttribute("aria-expanded", String(!row.hidden));
      tell(!row.hidden);
    };
    control.addEventListener("click", toggle);
    return [row, toggle];
  }

  // The objects that a reader has open stay so when the list is made anew, sorted or in the other perspective.
  const opened = new Set();

  // The objects that match, a line each; an object opens below its line.
  function showObjects(areOpen) {
    const [lead] = view.led(words.sinceObject, words.action);
    const heads = [
      { text: words.object, sort: "object" }, { text: words.type, sort: "type" }, { text: lead, sort: "action" },
      { text: words.edits, sort: "changes" }, { text: words.outcome, sort: "outcome" },
    ];
    const rows = [...ofPage(view.positions, OBJECTS_OF_A_PAGE)].flatMap((position) => objectRows(position, heads.length, areOpen));
    showTable(words.tableObjects, heads, rows, view.positions.length, OBJECTS_OF_A_PAGE);
    return view.positions.length;
  }

  function objectRows(position, columns, areOpen) {
    const [block, at] = view.changes.find(position);
    const id = block.texts[block.id[at]];
    const who = put(button("", () => {}, "who"), named(block.texts[block.name[at]], "name"));
    const tell = (isShown) => (isShown ? opened.add(position) : opened.delete(position));
    const [detail, toggle] = detailRow("d" + position, columns, who, () => object.detailOf(position), areOpen ? undefined : tell);
    const head = rowHead(who, id ? data(plainText(id), "id") : make("span", "none", words.noId));
    const [lead] = view.led(shown.sinceObject(fact("sinceObject", block, at)), shown.action(fact("action", block, at)));
    const outcome = fact("outcome", block, at), isFailed = outcome === "failed";
    const line = make("tr", isFailed ? "line failed" : "line", head, make("td", "kind", data(plainText(fact("type", block, at)))),
      make("td", "", data(lead)), make("td", "", ...edits(block, at)),
      make("td", "", make("span", isFailed ? "badge bad" : "outcome", shown.outcome(outcome))));
    if (areOpen || opened.has(position)) toggle();
    return [line, detail];
  }

  // How many rows an object has, and of which properties the first are.
  function edits(block, at) {
    const from = block.first[at], to = block.first[at + 1];
    if (from === to) return [make("span", "none", words.withoutRows)];
    const names = new Set();
    for (let row = from; row < to && names.size < 3; row++) names.add(plainText(fact("property", block, row)));
    return [make("b", "", number(to - from)), make("span", "", " "), data([...names].join(", "), "p")];
  }

  // Properties, most objects first; one opens the objects that have it.
  function showProperties() {
    const all = order.byProperty(view.changes, view.result);
    const rows = ofPage(all, LINES_OF_A_PAGE).map(({ property, objects, rows }) => {
      const filters = { ...view.state.filters, property: [property] };
      const open = put(button("", () => view.change({ view: "objects", filters }), "who"), data(plainText(property), "p"));
      return make("tr", "line", rowHead(open), make("td", "n", number(objects)), make("td", "n", number(rows)));
    });
    const heads = [{ text: words.property }, { text: words.objectsOf, className: "n" }, { text: words.edits, className: "n" }];
    showTable(words.tableProperties, heads, rows, all.length, LINES_OF_A_PAGE);
    return all.length;
  }

  // Edits that are the same on several objects, each a line that opens to the objects.
  function showIdentical() {
    const all = order.identical(view.changes, view.result);
    const [property, first, second, lead] = words[view.leads()].heads.getChanges.map((text) => ({ text }));
    const heads = [property, first, second, lead, { text: words.objectsOf, className: "n" }];
    const rows = ofPage(all, LINES_OF_A_PAGE).flatMap((edit, at) => identicalRows(edit, at, heads.length));
    showTable(words.tableIdentical, heads, rows, all.length, LINES_OF_A_PAGE);
    return all.length;
  }

  function identicalRows({ row: [block, row], objects }, at, columns) {
    const count = button(number(objects.length), () => {}, "who");
    count.setAttribute("aria-label", words.open + " " + number(objects.length) + " " + words.objects);
    const [detail] = detailRow("e" + at, columns, count, () => objectsOf(objects));
    const since = block.rowSince[row];
    const [first, second] = view.led(object.side(block, row, "backup"), object.side(block, row, "current"));
    const [lead] = view.led(words.since[since], words.will[block.kind[row]][since]);
    const head = rowHead(data(plainText(block.texts[block.property[row]]), "p"));
    return [make("tr", "line", head, first, second, make("td", "", lead), make("td", "n", count)), detail];
  }

  function objectsOf(objects) {
    const list = make("ul", "objects");
    const one = (position) => {
      const [block, at] = view.changes.find(position);
      const id = block.texts[block.id[at]];
      const open = put(button("", () => view.change({ open: id }), "who"), named(block.texts[block.name[at]]));
      open.disabled = !id;
      return make("li", "", open, make("span", "", " "), data(plainText(id), "id"));
    };
    return elements.growing(make("div", "", list), list, objects, OBJECTS_OF_A_PAGE, one);
  }

  return { output, pager, show };
})();
