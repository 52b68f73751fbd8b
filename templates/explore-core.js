"use strict";
// What the page's script computes, without the page: reading blocks of data, searching, filtering, counting, CSV.
// docs/page-data.md tells how the data is made. Nothing here touches the document, so that it is tested without one.
const core = (() => {
  const CUT = "\u0001";

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

  // The positions of the objects that match, in the order of the report or by a column.
  function ordered(changes, result, sort) {
    const positions = new Uint32Array(result.objectCount);
    let next = 0;
    changes.blocks.forEach((block, at) => {
      const marks = result.objects[at];
      for (let object = 0; object < block.count; object++) if (marks[object]) positions[next++] = block.start + object;
    });
    if (!sort) return positions;
    const key = sortKey(changes, result, sort.by);
    const keys = new Map();
    for (const position of positions) keys.set(position, key(position));
    const collator = new Intl.Collator("en", { sensitivity: "base", numeric: true });
    const compare = typeof keys.get(positions[0]) === "number" ? (a, b) => a - b : collator.compare;
    const sign = sort.down ? -1 : 1;
    return positions.sort((a, b) => sign * compare(keys.get(a), keys.get(b)) || a - b);
  }

  function sortKey(changes, result, by) {
    const of = (position) => changes.find(position);
    if (by === "object") return (position) => {
      const [block, at] = of(position);
      return block.texts[block.name[at]] || block.texts[block.id[at]];
    };
    if (by === "changes") return (position) => {
      const [block, at] = of(position);
      return block.first[at + 1] - block.first[at];
    };
    return (position) => {
      const [block, at] = of(position);
      return changes.facts[by].values[block.facets[by][at]];
    };
  }

  // How many objects and rows of what matches each property has, most objects first.
  function byProperty(changes, result) {
    const count = changes.facts.property.values.length;
    const rows = new Uint32Array(count), objects = new Uint32Array(count);
    changes.blocks.forEach((block, at) => {
      const last = new Int32Array(count).fill(-1);
      const marks = result.rows[at];
      for (let row = 0; row < marks.length; row++) {
        if (!marks[row]) continue;
        const property = block.facets.property[row];
        rows[property]++;
        if (last[property] !== block.owner[row]) {
          last[property] = block.owner[row];
          objects[property]++;
        }
      }
    });
    const found = [];
    for (let at = 0; at < count; at++) {
      if (rows[at]) found.push({ property: changes.facts.property.values[at], rows: rows[at], objects: objects[at] });
    }
    return found.sort((a, b) => b.objects - a.objects || (a.property < b.property ? -1 : 1));
  }

  // Edits that are the same on several objects: the same property with the same values, with the objects.
  function identical(changes, result) {
    const edits = new Map();
    changes.blocks.forEach((block, at) => {
      const marks = result.rows[at];
      for (let row = 0; row < marks.length; row++) {
        if (!marks[row]) continue;
        const values = [block.property[row], block.backup[row], block.current[row]].map((text) => block.texts[text]);
        // Of a text that is cut nobody can say that it is the same.
        if (values.some((text) => text.startsWith(CUT))) continue;
        const key = [block.kind[row], block.rowSince[row], ...values].join("\u0000");
        const object = block.start + block.owner[row];
        const edit = edits.get(key);
        if (!edit) edits.set(key, { row: [block, row], objects: [object] });
        else if (edit.objects[edit.objects.length - 1] !== object) edit.objects.push(object);
      }
    });
    return [...edits.values()].filter((edit) => edit.objects.length > 1).sort((a, b) => b.objects.length - a.objects.length);
  }

  // A value as JSON text, told apart: what kind it is, and the text a reader sees.
  function value(json, isLink) {
    if (json === "") return { kind: "missing", text: "" };
    if (json.startsWith(CUT)) return { kind: "cut", text: json.slice(1) };
    switch (json[0]) {
      case '"': return { kind: "string", text: JSON.parse(json) };
      case "{": return isLink ? { kind: "link", text: JSON.parse(json).id || "", target: JSON.parse(json) } : { kind: "object", text: json };
      case "[": return { kind: "array", text: json };
      case "n": return { kind: "null", text: "" };
      case "t": case "f": return { kind: "boolean", text: json };
      default: return { kind: "number", text: json };
    }
  }

  // The elements of an array's JSON text, each as its own JSON text: numbers stay as they were written.
  function elements(json) {
    const found = [];
    let depth = 0, start = 1, inString = false;
    for (let at = 0; at < json.length; at++) {
      const c = json[at];
      if (inString) {
        if (c === "\\") at++;
        else if (c === '"') inString = false;
      } else if (c === '"') inString = true;
      else if (c === "[" || c === "{") depth++;
      else if (c === "]" || c === "}") {
        depth--;
        if (depth === 0 && at > start) found.push(json.slice(start, at));
      } else if (c === "," && depth === 1) {
        found.push(json.slice(start, at));
        start = at + 1;
      }
    }
    return found;
  }

  // JSON text with a line for each member and element, its numbers and strings as they are.
  function indented(json) {
    let out = "", depth = 0, inString = false;
    const line = () => "\n" + "  ".repeat(depth);
    for (let at = 0; at < json.length; at++) {
      const c = json[at];
      if (inString) {
        out += c;
        if (c === "\\") out += json[++at];
        else if (c === '"') inString = false;
        continue;
      }
      if (c === '"') { inString = true; out += c; }
      else if (c === "{" || c === "[") {
        const empty = json[at + 1] === "}" || json[at + 1] === "]";
        depth++;
        out += c + (empty ? "" : line());
      } else if (c === "}" || c === "]") {
        depth--;
        out += (out.endsWith("{") || out.endsWith("[") ? "" : line()) + c;
      } else if (c === ",") out += c + line();
      else if (c === ":") out += ": ";
      else out += c;
    }
    return out;
  }

  // A cell as a spreadsheet may read it: what it could take for a formula gets a leading quote, NUL is shown. The same as
  // in changes.csv (src/render/csv.rs); tests/support/guard.json holds both to it.
  function guarded(cell) {
    const bare = cell.replace(/^'+/u, "");
    const isDangerous = /^[\t\r\n\0]/u.test(bare) || /^[=+\-@|%＝＋－＠]/u.test(bare.replace(IGNORED, ""));
    if (!isDangerous && !cell.includes("\0")) return cell;
    const visible = cell.replaceAll("\0", "\u2400");
    return isDangerous ? "'" + visible : visible;
  }
  // White space as Unicode has it, and what has no width.
  const IGNORED = /^[\0\p{White_Space}\ufeff\u200b-\u200f\u2060-\u2064\u180e]+/u;

  function csvCell(text, raw) {
    const cell = raw ? text : guarded(text);
    return /[",;|\t\r\n]/u.test(cell) ? '"' + cell.replaceAll('"', '""') + '"' : cell;
  }

  // The rows that match as changes.csv has them. Words stand for tokens in no cell.
  function csv(changes, result, words) {
    const lines = [words.columns.join(",")];
    const cut = (text) => (text.startsWith(CUT) ? text.slice(1) + " … (" + words.cut + ")" : text);
    const shown = (json, isLink) => {
      const { kind, text } = value(json, isLink);
      return kind === "cut" ? text + " … (" + words.cut + ")" : text;
    };
    const kindOf = (json, isLink) => {
      const { kind } = value(json, isLink);
      return isLink && kind !== "missing" ? "link" : kind;
    };
    changes.blocks.forEach((block, number) => {
      const text = (at) => cut(block.texts[at]);
      const fact = (name, at) => cut(changes.facts[name].values[block.facets[name][at]]);
      for (let object = 0; object < block.count; object++) {
        if (!result.objects[number][object]) continue;
        const front = [fact("function", object), fact("action", object), fact("type", object), text(block.id[object]), text(block.name[object])];
        const outcome = [fact("outcome", object), text(block.message[object]), fact("category", object)];
        const end = [text(block.snapshot[object]), text(block.job[object]), placeOf(block, object)];
        const add = (ofRow, note, kinds) => {
          lines.push([...front, ...ofRow, ...outcome, note, ...end, ...kinds].map((cell) => csvCell(cell, words.raw)).join(","));
        };
        const from = block.first[object], to = block.first[object + 1];
        if (from === to) add(["", "", fact("sinceObject", object), "", "", "", "", ""], "", ["missing", "missing"]);
        for (let row = from; row < to; row++) {
          if (!result.rows[number][row]) continue;
          const isLink = block.kind[row] === 1, since = block.rowSince[row];
          const [backup, current] = [block.texts[block.backup[row]], block.texts[block.current[row]]];
          const items = (block.items.get(row) || [0, 0]).map(text);
          add([isLink ? "link" : "property", text(block.property[row]), words.sinceTokens[since], words.willTokens[since],
            shown(backup, isLink), shown(current, isLink), ...items], text(block.rowNote[row]),
          [kindOf(backup, isLink), kindOf(current, isLink)]);
        }
      }
    });
    return (words.raw ? "" : "\ufeff") + lines.join("\r\n") + "\r\n";
  }

  // Where an item stands: file and pointer.
  function placeOf(block, object) {
    const number = block.number[object];
    return block.texts[block.place[object]] + (number < 0 ? "" : number);
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

  // What cannot be seen, as it stands in the static page: a sign for a character. Of a whole text that is a blank at its
  // ends, too: two values that differ by one would look the same.
  const HIDDEN = /[ \u0000-\u001f\u007f-\u009f\u00a0\u00ad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}\p{Noncharacter_Code_Point}]/gu;
  function visibleParts(text, isWhole = true) {
    const parts = [];
    const first = isWhole ? text.length - text.replace(/^ +/u, "").length : 0;
    const last = isWhole ? text.replace(/ +$/u, "").length : text.length;
    let from = 0;
    for (const { 0: character, index } of text.matchAll(HIDDEN)) {
      if (character === " " && index >= first && index < last) continue;
      if (index > from) parts.push({ text: text.slice(from, index) });
      const code = character.codePointAt(0).toString(16).toUpperCase().padStart(4, "0");
      parts.push({ hidden: "⟨U+" + code + "⟩", breaks: character === "\n" });
      from = index + character.length;
    }
    if (from < text.length) parts.push({ text: text.slice(from) });
    return parts;
  }

  return {
    CUT, Changes, FACETS, OF_ROWS, SORTS, VIEWS, select, ordered, byProperty, identical, value, elements, indented, guarded,
    csvCell, csv, placeOf, toHash, fromHash, propertyOf, visibleParts,
  };
})();
if (typeof module !== "undefined") module.exports = core;
