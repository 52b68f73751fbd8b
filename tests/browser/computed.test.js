// What the page's script computes, without a page.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { runInThisContext } from 'node:vm';
import { gzipSync } from 'node:zlib';

// As in the page one behind the other: a name that one makes the next ones know.
for (const name of ['texts', 'core', 'order']) runInThisContext(readFileSync(new URL(`../../templates/explore-${name}.js`, import.meta.url), 'utf8'));
const { texts, core, order } = runInThisContext('({ texts, core, order })');

/** A block as Rust writes it, of objects told by their names: `[id, name, type, outcome, rows, function]`, a row being `[property, backup, current, since, kind, note]`. */
function block(objects) {
    const texts = [''];
    const place = (text) => {
        if (!texts.includes(text)) texts.push(text);
        return texts.indexOf(text);
    };
    const columns = { objects: {}, rows: { items: [] } };
    const push = (table, name, value) => (columns[table][name] ??= []).push(value);
    for (const name of ['kind', 'property', 'since', 'backup', 'current', 'note']) columns.rows[name] = [];
    for (const [id, name, type, outcome, rows, pages = 'getChanges'] of objects) {
        const facts = { function: pages, action: 'update', entity_type: type, id, name, since: 'modified', outcome, category: '', message: '', reason: '', snapshot: '', job: '', place: 'a.json#/value/' };
        for (const [fact, text] of Object.entries(facts)) push('objects', fact, place(text));
        push('objects', 'number', 7);
        push('objects', 'synced', 0);
        push('objects', 'unchanged', 0);
        push('objects', 'rows', rows.length);
        for (const [property, backup, current, since = 2, kind = 0, note = ''] of rows) {
            push('rows', 'kind', kind);
            push('rows', 'property', place(property));
            push('rows', 'since', since);
            push('rows', 'backup', place(backup));
            push('rows', 'current', place(current));
            push('rows', 'note', place(note));
        }
    }
    return { runs: [[10, objects.length]], texts, ...columns };
}

function changes(...blocks) {
    const all = new core.Changes();
    for (const objects of blocks) all.add(block(objects), null);
    return all;
}

const THREE = [
    ['1', 'Ana', 'user', 'planned', [['city', '"Oslo"', '"Bergen"'], ['state', 'null', '"Vestland"', 0]]],
    ['2', 'Bo', 'group', 'failed', [['description', '"oslo"', '']]],
];
const FOURTH = [['3', 'Čapek', 'user', 'planned', [['city', '"Oslo"', '"Bergen"']]], ['4', 'Dan', 'user', 'planned', []]];
const look = (all, query = '', filters = {}) => core.select(all, { query, filters });
const names = (all, result) => [...order.ordered(all, result, null)].map((at) => {
    const [found, place] = all.find(at);
    return found.texts[found.name[place]];
});

test('a search finds names, ids, properties and both values, without regard to case, all of its words', () => {
    const all = changes(THREE, FOURTH);
    assert.deepEqual(names(all, look(all)), ['Ana', 'Bo', 'Čapek', 'Dan']);
    assert.deepEqual(names(all, look(all, 'OSLO')), ['Ana', 'Bo', 'Čapek']);
    assert.deepEqual(names(all, look(all, 'čap')), ['Čapek']);
    assert.deepEqual(names(all, look(all, 'bergen user')), [], 'the type is a filter');
    assert.deepEqual(names(all, look(all, 'ana vest')), ['Ana']);
    assert.deepEqual(names(all, look(all, 'dan')), ['Dan'], 'an object without rows');
    assert.equal(look(all, 'ana vest').rowCount, 1, 'of an object those rows that match');
    assert.equal(look(all, 'nobody').objectCount, 0);
});

