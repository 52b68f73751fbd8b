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

    test(`${name}: prints`, async () => {
        const one = await open(report(name));
        const { bytes, pages } = await print(one);
        assert.equal(bytes.subarray(0, 5).toString(), '%PDF-');
        assert.ok(pages > 1, `${pages} pages`);
        await assertQuiet(one);
    });
}

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
