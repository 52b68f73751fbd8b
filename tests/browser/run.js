// `npm test`: checks the scripts, makes the reports, runs the files of tests (all, or those that are named).
//
// Without a browser it fails, unless ENTRA_DIFF_SKIP_BROWSER=1 says to do without. ENTRA_DIFF_REPORTS names a folder
// of reports that were made before, and are not to be made again.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));

function main(names) {
    if (process.env.ENTRA_DIFF_SKIP_BROWSER === '1') {
        console.error('the page in a real browser: NOT TESTED, ENTRA_DIFF_SKIP_BROWSER=1 says to skip it');
        return 0;
    }
    const isChecked = node('lint.js');
    return isChecked === 0 ? test(names) : isChecked;
}

async function test(names) {
    // Only now, since they are there only after `npm ci`.
    const { chromium } = await import('./lib.js');
    const { makeReports } = await import('./reports.js');
    if (!chromium()) {
        console.error('the page in a real browser: no Chromium found. Install it (Debian: chromium),');
        console.error('say where it is (ENTRA_DIFF_CHROMIUM), or do without (ENTRA_DIFF_SKIP_BROWSER=1)');
        return 1;
    }
    const all = readdirSync(here).filter((name) => name.endsWith('.test.js'));
    const run = () => node('--test', '--test-reporter=spec', ...(names.length > 0 ? names : all));
    if (process.env.ENTRA_DIFF_REPORTS) return run();
    const folder = mkdtempSync(join(tmpdir(), 'entra-diff-browser-'));
    try {
        makeReports(folder);
        process.env.ENTRA_DIFF_REPORTS = folder;
        return run();
    } finally {
        rmSync(folder, { recursive: true, force: true });
    }
}

/** Runs Node.js on something here; its code. */
function node(...options) {
    return spawnSync(process.execPath, options, { cwd: here, stdio: 'inherit' }).status ?? 1;
}

process.exitCode = await main(process.argv.slice(2));
