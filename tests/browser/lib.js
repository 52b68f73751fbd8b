// What the tests share: a browser, reports opened in it with ears everywhere, and ways to look at them.
//
// A report is opened as a reader opens it, from a file, in a profile of its own and under its own content
// security policy. Nothing here loosens that policy: what runs in the page for a test comes in through the
// debugger, which the policy does not bind.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { accessSync, constants, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, afterEach } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

import puppeteer from 'puppeteer-core';

/** For what a large report may take at most; a test that is about speed says its own. */
const PATIENCE = 120_000;

/** The tags of axe-core's rules that make up WCAG 2.2, levels A and AA. */
const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

let browser;
let opened = [];

/** Where the browser is: `ENTRA_DIFF_CHROMIUM`, or the first of these names in the path. */
export function chromium() {
    if (process.env.ENTRA_DIFF_CHROMIUM) return process.env.ENTRA_DIFF_CHROMIUM;
    for (const name of ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']) {
        for (const folder of (process.env.PATH ?? '').split(delimiter)) {
            const path = join(folder, name);
            try {
                accessSync(path, constants.X_OK);
                return path;
            } catch {
                // Not here.
            }
        }
    }
    return null;
}

/** To be called once at the top of a file of tests: pages are closed after each test, the browser after all. */
export function useBrowser() {
    afterEach(closeAll);
    after(quit);
}

/** Closes every report that is open. */
export async function closeAll() {
    const closing = opened;
    opened = [];
    for (const one of closing) await one.close();
}

/** Ends the browser. */
export async function quit() {
    await closeAll();
    await browser?.close();
    browser = undefined;
}

async function launched() {
    const hasNoSandbox = process.getuid?.() === 0 || Boolean(process.env.CI);
    browser ??= await puppeteer.launch({
        executablePath: chromium(),
        headless: true,
        protocolTimeout: 2 * PATIENCE,
        args: [
            // Whatever a page might ask for: it does not leave this machine.
            '--host-resolver-rules=MAP * ~NOTFOUND',
            // Chromium has no sandbox for the superuser, nor in most containers, where CI runs.
            ...(hasNoSandbox ? ['--no-sandbox'] : []),
        ],
    });
    return browser;
}

/**
 * Opens a report and waits until it is loaded. The answer has
 * - `page`: puppeteer's page; `client`: its debugger;
 * - `heard`: lists of what came up since before the first byte: `requests` (their URLs), `console` (what was
 *   said there, by the page or by the browser about it), `errors` (exceptions), `violations` (of the content
 *   security policy), `dialogs`;
 * - `folders`: those that are removed when it is closed; `close()`, which `useBrowser` calls.
 *
 * `before` is a script that runs in the page ahead of its own; `hash` stands behind the address (`#o=1`).
 */
export async function open(report, options = {}) {
    const { scheme = 'light', width = 1280, height = 900, javascript = true, hash = '', before } = options;
    const context = await (await launched()).createBrowserContext();
    const page = await context.newPage();
    const client = await page.createCDPSession();
    const folders = [];
    const close = async () => {
        try {
            await context.close();
        } finally {
            for (const folder of folders) rmSync(folder, { recursive: true, force: true });
        }
    };
    const one = { page, client, context, folders, heard: await listen(page, client), close };
    opened.push(one);
    page.setDefaultTimeout(PATIENCE);
    await page.setViewport({ width, height });
    await page.setJavaScriptEnabled(javascript);
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    if (before) await page.evaluateOnNewDocument(before);
    await page.goto(pathToFileURL(report).href + hash, { waitUntil: 'load' });
    return one;
}

