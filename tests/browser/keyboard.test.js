// The page by keyboard alone: every place can be reached and left, is seen, and does what it does by mouse.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { assertQuiet, downloads, open, until, useBrowser } from './lib.js';
import { report } from './reports.js';

useBrowser();

/** The page's address as it knows it: what drives the browser hears of it later. */
const address = ({ page }) => page.evaluate(() => location.href);

/** Opens the samples, ready to be explored. */
async function explored(options) {
    const one = await open(report('samples'), options);
    await until(one, () => document.documentElement.dataset.ready);
    return one;
}

/** Where the focus is: what the place is called, what it does, whether a reader sees that it is there. */
const focused = ({ page }) => page.evaluate(() => {
    const at = document.activeElement;
    if (!at || at === document.body) return null;
    const { left, top, right, bottom } = at.getBoundingClientRect();
    const style = getComputedStyle(at);
    const hasRing = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
    // A part of it that lies in the window is not below something else.
    const x = (Math.max(left, 0) + Math.min(right, innerWidth)) / 2;
    const y = (Math.max(top, 0) + Math.min(bottom, innerHeight)) / 2;
    const above = document.elementFromPoint(x, y);
    const isSeen = right > 0 && bottom > 0 && left < innerWidth && top < innerHeight && above !== null && (at.contains(above) || above.contains(at));
    const name = (at.getAttribute('aria-label') ?? at.innerText ?? at.value ?? '').trim().replace(/\s+/g, ' ');
    return { tag: at.localName, id: at.id, className: at.className, name, sort: at.dataset.sort, value: at.value, isSeen, hasRing };
});

/** Presses a key; where the focus is then, which has to be seen. */
async function press(one, key) {
    await one.page.keyboard.press(key);
    const at = await focused(one);
    if (at) assert.ok(at.isSeen && at.hasRing, `focus is seen: ${JSON.stringify(at)}`);
    return at;
}

/** Presses Tab until the focus is at a place like this one. */
async function tabTo(one, wanted) {
    for (let stop = 0; stop < 400; stop += 1) {
        const at = await press(one, 'Tab');
        if (at && Object.entries(wanted).every(([what, value]) => at[what] === value)) return at;
    }
    return assert.fail(`no stop ${JSON.stringify(wanted)}`);
}

async function backwards(one) {
    await one.page.keyboard.down('Shift');
    const at = await press(one, 'Tab');
    await one.page.keyboard.up('Shift');
    return at;
}

const status = ({ page }) => page.evaluate(() => document.querySelector('#explore .status').textContent);
const told = (one, pattern) => until(one, (source) => new RegExp(source).test(document.querySelector('#explore .status').textContent), { args: [pattern] });

test('the first stop skips to the changes, and the search is behind it', async () => {
    const one = await explored();
    const skip = await press(one, 'Tab');
    assert.deepEqual([skip.className, skip.tag], ['skip', 'a']);
    await one.page.keyboard.press('Enter');
    await until(one, () => location.hash === '#changes');
    assert.equal((await press(one, 'Tab')).id, 'search');
});

test('the perspective is switched above what is told first, and back among the controls', async () => {
    const one = await explored();
    await tabTo(one, { id: 'lead-first' });
    await one.page.keyboard.press('ArrowDown');
    await until(one, () => document.querySelector('#first li').textContent.startsWith('Recovery will'));
    assert.equal((await focused(one)).id, 'lead-first', 'the focus stays');
    await tabTo(one, { id: 'lead' });
    await one.page.keyboard.press('ArrowUp');
    await until(one, () => document.querySelector('#first li').textContent.startsWith('Since the backup'));
    assert.equal((await focused(one)).id, 'lead');
});

