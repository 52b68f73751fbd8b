// The changes, explored: found, filtered, sorted, opened, linked, downloaded.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

import { assertQuiet, axe, downloads, open, overflow, print, until, useBrowser } from './lib.js';
import { report } from './reports.js';

useBrowser();

/** The page's address as it knows it: what drives the browser hears of it later. */
const address = ({ page }) => page.evaluate(() => location.href);

/** Opens a report whose changes can be explored, and waits until they can. */
async function explored(name, options) {
    const one = await open(report(name), options);
    await until(one, () => document.documentElement.dataset.ready);
    return one;
}

const status = ({ page }) => page.evaluate(() => document.querySelector('#explore .status').textContent);
const names = ({ page }) => page.evaluate(() => [...document.querySelectorAll('.found .line .who')].map((who) => who.textContent));

/** Types into the search, and waits until that is what is shown. */
async function search(one, text) {
    const before = await status(one);
    await one.page.evaluate((query) => {
        const input = document.getElementById('search');
        input.value = query;
        input.dispatchEvent(new Event('input'));
    }, text);
    await until(one, (told) => document.querySelector('#explore .status').textContent !== told, { args: [before] });
}

/** Chooses a value of a facet by its words. */
async function choose(one, facet, words) {
    await one.page.evaluate((name) => {
        document.querySelector(`[data-facet="${name}"]`).open = true;
    }, facet);
    await until(one, (name) => document.querySelector(`[data-facet="${name}"] li`), { args: [facet] });
    return one.page.evaluate((name, text) => {
        const labels = [...document.querySelectorAll(`[data-facet="${name}"] label`)];
        const label = labels.find((found) => found.querySelector('.what').textContent === text);
        label.querySelector('input').click();
        return label.querySelector('.n').textContent;
    }, facet, words);
}

