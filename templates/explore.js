// The page's script: reads the data behind the page and lets a reader search, filter, sort and open it. It makes elements
// and puts text into them by `textContent`, its one way for text into the page; the policy of the page forbids others.
(() => {
  const { CUT, Changes, FACETS } = core;
  const root = document.getElementById("explore");
  const plain = document.getElementById("plain");
  const words = JSON.parse(document.getElementById("words").textContent);
  const OBJECTS_OF_A_PAGE = 100;
  const LINES_OF_A_PAGE = 200;
  const ROWS_OF_AN_OBJECT = 200;
  const VALUES_OF_A_FACET = 200;
  const ITEMS_OF_A_LIST = 200;
  const LONGEST_TEXT = 4096;

  const changes = new Changes();
  let state = core.fromHash(location.hash);
  let result = null;
  let positions = new Uint32Array(0);

  // Elements.

  // An element of a class with children: elements, or texts.
  function make(tag, className, ...children) {
    const element = document.createElement(tag);
    if (className) element.className = className;
    put(element, ...children);
    return element;
  }

  function put(element, ...children) {
    if (children.length === 1 && typeof children[0] === "string") element.textContent = children[0];
    else {
      for (const child of children) {
        if (typeof child === "string") element.append(make("span", "", child));
        else if (child) element.append(child);
      }
    }
    return element;
  }

  // Text of the data: what cannot be seen is shown, and no direction leaks out of it.
  function data(text, className = "") {
    const shown = text.length > LONGEST_TEXT ? text.slice(0, LONGEST_TEXT) : text;
    const parts = core.visibleParts(shown);
    const isPlain = parts.length === 1 && !parts[0].hidden;
    const element = make("bdi", className, isPlain ? shown : null);
    for (const part of isPlain ? [] : parts) {
      element.append(part.hidden ? make("span", "u", part.hidden) : make("span", "", part.text));
      if (part.breaks) element.append(document.createElement("br"));
    }
    if (shown.length < text.length) element.append(make("span", "cut", fill(words.moreItems, number(text.length - shown.length))));
    return element;
  }

  function button(text, act, className = "") {
    const element = make("button", className, text);
    element.type = "button";
    element.addEventListener("click", act);
    return element;
  }

  // A text with numbers in it.
  const fill = (text, n, m) => text.replace("{n}", n).replace("{m}", m);
  const number = (count) => count.toLocaleString("en-US");

  // A button that copies a text, and says so.
  function copier(text, label) {
    const element = button(label, async () => {
      try {
        await navigator.clipboard.writeText(text());
        element.textContent = words.copied;
      } catch {
        // Without a clipboard the text is put where it can be selected.
        const box = make("textarea", "copybox", text());
        box.readOnly = true;
        box.setAttribute("aria-label", label);
        element.replaceWith(box);
        box.select();
      }
    }, "small");
    return element;
  }

  // Words of tokens.

  const shownFact = {
    function: (token) => words.functions[token] || token,
    action: (token) => token || words.noAction,
    type: (token) => token,
    outcome: (token) => words.outcomes[token] || token,
    category: (token) => words.categories[token] || token,
    sinceObject: (token) => words.objectSince[token] || token,
    property: (token) => token,
    sinceRow: (token) => words.since[Number(token)],
    note: (token) => words.notes[token] || words.noteNone,
  };
  const fact = (name, block, at) => changes.facts[name].values[block.facets[name][at]];
  const leads = () => state.perspective || words.perspective;
  // What the perspective leads with stands first.
  const led = (incident, recovery) => (leads() === "incident" ? [incident, recovery] : [recovery, incident]);

  // The controls.

  const search = document.createElement("input");
  search.type = "search";
  search.id = "search";
  search.autocomplete = "off";
  search.spellcheck = false;
  search.placeholder = words.aboutSearch;
  const view = chooser("view", [["objects", words.objects], ["properties", words.properties], ["identical", words.identical]]);
  const perspective = chooser("lead", [["incident", words.incidentWord], ["recovery", words.recoveryWord]]);
  const clear = button(words.clear, () => change({ query: "", filters: {}, open: "" }));
  const download = button(words.download, save);
  const status = make("p", "status");
  status.setAttribute("role", "status");
  const facets = make("div", "facets");
  const output = make("div", "output");
  const pager = make("nav", "pager");
  pager.setAttribute("aria-label", words.result);
  const opened = make("p", "opened");
  const showPlain = button("", () => {
    plain.hidden = !plain.hidden;
    tellPlain();
  }, "small");

  function tellPlain() {
    showPlain.textContent = plain.hidden ? words.showPlain : words.hidePlain;
    showPlain.setAttribute("aria-expanded", String(!plain.hidden));
  }

  function chooser(name, options) {
    const select = make("select", "", ...options.map(([value, text]) => {
      const option = make("option", "", text);
      option.value = value;
      return option;
    }));
    select.id = name;
    return select;
  }

  function labelled(text, control) {
    const label = make("label", "", make("span", "", text));
    label.append(control);
    return label;
  }

  function build() {
    const form = make("form", "controls", labelled(words.search, search), labelled(words.groupBy, view), labelled(words.lead, perspective));
    form.setAttribute("role", "search");
    form.addEventListener("submit", (event) => event.preventDefault());
    form.append(make("div", "acts", clear, download));
    root.append(make("h3", "", words.explore), form, facets, status, opened, output, pager, make("p", "", showPlain));
    let waiting = 0;
    search.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => change({ query: search.value, open: "" }), 120);
    });
    view.addEventListener("change", () => change({ view: view.value, open: "" }));
    perspective.addEventListener("change", () => change({ perspective: perspective.value }, true));
    for (const name of FACETS) facets.append(facet(name));
    plain.hidden = true;
    tellPlain();
    root.hidden = false;
  }

  // A facet: its values with how many objects each has, or would add.
  function facet(name) {
    const count = make("span", "count");
    const list = make("ul", "");
    const box = make("details", "facet", make("summary", "", make("span", "", words[name]), count), list);
    box.dataset.facet = name;
    box.addEventListener("toggle", () => box.open && fillFacet(box));
    return box;
  }

  function fillFacet(box) {
    const name = box.dataset.facet;
    const chosen = new Set(state.filters[name] || []);
    const { values } = changes.facts[name];
    const counts = result.counts[name];
    const listed = values.map((value, at) => ({ value, count: counts[at] })).filter(({ value, count }) => count > 0 || chosen.has(value));
    if (name === "category") listed.splice(0, listed.length, ...listed.filter(({ value }) => value !== ""));
    listed.sort((a, b) => chosen.has(b.value) - chosen.has(a.value) || b.count - a.count || (a.value < b.value ? -1 : 1));
    const list = box.querySelector("ul");
    list.replaceChildren(...listed.slice(0, VALUES_OF_A_FACET).map(({ value, count }) => {
      const check = document.createElement("input");
      check.type = "checkbox";
      check.checked = chosen.has(value);
      check.addEventListener("change", () => {
        const filters = { ...state.filters, [name]: [...chosen].filter((one) => one !== value).concat(check.checked ? [value] : []) };
        change({ filters, open: "" });
        // The list was made anew: the reader stays where he was.
        const again = [...list.querySelectorAll("input")].find((input) => input.dataset.value === value);
        if (again) again.focus();
      });
      check.dataset.value = value;
      const label = make("label", "", check, data(shownFact[name](plainText(value)), "what"), make("span", "n", number(count)));
      return make("li", "", label);
    }));
    if (listed.length > VALUES_OF_A_FACET) list.append(make("li", "more", fill(words.more, number(listed.length - VALUES_OF_A_FACET))));
  }

  const plainText = (text) => (text.startsWith(CUT) ? text.slice(1) + "…" : text);

  function tellFacets() {
    for (const box of facets.children) {
      const chosen = state.filters[box.dataset.facet] || [];
      box.querySelector(".count").textContent = chosen.length ? fill(words.selected, number(chosen.length)) : "";
      box.classList.toggle("chosen", chosen.length > 0);
      box.hidden = changes.facts[box.dataset.facet].values.length < 2 && !chosen.length;
      if (box.open) fillFacet(box);
    }
  }

  // The state.

  // Changes what is looked for or how it is shown, and tells it in the address.
  function change(part, keepsPage = false) {
    state = { ...state, page: keepsPage ? state.page : 0, ...part };
    history.replaceState(null, "", "#" + core.toHash(state));
    show();
  }

  function show() {
    search.value = search === document.activeElement ? search.value : state.query;
    view.value = state.view;
    perspective.value = leads();
    result = core.select(changes, state);
    tellFacets();
    const ids = state.open ? changes.withId(state.open) : null;
    opened.hidden = !ids;
    if (ids) {
      positions = Uint32Array.from(ids);
      opened.replaceChildren(make("span", "", words.object + ": "), data(state.open, "id"), button(words.close, () => change({ open: "" }), "small"));
    } else positions = core.ordered(changes, result, state.sort);
    const rows = ids ? ids.reduce((sum, at) => sum + rowsOf(at), 0) : result.rowCount;
    const all = changes.objects < words.objectsOfReport ? " " + fill(words.notRead, number(changes.objects), number(words.objectsOfReport)) : "";
    let lines = 0;
    if (state.view === "objects" || ids) lines = showObjects(Boolean(ids));
    else if (state.view === "properties") lines = showProperties();
    else lines = showIdentical();
    const size = state.view === "objects" || ids ? OBJECTS_OF_A_PAGE : LINES_OF_A_PAGE;
    const pages = Math.max(1, Math.ceil(lines / size));
    status.textContent = `${fill(words.objectsShown, number(positions.length), number(rows))} ${fill(words.ofAll, number(changes.objects))}, ${fill(words.page, number(state.page + 1), number(pages))}.${all}`;
    showPager(pages);
  }

  function rowsOf(position) {
    const [block, at] = changes.find(position);
    return block.first[at + 1] - block.first[at];
  }

  function showPager(pages) {
    pager.hidden = pages < 2;
    const turn = (page) => () => {
      change({ page }, true);
      output.scrollIntoView({ block: "nearest" });
    };
    const previous = button(words.previous, turn(state.page - 1)), next = button(words.next, turn(state.page + 1));
    previous.disabled = state.page <= 0;
    next.disabled = state.page >= pages - 1;
    pager.replaceChildren(previous, make("span", "", fill(words.page, number(state.page + 1), number(pages))), next);
  }

  function table(caption, heads, rows) {
    const row = make("tr", "");
    for (const head of heads) {
      const cell = make("th", head.className || "");
      cell.scope = "col";
      if (head.sort) {
        const isSorted = state.sort && state.sort.by === head.sort;
        const down = isSorted && state.sort.down;
        if (isSorted) cell.setAttribute("aria-sort", down ? "descending" : "ascending");
        const sign = make("span", "sortsign", isSorted ? (down ? " ▼" : " ▲") : "");
        sign.setAttribute("aria-hidden", "true");
        const next = !isSorted ? { by: head.sort, down: false } : down ? null : { by: head.sort, down: true };
        cell.append(put(button("", () => {
          change({ sort: next });
          const again = output.querySelector(`button[data-sort="${head.sort}"]`);
          if (again) again.focus();
        }, "sort"), make("span", "", head.text), sign));
        cell.firstChild.dataset.sort = head.sort;
      } else cell.textContent = head.text;
      row.append(cell);
    }
    const element = make("table", "found", make("caption", "", caption), make("thead", "", row));
    element.append(make("tbody", "", ...rows));
    return element;
  }

  const nothing = () => make("p", "more", words.noMatch);

  // The objects that match, a line each; an object opens below its line.
  function showObjects(areOpen) {
    const page = positions.slice(state.page * OBJECTS_OF_A_PAGE, (state.page + 1) * OBJECTS_OF_A_PAGE);
    if (!page.length) {
      output.replaceChildren(nothing());
      return 0;
    }
    const [first] = led(words.sinceObject, words.action);
    const heads = [
      { text: words.object, sort: "object" }, { text: words.type, sort: "type" }, { text: first, sort: "action" },
      { text: words.edits, sort: "changes" }, { text: words.outcome, sort: "outcome" },
    ];
    const rows = [];
    for (const position of page) rows.push(...objectRows(position, areOpen));
    output.replaceChildren(table(words.tableObjects, heads, rows));
    return positions.length;
  }

  function objectRows(position, isOpen) {
    const [block, at] = changes.find(position);
    const id = block.texts[block.id[at]], name = block.texts[block.name[at]];
    const detail = make("tr", "detail");
    const cell = make("td", "");
    cell.colSpan = 5;
    detail.append(cell);
    detail.id = "d" + position;
    detail.hidden = true;
    const who = put(button("", () => toggle(), "who"), name ? data(plainText(name), "name") : make("span", "none", words.noName));
    who.setAttribute("aria-expanded", "false");
    who.setAttribute("aria-controls", detail.id);
    const toggle = () => {
      if (!cell.firstChild) cell.append(detailOf(position));
      detail.hidden = !detail.hidden;
      who.setAttribute("aria-expanded", String(!detail.hidden));
    };
    const outcome = fact("outcome", block, at);
    const head = make("th", "", who, id ? data(plainText(id), "id") : make("span", "none", words.noId));
    head.scope = "row";
    const [lead] = led(words.objectSince[fact("sinceObject", block, at)], shownFact.action(fact("action", block, at)));
    const row = make("tr", outcome === "failed" ? "line failed" : "line", head,
      make("td", "", data(plainText(fact("type", block, at)))), make("td", "", data(lead)), make("td", "", ...edits(block, at)),
      make("td", "", make("span", outcome === "failed" ? "badge bad" : "outcome", shownFact.outcome(outcome))));
    if (isOpen) toggle();
    return [row, detail];
  }

  // How many rows an object has, and of which properties the first are.
  function edits(block, at) {
    const from = block.first[at], to = block.first[at + 1];
    if (from === to) return [make("span", "none", words.withoutRows)];
    const names = [];
    for (let row = from; row < to && names.length < 3; row++) {
      const name = fact("property", block, row);
      if (!names.includes(name)) names.push(name);
    }
    return [make("b", "", number(to - from)), make("span", "", " "), data(names.map(plainText).join(", "), "p")];
  }

  // Everything about one object.
  function detailOf(position) {
    const [block, at] = changes.find(position);
    const text = (column) => block.texts[column[at]];
    const place = core.placeOf(block, at);
    const box = make("div", "all");
    const id = plainText(text(block.id));
    box.append(make("p", "acts", copier(() => id, words.copyId), copier(() => location.href.replace(/#.*$/u, "") + "#" + core.toHash({ ...state, query: "", filters: {}, view: "objects", sort: null, page: 0, open: id }), words.copyLink), copier(() => place, words.copyPlace)));
    const facts = [[words.function, make("span", "", shownFact.function(fact("function", block, at)))],
      [words.action, data(shownFact.action(fact("action", block, at)))],
      [words.sinceObject, make("span", "", shownFact.sinceObject(fact("sinceObject", block, at)))],
      [words.place, data(place, "source")]];
    if (block.message[at]) facts.push([words.failure, make("span", "failure", make("b", "", shownFact.category(fact("category", block, at)) + ": "), data(plainText(text(block.message))))]);
    if (block.reason[at]) facts.push([words.removedReason, data(plainText(text(block.reason)))]);
    if (block.synced[at]) facts.push([words.note, make("span", "", words.synced)]);
    if (block.unchanged[at]) facts.push(["", make("span", "", fill(words.unchanged, number(block.unchanged[at])))]);
    const list = make("dl", "what");
    for (const [name, what] of facts) list.append(make("div", "", make("dt", "", name), make("dd", "", what)));
    box.append(list);
    if (block.first[at] < block.first[at + 1]) box.append(diff(block, at));
    box.append(received(block, at));
    return box;
  }

  // The rows of an object; of many, the first, and the others when they are asked for.
  function diff(block, at) {
    const heads = words[leads()].heads[fact("function", block, at)];
    const row = make("tr", "");
    for (const head of heads) {
      const cell = make("th", "", head);
      cell.scope = "col";
      row.append(cell);
    }
    const body = make("tbody", "");
    const element = make("table", "rows", make("caption", "", words.rows), make("thead", "", row), body);
    const box = make("div", "diff", element);
    let next = block.first[at];
    const end = block.first[at + 1];
    const more = button("", () => grow(), "small");
    const grow = () => {
      const stop = Math.min(end, next + ROWS_OF_AN_OBJECT);
      for (; next < stop; next++) body.append(rowOf(block, next, heads));
      more.hidden = next >= end;
      more.textContent = fill(words.more, number(end - next));
    };
    grow();
    box.append(more);
    return box;
  }

  const SIGNS = { incident: ["+", "−", "±", "?"], recovery: ["−", "+", "±", "?"] };
  const CLASSES = { incident: ["comes", "goes", "differs", "unknown"], recovery: ["goes", "comes", "differs", "unknown"] };

  function rowOf(block, row, heads) {
    const isLink = block.kind[row] === 1, since = block.rowSince[row];
    const head = make("th", "p", data(plainText(block.texts[block.property[row]])));
    head.scope = "row";
    if (isLink) head.append(make("span", "type", words.link));
    const note = block.texts[block.rowNote[row]];
    if (note) head.append(make("span", "note", shownFact.note(note)));
    const [first, second] = led(side(block, row, "backup"), side(block, row, "current"));
    const sign = make("span", "sign", SIGNS[leads()][since]);
    sign.setAttribute("aria-hidden", "true");
    const [lead, follow] = led(words.since[since], words.will[block.kind[row]][since]);
    const cells = [first, second, make("td", CLASSES[leads()][since], sign, make("span", "", " " + lead)), make("td", "w", follow)];
    cells.forEach((cell, at) => { cell.dataset.l = heads[at + 1]; });
    return make("tr", "", head, ...cells);
  }

  // A side of a row: its value, or words in its place; of a collection what only it has, marked in words and signs.
  function side(block, row, name) {
    const isLink = block.kind[row] === 1;
    const json = block.texts[block[name][row]];
    const cell = make("td", "v");
    const items = block.items.get(row);
    const { kind, text, target } = core.value(json, isLink);
    const lifecycle = block.texts[block.rowNote[row]] === "lifecycle";
    if (kind === "missing") {
      const none = block.rowSince[row] === 3 && !lifecycle ? words.none.unknown : isLink ? words.none.link : words.none.value;
      return put(cell, make("span", "none", none));
    }
    if (kind === "null") return put(cell, make("span", "none", words.none.null));
    if (kind === "string" && text === "") return put(cell, make("span", "none", words.none.text));
    if (json === "[]") return put(cell, make("span", "none", words.none.list));
    if (kind === "link") {
      put(cell, data(target.displayName || target.userPrincipalName || target.id || words.noId));
      for (const part of [target.type, target.displayName && target.userPrincipalName, (target.displayName || target.userPrincipalName) && target.id]) {
        if (part) cell.append(make("br", ""), make("small", "", data(String(part))));
      }
      return cell;
    }
    const isCut = kind === "cut" || (items && items.some((at) => block.texts[at].startsWith(CUT)));
    if (items && !isCut) return put(cell, collection(json, block.texts[items[name === "current" ? 0 : 1]], name === "current"));
    put(cell, data(text));
    if (kind === "cut") cell.append(make("span", "cut", words.cut));
    // A text that reads like another kind of value says that it is one.
    else if (kind !== "string" || /^(?:-?\d[\d.eE+-]*|true|false|null|[[{"].*)$/su.test(text)) cell.append(make("span", "type", words.kinds[kind]));
    return cell;
  }

  function collection(json, only, isCurrent) {
    const own = core.elements(only);
    const rest = core.elements(json);
    for (const item of own) {
      const at = rest.indexOf(item);
      if (at >= 0) rest.splice(at, 1);
    }
    // What the perspective sees come has a plus.
    const comes = isCurrent === (leads() === "incident");
    const word = words[leads()].items[isCurrent ? 0 : 1];
    const list = make("ul", "");
    const shown = (item) => {
      const { kind, text } = core.value(item, false);
      return kind === "null" || (kind === "string" && text === "") ? make("span", "none", kind === "null" ? words.none.null : words.none.text) : data(text || item);
    };
    for (const item of own.slice(0, ITEMS_OF_A_LIST)) {
      list.append(make("li", "", make(comes ? "ins" : "del", "", make("b", "", (comes ? "+ " : "− ") + word + " "), shown(item))));
    }
    for (const item of rest.slice(0, 20)) list.append(make("li", "", shown(item)));
    const left = Math.max(0, own.length - ITEMS_OF_A_LIST), common = Math.max(0, rest.length - 20);
    if (left) list.append(make("li", "cut", fill(words.moreItems, number(left)) + " " + word));
    if (common) list.append(make("li", "cut", fill(words.moreItems, number(common)) + " " + words.onBothSides));
    return list;
  }

  // Both sides as they were received, read when they are asked for.
  function received(block, at) {
    const box = make("details", "received", make("summary", "", words.received));
    box.addEventListener("toggle", async () => {
      if (!box.open || box.children.length > 1) return;
      const place = make("div", "sides");
      box.append(place);
      const both = (await sidesOf(block))[at];
      led(0, 1).forEach((which) => {
        const json = both[which];
        const text = json === null ? words.noSide : json[0] === "{" ? core.indented(json) : json;
        // Its lines are ours: no character of the data.
        const pre = make("pre", "", ...text.split("\n").flatMap((line) => [lineOf(line), document.createElement("br")]));
        pre.tabIndex = 0;
        const head = which === 0 ? words.backupSide : words.currentSide;
        const part = make("section", "", make("h4", "", head), pre);
        if (json !== null) part.append(copier(() => text, words.copy));
        place.append(part);
      });
    });
    return box;
  }

  function lineOf(line) {
    const element = make("span", "");
    for (const part of core.visibleParts(line, false)) element.append(part.hidden ? make("span", "u", part.hidden) : make("span", "", part.text));
    return element;
  }

  async function sidesOf(block) {
    if (!block.received) block.received = await read(block.sides);
    return block.received;
  }

  // Properties, most objects first; one opens the objects that have it.
  function showProperties() {
    const all = core.byProperty(changes, result);
    const page = all.slice(state.page * LINES_OF_A_PAGE, (state.page + 1) * LINES_OF_A_PAGE);
    const rows = page.map(({ property, objects, rows }) => {
      const open = put(button("", () => change({ view: "objects", filters: { ...state.filters, property: [property] } }), "who"), data(plainText(property), "p"));
      const head = make("th", "", open);
      head.scope = "row";
      return make("tr", "line", head, make("td", "n", number(objects)), make("td", "n", number(rows)));
    });
    const heads = [{ text: words.property }, { text: words.objectsOf, className: "n" }, { text: words.edits, className: "n" }];
    output.replaceChildren(rows.length ? table(words.tableProperties, heads, rows) : nothing());
    return all.length;
  }

  // Edits that are the same on several objects, each a line that opens to the objects.
  function showIdentical() {
    const all = core.identical(changes, result);
    const page = all.slice(state.page * LINES_OF_A_PAGE, (state.page + 1) * LINES_OF_A_PAGE);
    const rows = page.flatMap((edit, at) => identicalRows(edit, at));
    const [first, second] = led(words.from, words.to);
    const heads = [{ text: words.property }, { text: first }, { text: second }, { text: words.sinceRow }, { text: words.objectsOf, className: "n" }];
    output.replaceChildren(rows.length ? table(words.tableIdentical, heads, rows) : nothing());
    return all.length;
  }

  function identicalRows(edit, at) {
    const [block, row] = edit.row;
    const detail = make("tr", "detail");
    detail.id = "e" + at;
    detail.hidden = true;
    const cell = make("td", "");
    cell.colSpan = 5;
    detail.append(cell);
    const count = button(number(edit.objects.length), () => {
      if (!cell.firstChild) cell.append(objectsOf(edit.objects));
      detail.hidden = !detail.hidden;
      count.setAttribute("aria-expanded", String(!detail.hidden));
    }, "who");
    count.setAttribute("aria-expanded", "false");
    count.setAttribute("aria-controls", detail.id);
    count.setAttribute("aria-label", words.open + " " + number(edit.objects.length) + " " + words.objects);
    const head = make("th", "", data(plainText(block.texts[block.property[row]]), "p"));
    head.scope = "row";
    const [first, second] = led(side(block, row, "backup"), side(block, row, "current"));
    const line = make("tr", "line", head, first, second, make("td", "", words.since[block.rowSince[row]]), make("td", "n", count));
    return [line, detail];
  }

  function objectsOf(objects) {
    const list = make("ul", "objects");
    let next = 0;
    const more = button("", () => grow(), "small");
    const grow = () => {
      for (const position of objects.slice(next, next + OBJECTS_OF_A_PAGE)) {
        const [block, at] = changes.find(position);
        const id = block.texts[block.id[at]], name = block.texts[block.name[at]];
        const open = put(button("", () => change({ open: id }), "who"), name ? data(plainText(name)) : make("span", "none", words.noName));
        open.disabled = !id;
        list.append(make("li", "", open, make("span", "", " "), data(plainText(id), "id")));
      }
      next += OBJECTS_OF_A_PAGE;
      more.hidden = next >= objects.length;
      more.textContent = fill(words.more, number(objects.length - next));
    };
    grow();
    return make("div", "", list, more);
  }

  function save() {
    const shown = state.open ? { ...result, ...only(changes.withId(state.open)) } : result;
    const file = URL.createObjectURL(new Blob([core.csv(changes, shown, words)], { type: "text/csv" }));
    const link = document.createElement("a");
    link.href = file;
    link.download = words.downloadName;
    link.click();
    setTimeout(() => URL.revokeObjectURL(file), 60000);
  }

  // Marks of these objects alone, with all their rows.
  function only(positions) {
    const objects = changes.blocks.map((block) => new Uint8Array(block.count));
    const rows = changes.blocks.map((block) => new Uint8Array(block.kind.length));
    for (const position of positions) {
      const [block, at] = changes.find(position);
      const number = changes.blocks.indexOf(block);
      objects[number][at] = 1;
      rows[number].fill(1, block.first[at], block.first[at + 1]);
    }
    return { objects, rows };
  }

  // The data.

  async function read(element) {
    const text = element.textContent;
    const bytes = Uint8Array.fromBase64 ? Uint8Array.fromBase64(text) : Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return JSON.parse(await new Response(stream).text());
  }

  // The places of the plain list, which the links of the page lead to, are objects and groups of this one.
  function follow() {
    const [, kind, number] = /^#([cg])(\d+)$/u.exec(location.hash) || [];
    if (!kind) {
      if (location.hash.includes("=")) {
        state = core.fromHash(location.hash);
        show();
      }
      return;
    }
    const of = kind === "c" ? document.getElementById("c" + number) : document.querySelector(`#g${number} tbody[id]`);
    const position = kind === "g" && !of ? -1 : changes.of(Number((of ? of.id : "c" + number).slice(1)));
    if (position < 0) {
      plain.hidden = false;
      tellPlain();
      document.getElementById(kind + number)?.scrollIntoView();
      return;
    }
    const [block, at] = changes.find(position);
    const filters = {};
    for (const name of ["function", "action", "type"]) filters[name] = [fact(name, block, at)];
    const id = block.texts[block.id[at]];
    if (kind === "c" && id) change({ query: "", filters: {}, view: "objects", open: id });
    else change({ query: "", filters, view: "objects", open: "", sort: null });
    root.scrollIntoView();
  }

  async function start() {
    const blocks = [...document.querySelectorAll("script.d")], sides = [...document.querySelectorAll("script.s")];
    root.hidden = false;
    root.append(status);
    // Blocks are unpacked side by side, and added in their order.
    const ahead = 8;
    const waiting = blocks.slice(0, ahead).map(read);
    for (let at = 0; at < blocks.length; at++) {
      const block = await waiting[at];
      waiting[at] = null;
      if (at + ahead < blocks.length) waiting[at + ahead] = read(blocks[at + ahead]);
      changes.add(block, sides[at]);
      blocks[at].remove();
      if (at % 32 === 0) status.textContent = fill(words.loading, number(changes.objects), number(words.explored));
    }
    build();
    show();
    follow();
    addEventListener("hashchange", follow);
    document.documentElement.dataset.ready = String(changes.objects);
  }

  start().catch((error) => {
    root.replaceChildren(make("p", "more", words.error));
    root.hidden = false;
    plain.hidden = false;
    console.error(error);
  });
})();