async function listen(page, client) {
    const heard = { requests: [], console: [], errors: [], violations: [], dialogs: [] };
    client.on('Network.requestWillBeSent', ({ request }) => heard.requests.push(request.url));
    client.on('Audits.issueAdded', ({ issue }) => {
        if (issue.code === 'ContentSecurityPolicyIssue') heard.violations.push(JSON.stringify(issue.details));
    });
    client.on('Runtime.bindingCalled', ({ name, payload }) => {
        if (name === 'toldOfViolation') heard.violations.push(payload);
    });
    page.on('console', (message) => heard.console.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => heard.errors.push(String(error)));
    page.on('dialog', (dialog) => {
        heard.dialogs.push(`${dialog.type()}: ${dialog.message()}`);
        return dialog.dismiss();
    });
    await client.send('Network.enable');
    await client.send('Audits.enable');
    await client.send('Runtime.enable');
    await client.send('Runtime.addBinding', { name: 'toldOfViolation' });
    await page.evaluateOnNewDocument(() => {
        addEventListener('securitypolicyviolation', (event) => {
            globalThis.toldOfViolation(`${event.violatedDirective}: ${event.blockedURI || event.sample}`);
        });
    });
    return heard;
}

/** Holds that the page asked for nothing but itself, and that nobody had anything to complain about. */
export async function assertQuiet({ page, heard }) {
    // What is told of a page comes a moment after it happened.
    await sleep(200);
    const { requests, ...complaints } = heard;
    assert.deepEqual(requests, [page.url().replace(/#.*$/, '')], 'one request: the file itself');
    assert.deepEqual(complaints, { console: [], errors: [], violations: [], dialogs: [] });
}

/**
 * Waits until `condition` holds in the page, looked at on each frame: a function without a closure, and what it
 * is given (JSON). Answers with what it returned. (puppeteer's own `waitForFunction` makes code out of text in
 * the page, which the content security policy does not allow.)
 */
export function until({ page }, condition, { args = [], timeout = PATIENCE } = {}) {
    const loop = async (holds, given, patience) => {
        const end = performance.now() + patience;
        for (;;) {
            const found = holds(...given);
            if (found) return found;
            if (performance.now() > end) throw new Error(`not within ${patience} ms: ${holds}`);
            await new Promise((frame) => requestAnimationFrame(frame));
        }
    };
    return page.evaluate(`(${loop})(${condition}, ${JSON.stringify(args)}, ${timeout})`);
}

/** The milliseconds from the moment `act` is called until `condition` holds in the page and is painted. */
export async function timed(one, act, condition, options) {
    const start = performance.now();
    await act(one.page);
    await until(one, condition, options);
    await one.page.evaluate(
        () => new Promise((painted) => requestAnimationFrame(() => setTimeout(painted, 0))),
    );
    return performance.now() - start;
}

/** The bytes of the JavaScript heap that are in use, garbage collected. */
export async function heap({ client }) {
    await client.send('HeapProfiler.collectGarbage');
    return (await metrics({ client })).JSHeapUsedSize;
}

/** What the browser counts of a page: `JSHeapUsedSize`, `Nodes`, `LayoutCount`, … */
export async function metrics({ client }) {
    await client.send('Performance.enable');
    const { metrics } = await client.send('Performance.getMetrics');
    return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
}

/**
 * Has downloads of a page go into a folder. `next(act)` calls `act`, which has to begin one, and answers with
 * its `name` (the one the page proposes) and `bytes`. Does not run beside another in the same browser.
 */
export async function downloads({ context, page, folders }) {
    const folder = mkdtempSync(join(tmpdir(), 'entra-diff-downloads-'));
    folders.push(folder);
    const client = await (await launched()).target().createCDPSession();
    await client.send('Browser.setDownloadBehavior', {
        behavior: 'allowAndName',
        browserContextId: context.id,
        downloadPath: folder,
        eventsEnabled: true,
    });
    const next = async (act) => {
        let name;
        const begun = ({ suggestedFilename }) => (name = suggestedFilename);
        let ended;
        client.on('Browser.downloadWillBegin', begun);
        try {
            const done = new Promise((resolve, reject) => {
                const late = setTimeout(() => reject(new Error(`no download within ${PATIENCE} ms`)), PATIENCE);
                ended = ({ state, guid }) => {
                    if (state === 'inProgress') return;
                    clearTimeout(late);
                    if (state === 'completed') resolve(guid);
                    else reject(new Error(`the download was ${state}`));
                };
                client.on('Browser.downloadProgress', ended);
            });
            const [guid] = await Promise.all([done, act(page)]);
            return { name, bytes: readFileSync(join(folder, guid)) };
        } finally {
            client.off('Browser.downloadWillBegin', begun);
            client.off('Browser.downloadProgress', ended);
        }
    };
    return { folder, next };
}

/** The page on paper: the PDF's `bytes`, of how many `pages` it is, and the text of each, read by `pdftotext`. */
export async function print({ page }) {
    const bytes = Buffer.from(await page.pdf({ preferCSSPageSize: true, printBackground: false, timeout: PATIENCE }));
    const pages = bytes.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0;
    const { stdout, error } = spawnSync('pdftotext', ['-enc', 'UTF-8', '-', '-'], { input: bytes, encoding: 'utf8', maxBuffer: Infinity });
    if (error) throw new Error(`pdftotext (Debian: poppler-utils): ${error.message}`);
    return { bytes, pages, texts: stdout.split('\f').slice(0, -1) };
}

/** What axe-core finds against WCAG 2.2 A and AA in the page as it stands: a line for each rule. */
export async function axe({ page }) {
    const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    await page.evaluate(source);
    // What is far away is not laid out, and axe-core takes its rows to stand on what is below it: so everything is.
    await page.evaluate(() => {
        for (const group of document.querySelectorAll('.group')) group.style.contentVisibility = 'visible';
    });
    const { violations, passes } = await page.evaluate(
        (tags) => globalThis.axe.run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] }),
        WCAG,
    );
    assert.ok(passes.length >= 5, `axe-core looked at something: ${passes.length} rules`);
    const shown = (node) => `${node.target.join(' ')}: ${node.failureSummary.replace(/\s+/g, ' ')}`;
    return violations.map(
        ({ id, impact, nodes }) => `${id} (${impact}), elements: ${nodes.length}, ${nodes.slice(0, 3).map(shown).join('; ')}`,
    );
}

