// The page as it is without a script of its own: what it asks for, shows, prints, and what hostile text can do.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { assertQuiet, axe, open, overflow, print, shape, useBrowser } from './lib.js';
import { report } from './reports.js';

useBrowser();

const REPORTS = ['samples', 'recovery', 'restore', 'many', 'hostile'];

for (const name of REPORTS) {
    for (const javascript of [true, false]) {
        const how = javascript ? 'with' : 'without';
        test(`${name}: opens from a file ${how} JavaScript, asks for nothing else, and nobody complains`, async () => {
            const one = await open(report(name), { javascript });
            const { heading, text } = await one.page.evaluate(() => ({
                heading: document.querySelector('h1').innerText.trim(),
                text: document.body.innerText,
            }));
            assert.notEqual(heading, '');
            assert.ok(text.length > 2_000, `${text.length} characters`);
            await assertQuiet(one);
        });
    }

    for (const scheme of ['light', 'dark']) {
        for (const width of [1280, 320]) {
            test(`${name}: axe-core finds nothing against WCAG 2.2 AA, ${scheme}, ${width} px wide`, async () => {
                const one = await open(report(name), { scheme, width });
                const isDark = await one.page.evaluate(() => {
                    const [red] = getComputedStyle(document.documentElement).backgroundColor.match(/\d+/g);
                    return red < 128;
                });
                assert.equal(isDark, scheme === 'dark', 'the page heeds the scheme');
                assert.deepEqual(await axe(one), []);
            });
        }
    }

    test(`${name}: 320 px are enough, nothing scrolls sideways`, async () => {
        const one = await open(report(name), { width: 320 });
        assert.deepEqual(await overflow(one), { by: 0, elements: [] });
    });

    test(`${name}: every page on paper has the evidence id and its number`, async () => {
        const one = await open(report(name));
        const evidence = await one.page.evaluate(() => document.querySelector('.evidence .id').textContent);
        assert.match(evidence, /^[0-9a-f]{64}$/);
        const { bytes, pages, texts } = await print(one);
        assert.equal(bytes.subarray(0, 5).toString(), '%PDF-');
        assert.ok(pages > 1 && texts.length === pages, `${pages} pages, ${texts.length} texts`);
        texts.forEach((text, at) => {
            const bare = text.replace(/\s/g, '');
            assert.ok(bare.includes(evidence), `page ${at + 1}: ${text}`);
            assert.ok(bare.includes(`${at + 1}/${pages}`), `page ${at + 1}: ${text}`);
        });
        await assertQuiet(one);
    });
}

/** The objects of the plain list: where each stands in the input, how many rows it has, and the words that follow in them. */
const listed = ({ page }) => page.evaluate(() => [...document.querySelectorAll('#plain table.rows > tbody')].map((object) => ({
    source: object.querySelector('.source').textContent,
    count: object.querySelectorAll('th.p').length,
    // What is not known stands in other cells, too.
    rows: [...object.querySelectorAll('td:not(.unknown) + td.w')].map((cell) => cell.textContent),
})));

test('on paper each object stands whole on one page, below the heads of its table', async () => {
    const one = await open(report('samples'));
    const objects = await listed(one);
    const texts = (await print(one)).texts.map((text) => text.replace(/\s+/g, ' '));
    const changes = texts.slice(texts.findIndex((text) => text.startsWith('The changes ')), texts.findIndex((text) => text.includes('Signatures')) + 1);
    assert.ok(changes.length > 5, `${changes.length} pages`);
    const words = [...new Set(objects.flatMap(({ rows }) => rows))];
    const counts = (count) => Object.fromEntries(words.map((word) => [word, count(word)]));
    let found = 0;
    for (const text of changes) {
        const here = objects.filter(({ source }) => text.includes(`${source} `) || text.endsWith(source));
        const rows = here.flatMap((object) => object.rows);
        const printed = counts((word) => text.split(word).length - 1);
        assert.deepEqual(printed, counts((word) => rows.filter((row) => row === word).length), here.map(({ source }) => source).join());
        assert.ok(rows.length === 0 || text.includes('Backup value'), 'the heads are repeated');
        found += here.length;
    }
    assert.equal(found, objects.length, 'every object is printed once');
});

test('what a large report leaves out on paper is said, and what it prints is what it says', async () => {
    const one = await open(report('many'));
    const rows = (await listed(one)).reduce((sum, object) => sum + Math.max(1, object.count), 0);
    const { texts } = await print(one);
    const said = /([\d,]+) of ([\d,]+) rows are shown here/.exec(texts.join(' ').replace(/\s+/g, ' '));
    assert.deepEqual([said[1], said[2].length > 5], [rows.toLocaleString('en-US'), true]);
});

for (const javascript of [true, false]) {
    const how = javascript ? 'with' : 'without';
    test(`hostile text makes no element and no attribute that harmless text does not, ${how} JavaScript`, async () => {
        const hostile = await open(report('hostile'), { javascript });
        const benign = await open(report('benign'), { javascript });
        const [found, twin] = [await shape(hostile), await shape(benign)];
        const at = found.findIndex((element, number) => element !== twin[number]);
        assert.equal(at === -1 ? '' : `element ${at}: ${found[at]} is not ${twin[at]}`, '');
        assert.equal(found.length, twin.length);
        const shown = await hostile.page.evaluate(() => document.body.textContent);
        assert.ok(shown.includes("<script>alert('pwn"), 'the payloads are there, as text');
        await assertQuiet(hostile);
    });
}
