// The changes as the page's script holds them, without the page: reading blocks of data, searching, filtering, counting,
// and the address of a view. docs/page-data.md tells how the data is made. Nothing here touches the document, so that it
// is tested without one.
const core = (() => {
  // The changes: columns of objects, columns of their rows, and the texts of both. A block is added behind the others;
  // its texts keep a list of their own, and what is counted is brought to numbers that mean the same in all blocks.
  class Changes {
    constructor() {
      this.blocks = [];
      this.objects = 0;
      this.rows = 0;
      // Of each fact that is filtered by: its values, and the number of each.
      this.facts = {};
      for (const name of FACETS) this.facts[name] = { values: [], numbers: new Map() };
      // What explore-order.js works out of all of them once, when it is asked for.
      this.ranks = {};
      this.same = new Map();
    }

    // Adds a block as it was read; `sides` is the element that holds what was received.
    add(block, sides) {
      const { runs, texts, objects, rows } = block;
      const count = objects.id.length;
      const first = new Uint32Array(count + 1);
      for (let at = 0; at < count; at++) first[at + 1] = first[at] + objects.rows[at];
      const properties = texts.map(() => -1);
      const owner = new Uint32Array(rows.kind.length);
      for (let at = 0; at < count; at++) owner.fill(at, first[at], first[at + 1]);
      const items = new Map(rows.items.map(([row, added, removed]) => [row, [added, removed]]));
      const numbers = (name, texts) => Int32Array.from(texts, (text) => this.number(name, text));
      const column = (name) => Uint32Array.from(objects[name]);
      const added = {
        runs, texts, sides, first, owner, items,
        start: this.objects,
        count,
        id: column("id"), name: column("name"), message: column("message"), reason: column("reason"),
        snapshot: column("snapshot"), job: column("job"), place: column("place"),
        number: Float64Array.from(objects.number), synced: Uint8Array.from(objects.synced), unchanged: objects.unchanged,
        kind: Uint8Array.from(rows.kind), property: Uint32Array.from(rows.property), rowSince: Uint8Array.from(rows.since),
        backup: Uint32Array.from(rows.backup), current: Uint32Array.from(rows.current), rowNote: Uint32Array.from(rows.note),
        facets: {
          function: numbers("function", objects.function.map((at) => texts[at])),
          action: numbers("action", objects.action.map((at) => texts[at])),
          type: numbers("type", objects.entity_type.map((at) => texts[at])),
          outcome: numbers("outcome", objects.outcome.map((at) => texts[at])),
          category: numbers("category", objects.category.map((at) => texts[at])),
          sinceObject: numbers("sinceObject", objects.since.map((at) => texts[at])),
          property: Int32Array.from(rows.property, (at) => {
            if (properties[at] < 0) properties[at] = this.number("property", propertyOf(texts[at]));
            return properties[at];
          }),
          sinceRow: numbers("sinceRow", Array.from(rows.since, String)),
          note: numbers("note", rows.note.map((at) => texts[at])),
        },
      };
      this.blocks.push(added);
      this.ranks = {};
      this.objects += count;
      this.rows += rows.kind.length;
      return added;
    }

    number(name, value) {
      const fact = this.facts[name];
      let number = fact.numbers.get(value);
      if (number === undefined) {
        number = fact.values.length;
        fact.values.push(value);
        fact.numbers.set(value, number);
      }
      return number;
    }

    // The block that holds an object, and its place there.
    find(object) {
      let low = 0, high = this.blocks.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (this.blocks[middle].start <= object) low = middle; else high = middle - 1;
      }
      return [this.blocks[low], object - this.blocks[low].start];
    }

    // Where the object at a position of the report is among these; -1 where it is not.
    of(position) {
      for (const block of this.blocks) {
        let before = 0;
        for (const [start, count] of block.runs) {
          if (position >= start && position < start + count) return block.start + before + position - start;
          before += count;
        }
      }
      return -1;
    }

    // Where an item stands: file and pointer.
    placeOf(block, object) {
      const number = block.number[object];
      return block.texts[block.place[object]] + (number < 0 ? "" : number);
    }

    // The positions of the changes of the object `id`, without regard to case.
    withId(id) {
      const wanted = id.toLowerCase();
      const found = [];
      for (const block of this.blocks) {
        for (let at = 0; at < block.count; at++) {
          if (block.texts[block.id[at]].toLowerCase() === wanted) found.push(block.start + at);
        }
      }
      return found;
    }
  }

  // What a block holds: JSON, packed by gzip, in base64.
  async function unpacked(base64) {
    const bytes = Uint8Array.fromBase64 ? Uint8Array.fromBase64(base64) : Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Response(stream).json();
  }

  // What can be filtered by: facts of objects first, then of rows.
  const OF_OBJECTS = ["function", "action", "type", "outcome", "category", "sinceObject"];
  const OF_ROWS = ["property", "sinceRow", "note"];
  const FACETS = [...OF_OBJECTS, ...OF_ROWS];

  // A path without what names an element of a collection: `members[id=1].x` is `members[].x`. Keys in quotes stay.
  function propertyOf(path) {
    if (!path.includes("[")) return path;
    return path.replace(/\["(?:[^"\\]|\\.)*"\]|\[(?:"(?:[^"\\]|\\.)*"|[^\]"])*\]/g, (part) => (part.startsWith('["') ? part : "[]"));
  }

  // The texts of a block in small letters, one behind the other, and where each begins. Made once.
  function haystack(block) {
    if (!block.hay) {
      const small = block.texts.map((text) => text.toLowerCase());
      const starts = new Uint32Array(small.length + 1);
      for (let at = 0; at < small.length; at++) starts[at + 1] = starts[at] + small[at].length + 1;
      block.hay = small.join("\u0000");
      block.starts = starts;
    }
    return block.hay;
  }

  // Which texts of a block have `needle` in them, in small letters.
  function matching(block, needle) {
    const hay = haystack(block), starts = block.starts;
    const found = new Uint8Array(block.texts.length);
    let text = 0;
    for (let at = hay.indexOf(needle); at >= 0; at = hay.indexOf(needle, at)) {
      let low = text, high = found.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (starts[middle] <= at) low = middle; else high = middle - 1;
      }
      text = low;
      found[text] = 1;
      at = starts[text + 1];
    }
    return found;
  }

  // What matches: `rows` and `objects` are marks, one array for each block. A row matches if the search matches it or its
  // object and no filter excludes it; an object if one of its rows does, or where it has none, itself.
  //
  // Each facet is counted as if it had no filter of its own, so that its other values show what they would add.
  function select(changes, { query, filters }) {
    const needles = query.toLowerCase().split(/\s+/u).filter(Boolean);
    const wanted = {};
    for (const name of FACETS) {
      const values = filters[name];
      if (values && values.length) {
        const marks = new Uint8Array(changes.facts[name].values.length);
        for (const value of values) {
          const number = changes.facts[name].numbers.get(value);
          if (number !== undefined) marks[number] = 1;
        }
        wanted[name] = marks;
      }
    }
    const counts = {};
    for (const name of FACETS) counts[name] = new Uint32Array(changes.facts[name].values.length);
    const result = { objects: [], rows: [], objectCount: 0, rowCount: 0, counts };
    for (const block of changes.blocks) selectBlock(block, needles, wanted, result);
    return result;
  }

  function selectBlock(block, needles, wanted, result) {
    const marks = needles.map((needle) => matching(block, needle));
    const objects = new Uint8Array(block.count), rows = new Uint8Array(block.kind.length);
    const { counts } = result;
    const ofObjects = OF_OBJECTS.filter((name) => wanted[name]), ofRows = OF_ROWS.filter((name) => wanted[name]);
    // Of each value of a row's fact, the object that was counted last: an object counts once.
    const last = {};
    for (const name of OF_ROWS) last[name] = new Int32Array(counts[name].length).fill(-1);
    for (let object = 0; object < block.count; object++) {
      // The one filter of objects that excludes this one; with two of them nothing counts it.
      let missed = null, missedMore = false;
      for (const name of ofObjects) {
        if (!wanted[name][block.facets[name][object]]) {
          if (missed) missedMore = true;
          missed = name;
        }
      }
      if (missedMore) continue;
      const own = marks.map((found) => found[block.id[object]] | found[block.name[object]] | found[block.message[object]]);
      const from = block.first[object], to = block.first[object + 1];
      let any = false;
      for (let row = from; row < to; row++) {
        let matches = true;
        for (let at = 0; at < marks.length && matches; at++) {
          const found = marks[at];
          matches = own[at] === 1 || found[block.property[row]] === 1 || found[block.backup[row]] === 1 || found[block.current[row]] === 1;
        }
        if (!matches) continue;
        let missedRow = null, missedRowMore = missed !== null;
        for (const name of ofRows) {
          if (!wanted[name][block.facets[name][row]]) {
            if (missedRow) missedRowMore = true;
            missedRow = name;
          }
        }
        if (missedRow === null) {
          any = true;
          if (missed === null) {
            rows[row] = 1;
            result.rowCount++;
          }
        }
        if (missed !== null) continue;
        for (const name of OF_ROWS) {
          const value = block.facets[name][row];
          const counted = missedRow === null || (missedRow === name && !missedRowMore);
          if (counted && last[name][value] !== object) {
            last[name][value] = object;
            counts[name][value]++;
          }
        }
      }
      // An object without rows has no fact of a row.
      if (from === to && ofRows.length === 0) any = own.every((found) => found === 1);
      if (!any) continue;
      if (missed === null) {
        objects[object] = 1;
        result.objectCount++;
      }
      for (const name of OF_OBJECTS) {
        if (missed === null || missed === name) counts[name][block.facets[name][object]]++;
      }
    }
    result.objects.push(objects);
    result.rows.push(rows);
  }

  // The state of a view as the part of an address behind `#`, and back; what is not known there is left out.
  const SORTS = ["object", "type", "action", "changes", "outcome"];
  const VIEWS = ["objects", "properties", "identical"];
  function toHash(state) {
    const parts = new URLSearchParams();
    if (state.query) parts.set("q", state.query);
    for (const name of FACETS) for (const value of state.filters[name] || []) parts.append(name, value);
    if (state.view !== "objects") parts.set("view", state.view);
    if (state.sort) parts.set("sort", (state.sort.down ? "-" : "") + state.sort.by);
    if (state.page > 0) parts.set("page", String(state.page + 1));
    if (state.perspective) parts.set("lead", state.perspective);
    if (state.open) parts.set("o", state.open);
    return parts.toString();
  }
  function fromHash(hash) {
    const parts = new URLSearchParams(hash.replace(/^#/u, ""));
    const one = (name, known) => (known.includes(parts.get(name)) ? parts.get(name) : null);
    const filters = {};
    for (const name of FACETS) {
      const values = parts.getAll(name);
      if (values.length) filters[name] = values;
    }
    const sort = parts.get("sort") || "";
    const by = sort.replace(/^-/u, "");
    const page = Number(parts.get("page"));
    return {
      query: parts.get("q") || "",
      filters,
      view: one("view", VIEWS) || "objects",
      sort: SORTS.includes(by) ? { by, down: sort.startsWith("-") } : null,
      page: Number.isSafeInteger(page) && page > 1 ? page - 1 : 0,
      perspective: one("lead", ["incident", "recovery"]),
      open: parts.get("o") || "",
    };
  }

  return { Changes, FACETS, unpacked, prepare: haystack, select, propertyOf, toHash, fromHash };
})();
