"use strict";
// What the page's script makes of texts, without the page: values told apart, JSON in lines, characters that cannot be
// seen, cells and rows of a CSV. Nothing here touches the document, so that it is tested without one.
const texts = (() => {
  // Stands before a value that the page has no room for.
  const CUT = "\u0001";

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
        const end = [text(block.snapshot[object]), text(block.job[object]), changes.placeOf(block, object)];
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

  // What cannot be seen, as it stands in the static page: a sign for a character. Of a whole text that is a blank at its
  // ends, too: two values that differ by one would look the same.
  // eslint-disable-next-line no-control-regex, no-misleading-character-class -- such characters are what it looks for
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

  return { CUT, value, elements, indented, visibleParts, guarded, csvCell, csv };
})();
