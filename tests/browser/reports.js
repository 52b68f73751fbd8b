// Makes the reports that the tests open, with the program itself.
//
// ENTRA_DIFF_BIN      the program; unless told, it is built
// ENTRA_DIFF_PROFILE  Cargo's profile for what is built: release unless told

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** How many changes the generated export has. */
const MANY = 100_000;

/** Written in full, and written with data missing: the pages of the hostile export have faults. */
const WRITTEN = [0, 3];

/** The report.html of this name, of those that `makeReports` made. */
export function report(name) {
    return join(process.env.ENTRA_DIFF_REPORTS, name, 'report.html');
}

/** Below `folder`, one folder each with report.html and changes.csv. */
export function makeReports(folder) {
    const program = process.env.ENTRA_DIFF_BIN ?? built('build', '--bin', 'entra-diff');
    const make = (name, input, ...options) => {
        const output = join(folder, name);
        run(WRITTEN, program, 'report', input, '--quiet', '--output', output, '--format', 'html,csv', ...options);
    };
    make('samples', join(ROOT, 'samples'));
    make('recovery', join(ROOT, 'samples'), '--perspective', 'recovery');
    make('restore', join(ROOT, 'tests/restore'));
    const generated = join(folder, 'export of many');
    run([0], built('build', '--example', 'generate'), '--changes', `${MANY}`, '--output', generated);
    make('many', generated);
    const exports = join(folder, 'exports');
    const write = ['--ignored', '--exact', 'both_exports_are_written'];
    process.env.ENTRA_DIFF_EXPORTS = exports;
    run([0], built('test', '--no-run', '--test', 'hostile'), ...write);
    for (const name of ['hostile', 'benign']) {
        const words = JSON.parse(readFileSync(join(exports, `${name}.json`), 'utf8'));
        make(name, join(exports, name), ...words);
        if (name === 'hostile') make('hostile recovery', join(exports, name), ...words, '--perspective', 'recovery');
    }
}

/** Has Cargo build one program, the one that is named last; its path. */
function built(...command) {
    const profile = process.env.ENTRA_DIFF_PROFILE ?? 'release';
    const options = ['--locked', '--profile', profile, '--message-format', 'json-render-diagnostics'];
    const told = run([0], 'cargo', ...command, ...options).trim().split('\n');
    // A test of the binary brings the binary along.
    const isIt = ({ executable, target }) => executable && target.name === command.at(-1);
    return told.map((line) => JSON.parse(line)).find(isIt).executable;
}

/** Runs a program to its end; what it wrote to standard output. What it says is shown where it fails. */
function run(codes, program, ...options) {
    const { status, signal, error, stdout, stderr } = spawnSync(program, options, {
        cwd: ROOT,
        encoding: 'utf8',
        maxBuffer: Infinity,
    });
    if (!codes.includes(status)) {
        const how = error?.message ?? signal ?? `code ${status}`;
        throw new Error(`${program} ${options.join(' ')}: ${how}\n${stdout}\n${stderr}`);
    }
    return stdout;
}
