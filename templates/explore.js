// The page's script: reads the data behind the page, and lets a reader search, filter, sort and open it.
(() => {
  const { words, make, data, button, fill, number } = elements;
  const { changes } = view;
  const root = document.getElementById("explore");
  const plain = document.getElementById("plain");

  const status = make("p", "status");
  status.setAttribute("role", "status");
  const opened = make("p", "opened");
  const showPlain = button("", () => tellPlain(!plain.hidden), "small");

  // Hides the plain list, or shows it, and says which.
  function tellPlain(isHidden) {
    plain.hidden = isHidden;
    showPlain.textContent = isHidden ? words.showPlain : words.hidePlain;
    showPlain.setAttribute("aria-expanded", String(!isHidden));
  }

  // Above what is told first stands the perspective, as soon as there is a script.
  const above = controls.perspective("lead-first");
  function tellLead() {
    lead.turn(view.leads());
    above.value = view.leads();
  }

  function build() {
    root.append(make("h3", "", words.explore), controls.form(save), controls.facets, status, opened, results.output, results.pager, make("p", "", showPlain));
    tellPlain(true);
    view.show = show;
  }

  // Everything as the state of the view tells it.
  function show() {
    const isLost = results.output.contains(document.activeElement) || opened.contains(document.activeElement);
    tellLead();
    view.result = core.select(changes, view.state);
    controls.show();
    const ids = view.state.open ? changes.withId(view.state.open) : null;
    view.positions = ids ? Uint32Array.from(ids) : order.ordered(changes, view.result, view.state.sort);
    opened.hidden = !ids;
    if (ids) {
      const close = button(words.close, () => view.change({ open: "" }), "small");
      opened.replaceChildren(make("span", "", words.object + ": "), data(view.state.open, "id"), close);
    }
    tellCounts(results.show(Boolean(ids)), ids ? ids.reduce((sum, at) => sum + view.rowsOf(at), 0) : view.result.rowCount);
    if (isLost) results.output.focus({ preventScroll: true });
  }

  function tellCounts(pages, rows) {
    const found = fill(words.objectsShown, number(view.positions.length), number(rows));
    const page = fill(words.page, number(view.state.page + 1), number(pages));
    const isPart = changes.objects < words.objectsOfReport;
    const rest = isPart ? " " + fill(words.notRead, number(changes.objects), number(words.objectsOfReport)) : "";
    status.textContent = `${found} ${fill(words.ofAll, number(changes.objects))}, ${page}.${rest}`;
  }

  // Downloads what is shown.
  function save() {
    const shown = view.state.open ? { ...view.result, ...only(view.positions) } : view.result;
    const file = URL.createObjectURL(new Blob([texts.csv(changes, shown, words)], { type: "text/csv" }));
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

  // Goes where an address leads. The places of the plain list, which the links of the page lead to, are objects and groups
  // of this one.
  function follow() {
    const [, kind, place] = /^#([cg])(\d+)$/u.exec(location.hash) ?? [];
    if (kind) toPlace(kind, place);
    else if (location.hash.includes("=")) {
      view.state = core.fromHash(location.hash);
      show();
      // Whoever follows a link to something is brought there; the perspective alone turns the whole page.
      if (core.toHash({ ...view.state, perspective: null })) root.scrollIntoView();
    }
  }

  function toPlace(kind, place) {
    const of = kind === "c" ? document.getElementById("c" + place) : document.querySelector(`#g${place} tbody[id]`);
    const position = kind === "g" && !of ? -1 : changes.of(Number((of ? of.id : "c" + place).slice(1)));
    if (position < 0) {
      tellPlain(false);
      document.getElementById(kind + place)?.scrollIntoView();
      return;
    }
    const [block, at] = changes.find(position);
    const id = block.texts[block.id[at]];
    if (kind === "c" && id) view.change({ query: "", filters: {}, view: "objects", open: id });
    else {
      const filters = Object.fromEntries(["function", "action", "type"].map((name) => [name, [view.fact(name, block, at)]]));
      view.change({ query: "", filters, view: "objects", open: "", sort: null });
    }
    results.output.focus({ preventScroll: true });
    root.scrollIntoView();
  }

  async function start() {
    document.querySelector("#first > h2")?.after(make("p", "turn", controls.labelled(words.lead, above)));
    view.show = tellLead;
    tellLead();
    root.hidden = false;
    root.append(status);
    await read();
    build();
    show();
    follow();
    addEventListener("hashchange", follow);
    document.documentElement.dataset.ready = String(changes.objects);
    prepare();
  }

  // What the first search, the first sort and the first look at identical edits need is worked out block by block while
  // nobody waits; where a browser does not tell when that is, the first of each takes longer.
  function prepare(at = 0) {
    globalThis.requestIdleCallback?.(() => {
      if (at === changes.blocks.length) order.prepareNames(changes);
      else {
        core.prepare(changes.blocks[at]);
        order.prepare(changes.blocks[at]);
        prepare(at + 1);
      }
    });
  }

  // Blocks are unpacked side by side, and added in their order.
  async function read() {
    const blocks = [...document.querySelectorAll("script.d")], sides = [...document.querySelectorAll("script.s")];
    const ahead = 8;
    const waiting = blocks.slice(0, ahead).map((block) => core.unpacked(block.textContent));
    for (let at = 0; at < blocks.length; at++) {
      const block = await waiting[at];
      waiting[at] = null;
      if (at + ahead < blocks.length) waiting[at + ahead] = core.unpacked(blocks[at + ahead].textContent);
      changes.add(block, sides[at]);
      blocks[at].remove();
      if (at % 32 === 0) status.textContent = fill(words.loading, number(changes.objects), number(words.explored));
    }
  }

  start().catch((error) => {
    root.replaceChildren(make("p", "more", words.error));
    root.hidden = false;
    plain.hidden = false;
    console.error(error);
  });
})();