test('a search tells how much it finds, and nobody complains', async () => {
    const one = await explored('samples');
    assert.match(await status(one), /^88 objects, 158 rows of 88 objects, page 1 of 1\.$/);
    await search(one, 'kovács');
    assert.deepEqual([...new Set(await names(one))], ['Zsófia Kovács']);
    assert.match(await status(one), /^3 objects, 5 rows of 88 objects/);
    assert.match(await address(one), /#q=kov%C3%A1cs$/);
    await search(one, 'no such thing');
    assert.match(await status(one), /^0 objects, 0 rows/);
    await assertQuiet(one);
});

test('a filter shows as many as it said, joins others, and is cleared', async () => {
    const one = await explored('samples');
    const said = await choose(one, 'type', 'conditionalAccessPolicy');
    assert.match(await status(one), new RegExp(`^${said} objects, `));
    assert.equal((await names(one)).length, Number(said));
    await choose(one, 'action', 'softDelete');
    assert.match(await status(one), /^1 objects, /);
    assert.match(await address(one), /#action=softDelete&type=conditionalAccessPolicy$/);
    await one.page.evaluate(() => document.querySelector('.controls .acts button').click());
    assert.match(await status(one), /^88 objects/);
});

test('a head sorts both ways, says so, and keeps the focus', async () => {
    const one = await explored('samples');
    const sort = () => one.page.evaluate(() => {
        document.querySelector('button[data-sort="changes"]').click();
        const head = document.querySelector('button[data-sort="changes"]').closest('th');
        const counts = [...document.querySelectorAll('.found .line td:nth-of-type(3)')].map((cell) => Number(cell.querySelector('b')?.textContent ?? 0));
        return [head.getAttribute('aria-sort'), counts, document.activeElement.dataset.sort, document.querySelectorAll('[aria-sort]').length];
    });
    const up = await sort();
    assert.deepEqual([up[0], up[2], up[3]], ['ascending', 'changes', 1]);
    assert.deepEqual(up[1], [...up[1]].sort((a, b) => a - b));
    const down = await sort();
    assert.equal(down[0], 'descending');
    assert.deepEqual(down[1], [...down[1]].sort((a, b) => b - a));
});

test('a link leads to one object, open, with both sides as received', async () => {
    const one = await explored('samples', { hash: '#o=581D45EA-9e2d-4d7a-ba26-806477f6be06' });
    assert.deepEqual(await names(one), ['Zsófia Kovács', 'Zsófia Kovács']);
    const isSeen = () => {
        const { top } = document.getElementById('explore').getBoundingClientRect();
        return top >= -1 && top < innerHeight / 2;
    };
    assert.ok(await one.page.evaluate(isSeen), 'it is brought to the eye');
    const whole = await explored('samples', { hash: '#lead=recovery' });
    assert.equal(await whole.page.evaluate(() => scrollY), 0, 'what turns the whole page is read from its top');
    const shown = await one.page.evaluate(() => document.querySelector('.detail').innerText);
    for (const text of ['zsofia.kovacs.old@havlund.example.com', 'Source', 'getChanges/getChanges-1.json#/value/']) {
        assert.ok(shown.includes(text), `${text} in ${shown}`);
    }
    await one.page.evaluate(() => (document.querySelector('.received').open = true));
    await until(one, () => document.querySelectorAll('.received pre').length === 2);
    const sides = await one.page.evaluate(() => [...document.querySelectorAll('.received pre')].map((pre) => pre.innerText));
    assert.equal(JSON.parse(sides[0]).mailNickname, 'zsofia.kovacs');
    assert.equal(JSON.parse(sides[1]).mailNickname, 'zsofia.kovacs.old');
    await assertQuiet(one);
});

test('the links of the plain page lead to objects and groups here, and a strange address to everything', async () => {
    const one = await explored('samples');
    await one.page.evaluate(() => document.querySelector('#failures a[href^="#c"]').click());
    await until(one, () => location.hash.startsWith('#o='));
    assert.equal((await one.page.evaluate(() => document.querySelectorAll('.detail:not([hidden])').length)) > 0, true);
    await one.page.evaluate(() => document.querySelector('.matrix td a').click());
    await until(one, () => location.hash.startsWith('#function='));
    assert.match(await status(one), /^44 objects/);
    const other = await explored('samples', { hash: '#sort=constructor&page=99&view=%3Cscript%3E' });
    assert.match(await status(other), /^88 objects/);
    await assertQuiet(other);
});

test('what leads is switched in the page', async () => {
    const one = await explored('samples', { hash: '#o=581d45ea-9e2d-4d7a-ba26-806477f6be06' });
    const heads = () => one.page.evaluate(() => [...document.querySelector('.detail .rows').querySelectorAll('thead th')].map((head) => head.textContent));
    assert.deepEqual(await heads(), ['Property', 'Backup value', 'Current value', 'Since the backup', 'Recovery will']);
    await one.page.select('#lead', 'recovery');
    assert.deepEqual(await heads(), ['Property', 'Current value', 'Backup value', 'Recovery will', 'Since the backup']);
    const recovery = await explored('recovery', { hash: '#o=581d45ea-9e2d-4d7a-ba26-806477f6be06' });
    assert.equal(await recovery.page.evaluate(() => document.getElementById('lead').value), 'recovery');
});

test('an object that is open stays so when the list is sorted and in the other perspective, until it is closed', async () => {
    const one = await explored('samples');
    const open = () => one.page.evaluate(() => [...document.querySelectorAll('.found .detail:not([hidden])')].map((detail) => detail.previousSibling.querySelector('.name').textContent));
    const press = (selector) => one.page.evaluate((what) => document.querySelector(what).click(), selector);
    await press('.found .line .who');
    assert.deepEqual(await open(), ['Torben Fjeldsø']);
    await press('button[data-sort=type]');
    await one.page.select('#lead', 'recovery');
    assert.deepEqual(await open(), ['Torben Fjeldsø']);
    await press('.found .who[aria-expanded=true]');
    await one.page.select('#lead', 'incident');
    assert.deepEqual(await open(), []);
});

/** Title, what is told first, the plain list and the title that is signed, as markup. */
const leading = ({ page }) => page.evaluate(() => {
    const serializer = new XMLSerializer();
    const parts = ['title', 'h1', '#first > ol', '#plain', '#signatures'].map((selector) => document.querySelector(selector));
    for (const part of parts) part?.removeAttribute('hidden');
    return parts.map((part) => part && serializer.serializeToString(part).replaceAll('><', '>\n<').split('\n')).flat();
});

for (const [name, other] of [['samples', 'recovery'], ['hostile', 'hostile recovery']]) {
    test(`${name}: the switch turns the first screen and the plain list into those of the other report, and back`, async () => {
        const [one, twin] = [await explored(name), await explored(other)];
        const [incident, recovery] = [await leading(one), await leading(twin)];
        assert.ok(incident.length > 100 && incident.join() !== recovery.join());
        const differs = (found, wanted) => found.map((line, at) => (line === wanted[at] ? '' : `${line} is not ${wanted[at]}`)).filter(Boolean);
        await one.page.select('#lead-first', 'recovery');
        assert.deepEqual(differs(await leading(one), recovery), []);
        assert.match(await address(one), /#lead=recovery$/);
        assert.equal(await one.page.evaluate(() => document.getElementById('lead').value), 'recovery', 'both switches say so');
        await one.page.select('#lead', 'incident');
        assert.deepEqual(differs(await leading(one), incident), []);
        await twin.page.select('#lead', 'incident');
        assert.deepEqual(differs(await leading(twin), incident), []);
        await assertQuiet(one);
    });
}

test('a link that tells the perspective turns the first screen, too', async () => {
    const one = await explored('samples', { hash: '#lead=recovery' });
    assert.deepEqual((await leading(one)).slice(0, 3), (await leading(await explored('recovery'))).slice(0, 3));
    assert.match(await one.page.evaluate(() => document.querySelector('#first li').textContent), /^Recovery will /);
});

test('edits that are the same are one line that opens to the objects; a property opens its objects', async () => {
    const one = await explored('samples', { hash: '#view=identical' });
    const count = await one.page.evaluate(() => {
        const open = document.querySelector('.found .line .who');
        open.click();
        return [Number(open.textContent), document.querySelectorAll('.detail:not([hidden]) .objects li').length];
    });
    assert.ok(count[0] > 1 && count[0] === count[1], String(count));
    await one.page.select('#view', 'properties');
    const [property, objects] = await one.page.evaluate(() => {
        const line = document.querySelector('.found .line');
        const told = [line.querySelector('.who').textContent, line.querySelector('.n').textContent];
        line.querySelector('.who').click();
        return told;
    });
    assert.match(await status(one), new RegExp(`^${objects} objects`));
    const now = await address(one);
    assert.ok(now.endsWith(`#property=${property}`), now);
});

for (const name of ['samples', 'hostile', 'benign', 'many']) {
    test(`${name}: the download of everything is changes.csv, byte for byte`, async () => {
        const one = await explored(name);
        const saved = await (await downloads(one)).next((page) => page.evaluate(() => document.querySelector('.controls .acts button:last-child').click()));
        assert.equal(saved.name, 'changes-filtered.csv');
        const kept = readFileSync(join(dirname(report(name)), 'changes.csv'));
        const differs = saved.bytes.findIndex((byte, at) => byte !== kept[at]);
        const around = (bytes) => JSON.stringify(bytes.subarray(Math.max(0, differs - 60), differs + 60).toString());
        assert.equal(differs < 0 ? '' : `byte ${differs}: ${around(saved.bytes)} is not ${around(kept)}`, '');
        assert.equal(saved.bytes.length, kept.length);
    });
}

test('the download of what is shown has its rows and no others', async () => {
    const one = await explored('samples', { hash: '#type=group' });
    const { bytes } = await (await downloads(one)).next((page) => page.evaluate(() => document.querySelector('.controls .acts button:last-child').click()));
    const kept = readFileSync(join(dirname(report('samples')), 'changes.csv'), 'utf8').split('\r\n');
    const groups = kept.filter((line) => line.startsWith('\ufefffunction') || /^[a-zA-Z]+,[a-zA-Z]+,group,/.test(line));
    assert.ok(groups.length > 5);
    assert.equal(bytes.toString(), groups.join('\r\n') + '\r\n');
});

test('hostile text makes nothing but text, opened object by object', async () => {
    const [hostile, benign] = [await explored('hostile'), await explored('benign')];
    const openAll = ({ page }) => page.evaluate(async () => {
        for (const who of [...document.querySelectorAll('.found .line .who')]) who.click();
        for (const details of document.querySelectorAll('#explore details')) details.open = true;
        await new Promise((done) => setTimeout(done, 1500));
    });
    const tags = async (one) => {
        await openAll(one);
        const all = await one.page.evaluate(() => [...new Set([...document.querySelectorAll('#explore *')].map((element) => `${element.localName} ${element.getAttributeNames().sort()}`))]);
        return all.filter((tag) => !['br ', 'span class', 'span '].includes(tag)).sort();
    };
    assert.deepEqual(await tags(hostile), await tags(benign));
    await assertQuiet(hostile);
});

test('100,000 changes are all there, and turn page by page', async () => {
    const one = await explored('many');
    const total = await one.page.evaluate(() => Number(document.documentElement.dataset.ready));
    assert.ok(total >= 100_000, String(total));
    await one.page.evaluate(() => [...document.querySelectorAll('.pager button')].at(-1).click());
    assert.match(await status(one), /page 2 of [\d,]+\.$/);
    assert.equal((await names(one)).length, 100);
    // The table says how much of it stands here: its head is row 1, and the lines of the first page are 2 to 101.
    const said = await one.page.evaluate(() => ({
        rows: document.querySelector('.found').getAttribute('aria-rowcount'),
        lines: [...document.querySelectorAll('.found [aria-rowindex]')].map((row) => Number(row.getAttribute('aria-rowindex'))),
    }));
    assert.deepEqual(said, { rows: String(total + 1), lines: [1, ...Array.from({ length: 100 }, (_, at) => 102 + at)] });
    await assertQuiet(one);
});

for (const scheme of ['light', 'dark']) {
    for (const width of [1280, 320]) {
        test(`axe-core finds nothing in an open object and facet, ${scheme}, ${width} px wide`, async () => {
            const one = await explored('samples', { scheme, width, hash: '#o=581d45ea-9e2d-4d7a-ba26-806477f6be06' });
            await one.page.evaluate(() => {
                document.querySelector('[data-facet=type]').open = true;
                document.querySelector('.received').open = true;
            });
            await until(one, () => document.querySelector('.received pre') && document.querySelector('[data-facet=type] li'));
            assert.deepEqual(await axe(one), []);
            const other = await explored('samples', { scheme, width, hash: '#view=identical' });
            assert.deepEqual(await axe(other), []);
            if (width === 320) assert.deepEqual(await overflow(one), { by: 0, elements: [] });
        });
    }
}

test('what is laid out only when it comes near is reached by links, and stands whole on paper', async () => {
    const one = await open(report('samples'), { javascript: false });
    const group = () => {
        const last = [...document.querySelectorAll('#plain .group')].at(-1);
        last.scrollIntoView();
        const { top, height } = last.getBoundingClientRect();
        const [row] = [...last.querySelectorAll('tbody')].slice(-1);
        return { isThere: top >= -1 && top < innerHeight, holdsItsRows: row.getBoundingClientRect().bottom <= top + height + 1, height };
    };
    await one.page.evaluate(`(${group})()`);
    await until(one, () => true);
    const seen = await one.page.evaluate(`(${group})()`);
    assert.ok(seen.isThere && seen.holdsItsRows, JSON.stringify(seen));
    const skips = () => getComputedStyle(document.querySelector('#plain .group')).contentVisibility;
    assert.equal(await one.page.evaluate(skips), 'auto');
    await one.page.emulateMediaType('print');
    assert.equal(await one.page.evaluate(skips), 'visible');
});

test('without scripts and on paper the plain list stands, and the explorer does not', async () => {
    const without = await open(report('samples'), { javascript: false });
    const seen = () => [document.getElementById('explore').checkVisibility(), document.querySelector('#plain tbody').checkVisibility()];
    const told = await without.page.evaluate(`(${seen})()`);
    assert.deepEqual(told, [false, true]);
    const one = await explored('samples');
    assert.deepEqual(await one.page.evaluate(`(${seen})()`), [true, false]);
    await one.page.emulateMediaType('print');
    assert.deepEqual(await one.page.evaluate(`(${seen})()`), [false, true]);
    const { pages } = await print(one);
    assert.ok(pages > 3, `${pages} pages`);
});
