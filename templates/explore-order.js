// In which order the page's script shows the changes, and what it shows of them as one: objects sorted, properties, edits
// that are the same. Nothing here touches the document, so that it is tested without one.
const order = (() => {
  // The positions of the objects that match, in the order of the report or by a column; equal ones keep their order.
  function ordered(changes, result, sort) {
    const positions = new Uint32Array(result.objectCount);
    let next = 0;
    changes.blocks.forEach((block, at) => {
      const marks = result.objects[at];
      for (let object = 0; object < block.count; object++) if (marks[object]) positions[next++] = block.start + object;
    });
    if (!sort) return positions;
    // Each rank has room for as many as have it, in its direction; then every object goes to the next place of its own.
    const { ranks, count } = ranksBy(changes, sort.by);
    const room = (position) => (sort.down ? count - 1 - ranks[position] : ranks[position]);
    const places = new Uint32Array(count + 1);
    for (const position of positions) places[room(position) + 1]++;
    for (let rank = 0; rank < count; rank++) places[rank + 1] += places[rank];
    const sorted = new Uint32Array(positions.length);
    for (const position of positions) sorted[places[room(position)]++] = position;
    return sorted;
  }

  // The rank of each object by a column, the same of equal ones, and how many ranks there are. Worked out once.
  const ranksBy = (changes, by) => (changes.ranks[by] ??= by === "object" ? rankedByName(changes) : ranked(changes, by));

  function ranked(changes, by) {
    const rankOf = by === "changes" ? (block, at) => block.first[at + 1] - block.first[at] : rankOfFact(changes, by);
    const ranks = new Uint32Array(changes.objects);
    let count = 0;
    for (const block of changes.blocks) {
      for (let at = 0; at < block.count; at++) {
        const rank = rankOf(block, at);
        ranks[block.start + at] = rank;
        if (rank >= count) count = rank + 1;
      }
    }
    return { ranks, count };
  }

  function rankOfFact(changes, name) {
    const keys = changes.facts[name].values.map(sortKey);
    const ranks = new Uint32Array(keys.length);
    [...keys.keys()].sort((a, b) => compare(keys[a], keys[b])).forEach((value, rank) => {
      ranks[value] = rank;
    });
    return (block, at) => ranks[block.facets[name][at]];
  }

  // Many objects have the same name, so that keys are made of each name once, and of the keys each is sorted once.
  function rankedByName(changes) {
    const keyOf = new Map();
    const keys = [];
    for (const block of changes.blocks) {
      for (let at = 0; at < block.count; at++) {
        const name = block.texts[block.name[at]] || block.texts[block.id[at]];
        let key = keyOf.get(name);
        if (key === undefined) keyOf.set(name, (key = sortKey(name)));
        keys.push(key);
      }
    }
    const sorted = [...new Set(keys)].sort();
    const rankOf = new Map(sorted.map((key, rank) => [key, rank]));
    return { ranks: Uint32Array.from(keys, (key) => rankOf.get(key)), count: sorted.length };
  }

  const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

  // What a text is sorted by: without regard to case and accents, numbers of up to 12 digits by their value. Keys are
  // compared character by character, several times faster than a collator compares texts, and alike in every browser.
  function sortKey(one) {
    let key = one.toLowerCase();
    if (/[^\0-\x7f]/u.test(key)) key = key.normalize("NFD").replace(/\p{M}+/gu, "");
    if (/\d/u.test(key)) key = key.replace(/0*(\d+)/gu, (_, digits) => digits.padStart(LONGEST_NUMBER, "0"));
    return key;
  }
  const LONGEST_NUMBER = 12;

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
  //
  // Of masked and of lost values nobody can say that they are the same; and the same change of the same object in both
  // functions is no edit of two. Most edits are like no other, and to look up their texts is what takes long. So each row
  // has a sum of its texts first, and only what shares its sum with another row is looked at.
  function identical(changes, result) {
    const { note, function: functions, type } = changes.facts;
    const untold = UNTOLD.map((name) => note.numbers.get(name));
    const comparable = (block, row) => !untold.includes(block.facets.note[row]);
    const seen = new Uint8Array(SUMS);
    eachRow(changes, result, (block, row) => {
      const sum = sumOf(block, row);
      if (seen[sum] < 2) seen[sum]++;
    });
    const edits = new Edits(result.rowCount);
    eachRow(changes, result, (block, row) => {
      if (seen[sumOf(block, row)] < 2 || !comparable(block, row)) return;
      const property = sameText(changes, block, block.property[row]);
      const backup = sameText(changes, block, block.backup[row]), current = sameText(changes, block, block.current[row]);
      // Nor can it be said of a text that is cut.
      if (property < 0 || backup < 0 || current < 0) return;
      const object = block.owner[row];
      const place = (property * functions.values.length + block.facets.function[object]) * type.values.length + block.facets.type[object];
      edits.add(place * 8 + block.kind[row] * 4 + block.rowSince[row], backup, current, block, row);
    });
    return edits.found.filter((edit) => edit.objects.length > 1).sort((a, b) => b.objects.length - a.objects.length);
  }

  // The notes of rows whose values are not what they were.
  const UNTOLD = ["redacted", "lostEvidence"];

  function eachRow(changes, result, act) {
    changes.blocks.forEach((block, at) => {
      const marks = result.rows[at];
      for (let row = 0; row < marks.length; row++) if (marks[row]) act(block, row);
    });
  }

  const SUMS = 1 << 22;
  const sumsOf = (block) => (block.sums ??= Int32Array.from(block.texts, sumOfText));
  function sumOf(block, row) {
    const sums = sumsOf(block);
    const sum = mixed(mixed(sums[block.property[row]], sums[block.backup[row]]), sums[block.current[row]]);
    return (sum ^ (sum >>> 15)) & (SUMS - 1);
  }

  // Of at most 32 characters.
  function sumOfText(text) {
    const step = 1 + (text.length >> 5);
    let sum = text.length;
    for (let at = 0; at < text.length; at += step) sum = mixed(sum, text.charCodeAt(at));
    return sum;
  }

  const mixed = (sum, next) => Math.imul(sum ^ next, 0x01000193) ^ (sum >>> 13);

  // The number of a text of a block among those of all blocks, looked up once; -1 where it is cut.
  function sameText(changes, block, at) {
    block.same ??= new Int32Array(block.texts.length).fill(-2);
    if (block.same[at] === -2) {
      const one = block.texts[at];
      let number = one.startsWith(texts.CUT) ? -1 : changes.same.get(one);
      if (number === undefined) changes.same.set(one, (number = changes.same.size));
      block.same[at] = number;
    }
    return block.same[at];
  }

  // Edits by three numbers, in a table of open addresses; the first row of each, and the objects that have it.
  class Edits {
    constructor(most) {
      let size = 2;
      while (size < 2 * most) size *= 2;
      this.mask = size - 1;
      // Numbers of edits from 1; 0 where none stands.
      this.table = new Int32Array(size);
      this.keys = [];
      this.found = [];
    }

    add(what, backup, current, block, row) {
      const { keys, table, mask, found } = this;
      let place = mixed(mixed(mixed(what, backup), current), 0) & mask;
      for (; table[place]; place = (place + 1) & mask) {
        const at = 3 * (table[place] - 1);
        if (keys[at] === what && keys[at + 1] === backup && keys[at + 2] === current) break;
      }
      if (!table[place]) {
        keys.push(what, backup, current);
        table[place] = found.push({ row: [block, row], objects: [] });
      }
      const { objects } = found[table[place] - 1];
      const object = block.start + block.owner[row];
      if (objects[objects.length - 1] !== object) objects.push(object);
    }
  }

  return { ordered, byProperty, identical, prepare: sumsOf, prepareNames: (changes) => ranksBy(changes, "object") };
})();