test('searched, filtered, sorted, opened, copied and downloaded', async () => {
    const one = await explored();
    await tabTo(one, { id: 'search' });
    await one.page.keyboard.type('kovács');
    await told(one, '^3 objects');
    for (let letter = 0; letter < 6; letter += 1) await one.page.keyboard.press('Backspace');
    await told(one, '^88 objects');

    await tabTo(one, { tag: 'summary', name: 'Type' });
    await one.page.keyboard.press('Enter');
    await until(one, () => document.querySelector('[data-facet=type] li'));
    const box = await press(one, 'Tab');
    assert.equal(box.tag, 'input');
    const before = await status(one);
    await one.page.keyboard.press('Space');
    await until(one, (told) => document.querySelector('#explore .status').textContent !== told, { args: [before] });
    assert.deepEqual([(await focused(one)).tag, await one.page.evaluate(() => document.activeElement.checked)], ['input', true]);
    await one.page.keyboard.press('Space');
    await told(one, '^88 objects');

    await tabTo(one, { sort: 'object' });
    const sorted = () => one.page.evaluate(() => document.activeElement.closest('th').getAttribute('aria-sort'));
    for (const direction of ['ascending', 'descending', null]) {
        await one.page.keyboard.press('Enter');
        assert.equal(await sorted(), direction);
    }

    await tabTo(one, { className: 'who' });
    await one.page.keyboard.press('Enter');
    const isOpen = () => one.page.evaluate(() => document.activeElement.getAttribute('aria-expanded'));
    assert.equal(await isOpen(), 'true');
    assert.equal((await press(one, 'Tab')).name, 'Copy id');
    await one.page.keyboard.press('Enter');
    await until(one, () => document.activeElement.textContent === 'Copied' || document.activeElement.matches('.copybox'));
    await tabTo(one, { tag: 'summary', name: 'As received, secrets masked' });
    await one.page.keyboard.press('Space');
    await until(one, () => document.querySelectorAll('.received pre').length === 2);
    assert.equal((await press(one, 'Tab')).tag, 'pre', 'what is long can be scrolled');

    await one.page.evaluate(() => document.getElementById('search').focus());
    await tabTo(one, { name: 'Download as CSV' });
    const saved = await (await downloads(one)).next((page) => page.keyboard.press('Enter'));
    assert.equal(saved.name, 'changes-filtered.csv');
    await assertQuiet(one);
});

test('where the place of the focus goes, the focus goes to the results', async () => {
    const one = await explored({ hash: '#view=properties' });
    await tabTo(one, { className: 'who' });
    await one.page.keyboard.press('Enter');
    const at = await focused(one);
    assert.deepEqual([at.className, at.isSeen, at.hasRing], ['output', true, true]);
    assert.match(await address(one), /#property=/);
    assert.equal((await press(one, 'Tab')).sort, 'object');
});

for (const width of [1280, 320]) {
    test(`every stop is seen on the way down and up, and none is a trap, ${width} px wide`, async () => {
        const one = await explored({ width, hash: '#o=581d45ea-9e2d-4d7a-ba26-806477f6be06' });
        await one.page.evaluate(() => {
            document.querySelector('[data-facet=type]').open = true;
            document.querySelector('.received').open = true;
            document.activeElement.blur();
            scrollTo(0, 0);
        });
        await until(one, () => document.querySelector('.received pre') && document.querySelector('[data-facet=type] li'));
        const expected = await one.page.evaluate(() => {
            const CAN = 'a[href], button:enabled, input, select, summary, [tabindex="0"], textarea';
            return [...document.querySelectorAll(CAN)].filter((element) => element.checkVisibility()).length;
        });
        const stops = [];
        for (let at = await press(one, 'Tab'); at; at = await press(one, 'Tab')) {
            stops.push(at);
            assert.ok(stops.length <= expected + 20, `more than ${expected} stops`);
        }
        assert.ok(stops.length >= expected, `${stops.length} of ${expected} stops`);
        const back = [];
        while (back.length < stops.length) back.push(await backwards(one));
        assert.deepEqual(back.reverse().map(({ name }) => name), stops.map(({ name }) => name));
    });
}