/** How much wider than the window the document is, and what stands out of it. */
export function overflow({ page }) {
    return page.evaluate(() => {
        const { scrollWidth, clientWidth } = document.documentElement;
        const isCut = (element) => element.closest('.scroll') !== null;
        const out = [...document.querySelectorAll('body *')].filter(
            (element) => element.getBoundingClientRect().right > clientWidth + 1 && !isCut(element),
        );
        const name = (element) => {
            const within = element.closest('[id], [class]:not([class=""])') ?? document.body;
            return `${within.localName}#${within.id}.${within.className} ${element.localName}`;
        };
        return { by: scrollWidth - clientWidth, elements: out.slice(0, 10).map(name) };
    });
}

/**
 * Every element of the page with its attributes, in order, so that two pages can be held against each other.
 * What stands for a character that cannot be seen (`span.u`), and the place where a long text may break
 * (`wbr`), is left out, with the parts of a text around the first: harmless texts have none. So is data that is not run: it stands in as many blocks as its
 * size takes.
 */
export function shape({ page }) {
    return page.evaluate(() => {
        const LEFT_OUT = 'span.u, bdi > span:not([class]), bdi > br, wbr, script[type="application/octet-stream"]';
        const isLeftOut = (element) => element.matches(LEFT_OUT);
        const all = [...document.querySelectorAll('*')].filter((element) => !isLeftOut(element));
        return all.map((element) => {
            const attributes = [...element.attributes].map(({ name, value }) => ` ${name}=${JSON.stringify(value)}`);
            return `<${element.localName}${attributes.sort().join('')}>`;
        });
    });
}