test('filters join, and each facet is counted as if it had none of its own', () => {
    const all = changes(THREE, FOURTH);
    const count = (result, name) => Object.fromEntries(all.facts[name].values.map((value, at) => [value, result.counts[name][at]]));
    const users = look(all, '', { type: ['user'] });
    assert.deepEqual(names(all, users), ['Ana', 'Čapek', 'Dan']);
    assert.deepEqual(count(users, 'type'), { user: 3, group: 1 });
    assert.deepEqual(count(users, 'outcome'), { planned: 3, failed: 0 });
    assert.deepEqual(count(users, 'property'), { city: 2, state: 1, description: 0 });
    const cities = look(all, '', { type: ['user'], property: ['city'] });
    assert.deepEqual(names(all, cities), ['Ana', 'Čapek']);
    assert.deepEqual(count(cities, 'property'), { city: 2, state: 1, description: 0 });
    assert.equal(cities.rowCount, 2);
    assert.deepEqual(names(all, look(all, '', { type: ['user', 'group'], outcome: ['failed'] })), ['Bo']);
    assert.deepEqual(names(all, look(all, '', { type: ['no such type'] })), []);
});

test('objects are sorted by each column, both ways, and equal ones keep their order', () => {
    const all = changes(THREE, FOURTH);
    const by = (sort) => [...order.ordered(all, look(all), sort)];
    assert.deepEqual(by({ by: 'type', down: false }), [1, 0, 2, 3]);
    assert.deepEqual(by({ by: 'type', down: true }), [0, 2, 3, 1]);
    assert.deepEqual(by({ by: 'changes', down: true }), [0, 1, 2, 3]);
    assert.deepEqual(by({ by: 'object', down: true }), [3, 2, 1, 0]);
    assert.deepEqual([9, 10, 11, 12].map((position) => all.of(position)), [-1, 0, 1, -1], 'by its place in the report');
});

test('properties are counted, and edits that are the same on several objects are one', () => {
    const all = changes(THREE, FOURTH);
    assert.deepEqual(order.byProperty(all, look(all)).map(({ property, objects }) => [property, objects]), [['city', 2], ['description', 1], ['state', 1]]);
    const edits = order.identical(all, look(all));
    assert.deepEqual(edits.map(({ objects }) => objects), [[0, 2]]);
});

test('names are sorted without regard to case and accents, numbers by their value, and the order is kept for the next time', () => {
    const named = (...all) => all.map((name, at) => [String(at), name, 'user', 'planned', []]);
    const all = changes(named('b', 'PC 10', 'Åse', 'pc 9', ''), named('ase', 'PC 010', 'B'));
    const sorted = (down) => [...order.ordered(all, look(all), { by: 'object', down })];
    const told = [4, 2, 5, 0, 7, 3, 1, 6];
    assert.deepEqual(sorted(false), told, 'an object without a name stands by its id; equal ones as in the report');
    assert.deepEqual(sorted(true), [1, 6, 3, 0, 7, 2, 5, 4]);
    const some = look(all, 'pc');
    assert.deepEqual([...order.ordered(all, some, { by: 'object', down: false })], [3, 1, 6]);
    all.add(block(named('a')), null);
    assert.deepEqual(sorted(false), [4, 8, 2, 5, 0, 7, 3, 1, 6], 'what is added has a rank, too');
});

test('edits are the same only where all of them is known and alike', () => {
    const edit = (id, ...row) => [id, id, 'user', 'planned', [row]];
    const cut = `${texts.CUT}"long`;
    const all = changes(
        [edit('1', 'p', '"a"', '"b"'), edit('2', 'p', '"a"', '"b"', 3), edit('3', 'p', '"a"', '"b"', 2, 1), edit('4', 'p', cut, '"b"')],
        [edit('5', 'q', '"a"', '"b"'), edit('6', 'p', '"b"', '"a"'), edit('7', 'p', cut, '"b"'), edit('8', 'p', '"a"', '"b"'), edit('9', 'p', '"a"', '"b"', 3)],
    );
    assert.deepEqual(order.identical(all, look(all)).map(({ objects }) => objects), [[0, 7], [1, 8]]);
    assert.deepEqual(order.identical(all, look(all, 'nothing')), []);
});

