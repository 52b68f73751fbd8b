// One object, opened: its facts, its rows with the values of both sides, and both sides as they were received.
const object = (() => {
  const { words, make, put, data, copier, fill, number, plainText } = elements;
  const { fact, shown } = view;
  const ROWS_OF_AN_OBJECT = 200;
  const ITEMS_OF_A_LIST = 200;
  const COMMON_ITEMS = 20;

  // Everything about one object.
  function detailOf(position) {
    const [block, at] = view.changes.find(position);
    const text = (column) => block.texts[column[at]];
    const place = view.changes.placeOf(block, at);
    const id = plainText(text(block.id));
    const link = () => {
      const alone = { ...view.state, query: "", filters: {}, view: "objects", sort: null, page: 0, open: id };
      return location.href.replace(/#.*$/u, "") + "#" + core.toHash(alone);
    };
    const box = make("div", "all", make("p", "acts", copier(() => id, words.copyId), copier(link, words.copyLink), copier(() => place, words.copyPlace)));
    const facts = [
      [words.function, make("span", "", shown.function(fact("function", block, at)))],
      [words.action, data(shown.action(fact("action", block, at)))],
      [words.sinceObject, make("span", "", shown.sinceObject(fact("sinceObject", block, at)))],
      [words.place, data(place, "source")],
    ];
    if (block.message[at]) {
      const category = make("b", "", shown.category(fact("category", block, at)) + ": ");
      facts.push([words.failure, make("span", "failure", category, data(plainText(text(block.message))))]);
    }
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
    const heads = words[view.leads()].heads[fact("function", block, at)];
    const row = make("tr", "", ...heads.map((head) => {
      const cell = make("th", "", head);
      cell.scope = "col";
      return cell;
    }));
    const body = make("tbody", "");
    const element = make("table", "rows", make("caption", "", words.rows), make("thead", "", row), body);
    const rows = Array.from({ length: block.first[at + 1] - block.first[at] }, (_, row) => block.first[at] + row);
    return elements.growing(make("div", "diff", element), body, rows, ROWS_OF_AN_OBJECT, (row) => rowOf(block, row, heads));
  }

  const SIGNS = { incident: ["+", "−", "±", "?"], recovery: ["−", "+", "±", "?"] };
  const CLASSES = { incident: ["comes", "goes", "differs", "unknown"], recovery: ["goes", "comes", "differs", "unknown"] };

  function rowOf(block, row, heads) {
    const isLink = block.kind[row] === 1, since = block.rowSince[row];
    const head = make("th", "p", data(plainText(block.texts[block.property[row]])));
    head.scope = "row";
    if (isLink) head.append(make("span", "type", words.link));
    const note = block.texts[block.rowNote[row]];
    if (note) head.append(make("span", "note", shown.note(note)));
    const [first, second] = view.led(side(block, row, "backup"), side(block, row, "current"));
    const sign = make("span", "sign", SIGNS[view.leads()][since]);
    sign.setAttribute("aria-hidden", "true");
    const [lead, follow] = view.led(words.since[since], words.will[block.kind[row]][since]);
    const cells = [first, second, make("td", CLASSES[view.leads()][since], sign, make("span", "", " " + lead)), make("td", "w", follow)];
    cells.forEach((cell, at) => { cell.dataset.l = heads[at + 1]; });
    return make("tr", "", head, ...cells);
  }

  // A side of a row: its value, or words in its place; of a collection what only it has, marked in words and signs.
  function side(block, row, name) {
    const isLink = block.kind[row] === 1;
    const json = block.texts[block[name][row]];
    const cell = make("td", "v");
    const items = block.items.get(row);
    const { kind, text, target } = texts.value(json, isLink);
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
    const isCut = kind === "cut" || (items && items.some((at) => block.texts[at].startsWith(texts.CUT)));
    if (items && !isCut) return put(cell, collection(json, block.texts[items[name === "current" ? 0 : 1]], name === "current"));
    put(cell, data(text));
    if (kind === "cut") cell.append(make("span", "cut", words.cut));
    // A text that reads like another kind of value says that it is one.
    else if (kind !== "string" || /^(?:-?\d[\d.eE+-]*|true|false|null|[[{"].*)$/su.test(text)) cell.append(make("span", "type", words.kinds[kind]));
    return cell;
  }

  function collection(json, only, isCurrent) {
    const own = texts.elements(only);
    const rest = texts.elements(json);
    for (const item of own) {
      const at = rest.indexOf(item);
      if (at >= 0) rest.splice(at, 1);
    }
    // What the perspective sees come has a plus.
    const comes = isCurrent === (view.leads() === "incident");
    const word = words[view.leads()].items[isCurrent ? 0 : 1];
    const list = make("ul", "");
    const shown = (item) => {
      const { kind, text } = texts.value(item, false);
      return kind === "null" || (kind === "string" && text === "") ? make("span", "none", kind === "null" ? words.none.null : words.none.text) : data(text || item);
    };
    for (const item of own.slice(0, ITEMS_OF_A_LIST)) {
      list.append(make("li", "", make(comes ? "ins" : "del", "", make("b", "", (comes ? "+ " : "− ") + word + " "), shown(item))));
    }
    for (const item of rest.slice(0, COMMON_ITEMS)) list.append(make("li", "", shown(item)));
    const left = Math.max(0, own.length - ITEMS_OF_A_LIST), common = Math.max(0, rest.length - COMMON_ITEMS);
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
      view.led(0, 1).forEach((which) => {
        const json = both[which];
        const text = json === null ? words.noSide : json[0] === "{" ? texts.indented(json) : json;
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
    for (const part of texts.visibleParts(line, false)) element.append(part.hidden ? make("span", "u", part.hidden) : make("span", "", part.text));
    return element;
  }

  async function sidesOf(block) {
    block.received ??= await core.unpacked(block.sides.textContent);
    return block.received;
  }

  return { detailOf, side };
})();
