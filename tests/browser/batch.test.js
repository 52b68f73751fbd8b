// The index of a batch: read without its script, searched, sorted, and followed into its reports.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { assertQuiet, axe, open, overflow, print, shape, until, useBrowser } from './lib.js';
import { index } from './reports.js';

useBrowser();

const CASES = 44;

/** Opens an index, and waits until its script has done what it does first. */
async function opened(name = 'cases', options = {}) {
    const one = await open(index(name), options);
    if (options.javascript !== false) await until(one, () => document.documentElement.dataset.ready);
    return one;
}

/** The names of the cases that are shown, in their order. */
const names = ({ page }) =>
    page.evaluate(() => {
        const rows = [...document.querySelectorAll('#table tbody tr')].filter((row) => !row.hidden);
        return rows.map((row) => row.querySelector('th bdi').textContent);
    });

const found = ({ page }) => page.evaluate(() => document.getElementById('found').textContent);

/** Sorts by a column, as a reader does. */
async function sort({ page }, label) {
    await page.evaluate((wanted) => {
        const buttons = [...document.querySelectorAll('#table thead button')];
        buttons.find((button) => button.textContent === wanted).click();
    }, label);
}

for (const javascript of [true, false]) {
    const how = javascript ? 'with' : 'without';
    test(`opens from a file ${how} JavaScript, has every case, and nobody complains`, async () => {
        const one = await opened('cases', { javascript });
        const shown = await names(one);
        assert.equal(shown.length, CASES);
        assert.deepEqual(shown.slice(0, 4), ['Contoso', 'Fabrikam', 'Woodgrove', 'empty']);
        const hasSearch = await one.page.evaluate(() => document.getElementById('search').checkVisibility());
        assert.equal(hasSearch, javascript, 'no field that does nothing');
        await assertQuiet(one);
    });
}

test('a search tells how many cases it finds', async () => {
    const one = await opened();
    assert.equal(await found(one), `${CASES} of ${CASES}`);
    await one.page.type('#search', 'contoso AS');
    await until(one, () => document.getElementById('found').textContent.startsWith('1 '));
    assert.deepEqual(await names(one), ['Contoso']);
    await one.page.type('#search', ' no such thing');
    await until(one, () => document.getElementById('found').textContent.startsWith('0 '));
    assert.deepEqual(await names(one), []);
    await assertQuiet(one);
});

test('a column sorts the cases, the largest number first, and back', async () => {
    const one = await opened();
    await sort(one, 'Objects');
    assert.deepEqual((await names(one)).slice(0, 4), ['Contoso', 'Fabrikam', 'Woodgrove', 'small 40']);
    const order = () => one.page.evaluate(() => document.querySelector('[aria-sort]').getAttribute('aria-sort'));
    assert.equal(await order(), 'descending');
    await sort(one, 'Objects');
    assert.equal(await order(), 'ascending');
    assert.deepEqual((await names(one)).slice(0, 3), ['empty', 'small 1', 'small 2'], 'what is not known is least');
    await sort(one, 'Case');
    const byName = await names(one);
    assert.deepEqual(byName.slice(0, 6), ['Contoso', 'empty', 'Fabrikam', 'small 1', 'small 2', 'small 3']);
    await assertQuiet(one);
});

test('backups are sorted by their time, whatever its text begins with', async () => {
    const one = await opened();
    const known = (shown) => shown.filter((name) => ['small 1', 'small 2', 'small 3'].includes(name));
    await sort(one, 'Backup');
    const earliest = await names(one);
    assert.deepEqual(known(earliest), ['small 1', 'small 3', 'small 2']);
    assert.equal(earliest.at(-1), 'small 2', 'what is not known comes before all');
    await sort(one, 'Backup');
    assert.deepEqual(known(await names(one)), ['small 2', 'small 3', 'small 1']);
    await assertQuiet(one);
});

test('the heads are buttons that a keyboard reaches', async () => {
    const one = await opened();
    await one.page.focus('#table thead th:nth-child(5) button');
    await one.page.keyboard.press('Enter');
    const sorted = await one.page.evaluate(() => document.querySelector('[aria-sort]').cellIndex);
    assert.equal(sorted, 4);
});

test('a case leads to its report', async () => {
    const one = await opened();
    const links = await one.page.evaluate(() => [...document.links].map((link) => link.getAttribute('href')));
    assert.ok(links.includes('small%201/report.html'), links.join(' '));
    await Promise.all([one.page.waitForNavigation(), one.page.click('#table tbody th a')]);
    assert.match(one.page.url(), /\/cases\/Contoso\/report\.html$/);
    assert.notEqual(await one.page.evaluate(() => document.querySelector('h1').innerText), '');
});

for (const scheme of ['light', 'dark']) {
    for (const width of [1280, 320]) {
        test(`axe-core finds nothing against WCAG 2.2 AA, ${scheme}, ${width} px wide`, async () => {
            assert.deepEqual(await axe(await opened('cases', { scheme, width })), []);
        });
    }
}

test('320 px are enough, nothing scrolls sideways', async () => {
    assert.deepEqual(await overflow(await opened('cases', { width: 320 })), { by: 0, elements: [] });
});

test('prints', async () => {
    const { bytes, pages } = await print(await opened());
    assert.equal(bytes.subarray(0, 5).toString(), '%PDF-');
    assert.ok(pages > 1, `${pages} pages`);
});

test('hostile names make no element that harmless ones do not', async () => {
    const [hostile, benign] = [await opened('hostile cases'), await opened('benign cases')];
    const plain = (elements) => elements.map((element) => element.replace(/ (href|content|data-s)="[^"]*"/g, ''));
    assert.deepEqual(plain(await shape(hostile)), plain(await shape(benign)));
    await assertQuiet(hostile);
});
