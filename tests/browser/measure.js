// `npm run measure -- REPORT.html …`: how large a report is and how long it takes to open, as a table. Times are in
// milliseconds since the navigation began, each the median of RUNS (5 unless the environment says another).
//
// ready    until <html> has the attribute data-ready, which the page's script sets when it can be used;
//          "-" where there is no script, "never" where it does not come within a minute
// search, filter, sort, identical  from what a reader does until it is painted, each for the first time in the page
// heap     the JavaScript heap before that, garbage collected
// process  the most memory that the page's process had; Linux only

import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';

import { closeAll, heap, metrics, open, quit, until } from './lib.js';

const RUNS = Number(process.env.RUNS ?? 5);
const MINUTE = 60_000;

/** Writes down when the attribute comes. */
function watchReady() {
    new MutationObserver(() => {
        if (document.documentElement?.hasAttribute('data-ready')) globalThis.readyAt ??= performance.now();
    }).observe(document, { attributes: true, attributeFilter: ['data-ready'], subtree: true });
}

async function measured(report) {
    const one = await open(report, { before: watchReady });
    const ready = await readyAt(one);
    await until(one, () => performance.getEntriesByType('paint').length > 0);
    const times = await one.page.evaluate(() => ({
        'first paint': performance.getEntriesByType('paint')[0].startTime,
        load: performance.getEntriesByType('navigation')[0].loadEventEnd,
    }));
    const peak = await processPeak(one);
    const { Nodes: nodes } = await metrics(one);
    const used = await heap(one);
    const acts = {};
    for (const act of Object.keys(ACTS)) acts[act] = typeof ready === 'number' ? await one.page.evaluate(ACTS[act]) : '-';
    await closeAll();
    await quit();
    return { ...times, ready, 'heap, MB': used / 1e6, 'process, MB': peak, nodes, ...acts };
}

/** What a reader does in the view of everything; what is told in the address is shown with the next frame. */
const acted = (act) => `(async () => {
    location.hash = 'view=objects';
    await new Promise((shown) => setTimeout(shown, 1000));
    const before = location.hash, start = performance.now();
    (${act})();
    while (location.hash === before) await new Promise((turn) => setTimeout(turn, 0));
    await new Promise((painted) => requestAnimationFrame(() => setTimeout(painted, 0)));
    return performance.now() - start;
})()`;

const ACTS = {
    search: acted(() => {
        const input = document.getElementById('search');
        input.value = 'mar';
        input.dispatchEvent(new Event('input'));
    }),
    filter: acted(() => {
        const box = document.querySelector('[data-facet=type]');
        box.open = true;
        box.addEventListener('toggle', () => box.querySelector('input').click(), { once: true });
    }),
    sort: acted(() => document.querySelector('button[data-sort=object]').click()),
    identical: acted(() => {
        const view = document.getElementById('view');
        view.value = 'identical';
        view.dispatchEvent(new Event('change'));
    }),
};

async function readyAt(one) {
    const hasScript = await one.page.evaluate(() =>
        [...document.scripts].some(({ type }) => ['', 'module', 'text/javascript'].includes(type)),
    );
    if (!hasScript) return '-';
    try {
        return await until(one, () => globalThis.readyAt, { timeout: MINUTE });
    } catch {
        return 'never';
    }
}

/** The most memory, in MB, that a process of a page had. A browser of one page has one such process, or two. */
async function processPeak({ page }) {
    const client = await page.browser().target().createCDPSession();
    const { processInfo } = await client.send('SystemInfo.getProcessInfo');
    const peaks = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => {
        try {
            const [, kilobytes] = readFileSync(`/proc/${id}/status`, 'utf8').match(/VmHWM:\s*(\d+)/);
            return (kilobytes * 1024) / 1e6;
        } catch {
            return 0;
        }
    });
    const peak = Math.max(...peaks);
    return peak > 0 ? peak : '-';
}

function median(values) {
    const words = values.find((value) => typeof value === 'string');
    if (words) return words;
    const sorted = [...values].sort((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)];
}

function print(rows) {
    const heads = Object.keys(rows[0]);
    const shown = (value) => (typeof value === 'number' ? value.toFixed(value < 10 ? 1 : 0) : value);
    const lines = [heads, ...rows.map((row) => heads.map((head) => shown(row[head])))];
    const widths = heads.map((_, column) => Math.max(...lines.map((line) => line[column].length)));
    const padded = (cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]));
    for (const line of lines) console.log(line.map(padded).join('  '));
}

// npm changes the folder, and says where it was called.
const reports = process.argv.slice(2).map((path) => resolve(process.env.INIT_CWD ?? '.', path));
if (reports.length === 0) throw new Error('usage: npm run measure -- REPORT.html …');
const rows = [];
for (const report of reports) {
    const runs = [];
    for (let run = 0; run < RUNS; run += 1) runs.push(await measured(report));
    const row = { report, 'file, MB': statSync(report).size / 1e6 };
    for (const what of Object.keys(runs[0])) row[what] = median(runs.map((run) => run[what]));
    rows.push(row);
}
print(rows);
