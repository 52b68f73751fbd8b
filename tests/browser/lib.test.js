// What the other tests rely on: pages with faults are heard, and the helpers tell the truth.

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { assertQuiet, axe, closeAll, downloads, heap, open, overflow, print, shape, timed, until, useBrowser } from './lib.js';

useBrowser();

const folder = mkdtempSync(join(tmpdir(), 'entra-diff-lib-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** A page of this markup, opened; `isStrict`: under a content security policy that allows nothing. */
function page(markup, { isStrict = false, ...options } = {}) {
    const policy = `<meta http-equiv="Content-Security-Policy" content="default-src 'none'">`;
    const head = `<meta charset="utf-8">${isStrict ? policy : ''}<meta name="viewport" content="width=device-width"><title>A page</title>`;
    const path = join(folder, 'page.html');
    writeFileSync(path, `<!doctype html><html lang="en"><head>${head}</head><body><main>${markup}</main></body></html>`);
    return open(path, options);
}

test('a page that does nothing is quiet', async () => {
    await assertQuiet(await page('<h1>Nothing</h1>'));
});

for (const [fault, markup, ear, isStrict] of [
    ['a request', '<img src="other.png" alt="">', 'requests'],
    ['a word on the console', '<script>console.log(1)</script>', 'console'],
    ['an exception', '<script>throw new Error("no")</script>', 'errors'],
    ['a dialog', '<script>alert(1)</script>', 'dialogs'],
    ['a violation of the policy', '<script>1</script>', 'violations', true],
]) {
    test(`${fault} is heard`, async () => {
        const one = await page(markup, { isStrict });
        await assert.rejects(assertQuiet(one), assert.AssertionError);
        assert.ok(one.heard[ear].length > (ear === 'requests' ? 1 : 0), JSON.stringify(one.heard));
    });
}

test('a violation of the policy is heard where scripts are off', async () => {
    const one = await page('<style>h1{}</style>', { isStrict: true, javascript: false });
    await assert.rejects(assertQuiet(one), assert.AssertionError);
    assert.equal(one.heard.violations.length, 1);
});

test('axe-core finds faint text, and the document that is too wide is found', async () => {
    const one = await page('<h1>A</h1><p id="wide" style="color:#ccc;width:400px">Faint</p>', { width: 320 });
    const found = await axe(one);
    assert.equal(found.length, 1);
    assert.match(found[0], /^color-contrast .*#wide/);
    const { by, elements } = await overflow(one);
    assert.ok(by > 0 && elements.length === 1, `${by} ${elements}`);
});

test('the shape has attributes in it', async () => {
    const elements = await shape(await page('<p id="a" class="b">x<span class="u">y</span><wbr></p>'));
    assert.deepEqual(elements.slice(-2), ['<main>', '<p class="b" id="a">']);
});

test('what comes later is waited for and timed, under a strict policy too', async () => {
    const later = 'onclick="setTimeout(() => document.body.dataset.done = 7, 300)"';
    const one = await page(`<button ${later}>Go</button>`);
    const click = () => one.page.click('button');
    const taken = await timed(one, click, (want) => document.body.dataset.done === want, { args: ['7'] });
    assert.ok(taken >= 300 && taken < 5_000, `${taken} ms`);
    await assert.rejects(until(one, () => false, { timeout: 50 }), /not within 50 ms/);
    const strict = await page('<h1>A</h1>', { isStrict: true });
    assert.equal(await until(strict, (what) => document.querySelector(what)?.localName, { args: ['main'] }), 'main');
});

test('the heap grows by what a page holds', async () => {
    const one = await page('<h1>A</h1>');
    const before = await heap(one);
    await one.page.evaluate(() => (globalThis.held = Array.from({ length: 1_000_000 }, (_, number) => ({ number }))));
    const grown = (await heap(one)) - before;
    assert.ok(grown > 8_000_000, `${grown} bytes`);
});

test('what a page gives to download is read back', async () => {
    const one = await page(`<button>Save</button><script>
        document.querySelector('button').onclick = () => {
            const link = document.createElement('a');
            link.href = URL.createObjectURL(new Blob(['\\ufeffa,b\\r\\n']));
            link.download = 'changes.csv';
            link.click();
        };
    </script>`);
    const { next, folder } = await downloads(one);
    for (let time = 0; time < 2; time += 1) {
        const { name, bytes } = await next(() => one.page.click('button'));
        assert.equal(name, 'changes.csv');
        assert.equal(bytes.toString('utf8'), '\ufeffa,b\r\n');
    }
    await closeAll();
    assert.equal(existsSync(folder), false, 'what was downloaded is removed');
});

test('paper has the pages that the markup asks for', async () => {
    const { pages } = await print(await page('<p style="break-after:page">1</p><p style="break-after:page">2</p><p>3</p>'));
    assert.equal(pages, 3);
});