test('edits of masked and of lost values are not told to be the same, nor those of two types, nor one change in both functions', () => {
    const edit = (id, type, pages, note = '') => [id, id, type, 'planned', [['p', '"a"', '"b"', 2, 0, note]], pages];
    const same = (...objects) => {
        const all = changes(objects);
        return order.identical(all, look(all)).map((found) => found.objects);
    };
    assert.deepEqual(same(edit('1', 'user'), edit('2', 'user')), [[0, 1]]);
    for (const note of ['redacted', 'lostEvidence']) assert.deepEqual(same(edit('1', 'user', undefined, note), edit('2', 'user', undefined, note)), []);
    assert.deepEqual(same(edit('1', 'user', undefined, 'notInDelta'), edit('2', 'user', undefined, 'notInDelta')), [[0, 1]]);
    assert.deepEqual(same(edit('1', 'user'), edit('2', 'group')), []);
    assert.deepEqual(same(edit('1', 'user'), edit('1', 'user', 'getFailedChanges')), []);
});

test('a block is unpacked', async () => {
    assert.deepEqual(await core.unpacked(gzipSync('{"texts":["Åse"]}').toString('base64')), { texts: ['Åse'] });
});

test('paths lose what names an element, and keep what names a key', () => {
    const corpus = JSON.parse(readFileSync(new URL('../support/paths.json', import.meta.url), 'utf8'));
    for (const [path, property] of corpus) assert.equal(core.propertyOf(path), property);
});

test('a value is told apart from words, and numbers stay as they were written', () => {
    const kinds = ['', 'null', 'true', '1.10', '"1"', '[1]', '{"a":1}'].map((json) => texts.value(json, false).kind);
    assert.deepEqual(kinds, ['missing', 'null', 'boolean', 'number', 'string', 'array', 'object']);
    assert.deepEqual(texts.value('{"id":"7","displayName":"x"}', true), { kind: 'link', text: '7', target: { id: '7', displayName: 'x' } });
    assert.deepEqual(texts.elements('[1.10,"a,]",{"b":[2,3]},[]]'), ['1.10', '"a,]"', '{"b":[2,3]}', '[]']);
    assert.deepEqual(texts.elements('[]'), []);
    assert.equal(texts.indented('{"a":1.10,"b":["x{",{}],"c":"\\"}"}'), '{\n  "a": 1.10,\n  "b": [\n    "x{",\n    {}\n  ],\n  "c": "\\"}"\n}');
});

test('cells are guarded as in changes.csv', () => {
    const corpus = JSON.parse(readFileSync(new URL('../support/guard.json', import.meta.url), 'utf8'));
    for (const [cell, expected] of corpus) assert.equal(texts.guarded(cell), expected, JSON.stringify(cell));
    assert.equal(texts.csvCell('a"b', false), '"a""b"');
    assert.equal(texts.csvCell('=1', true), '=1');
});

test('an address tells a view, and what is strange in one is nothing', () => {
    const state = { query: 'a b', filters: { type: ['x&y', 'z'], note: [''] }, view: 'identical', sort: { by: 'type', down: true }, page: 2, perspective: 'recovery', open: '' };
    assert.deepEqual(core.fromHash('#' + core.toHash(state)), state);
    const empty = { query: '', filters: {}, view: 'objects', sort: null, page: 0, perspective: null, open: '' };
    for (const hash of ['', '#', '#c12', '#view=x&sort=constructor&page=-1&lead=z', '#page=1e99', '#%E0%A4%A']) {
        assert.deepEqual(core.fromHash(hash), hash === '#c12' || hash === '#%E0%A4%A' ? { ...empty } : empty, hash);
    }
    assert.equal(core.fromHash('#o=ABC').open, 'ABC');
});

test('characters that cannot be seen are shown', () => {
    assert.deepEqual(texts.visibleParts('a\u202eb\n'), [{ text: 'a' }, { hidden: '⟨U+202E⟩', breaks: false }, { text: 'b' }, { hidden: '⟨U+000A⟩', breaks: true }]);
    assert.deepEqual(texts.visibleParts(' a b '), [{ hidden: '⟨U+0020⟩', breaks: false }, { text: 'a b' }, { hidden: '⟨U+0020⟩', breaks: false }]);
    assert.deepEqual(texts.visibleParts('  a', false), [{ text: '  a' }]);
    assert.deepEqual(texts.visibleParts('\u{e0041}'), [{ hidden: '⟨U+E0041⟩', breaks: false }]);
});
