// Makes the reports that the tests open, with the program itself.
//
// ENTRA_DIFF_BIN      the program; unless told, it is built
// ENTRA_DIFF_PROFILE  Cargo's profile for what is built: release unless told

import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
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

/** The index.html of this name, of the batches that `makeReports` made. */
export function index(name) {
    return join(process.env.ENTRA_DIFF_REPORTS, name, 'index.html');
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
    makeBatches(program, folder, exports);
}

/** The times of the backups of some small cases, which are in another order as texts. */
const BACKUPS = ['2026-09-30T00:00:00Z', '2027-01-02T00:00:00Z', '2026-12-01T00:00:00Z'];

/** What the context of a small case's page begins with: the id of a backup holds its time. */
function snapshotOf(number) {
    const time = BACKUPS[number - 1];
    if (time === undefined) return 'x';
    const id = Buffer.from(`${Date.parse(time) / 1000}`).toString('base64');
    return `https://graph.microsoft.com/v1.0/$metadata#directory/recovery/snapshots/${id}/recoveryPreviewJobs/x`;
}

/** Batches: `cases` of a few, and `hostile cases` and `benign cases` of the two exports by such names. */
function makeBatches(program, folder, exports) {
    const write = (path, text) => {
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, text);
    };
    const batch = (name, codes) => {
        const options = ['--output', join(folder, name), '--format', 'html,csv'];
        run(codes, program, 'batch', join(folder, `folder of ${name}`), '--quiet', ...options);
    };
    const cases = join(folder, 'folder of cases');
    for (const name of ['Contoso', 'Fabrikam', 'Woodgrove']) {
        cpSync(join(ROOT, 'samples'), join(cases, name), { recursive: true });
    }
    write(join(cases, 'Contoso', 'case.toml'), 'organization = "Contoso AS"\ncase-id = "7"\n');
    const user = { entityTypeName: 'user', recoveryAction: 'update', deltaFromCurrent: { city: 'Oslo' }, currentState: {} };
    for (let number = 1; number <= 40; number += 1) {
        const value = Array.from({ length: number }, (_, at) => ({ ...user, id: `${number}-${at}` }));
        const page = { '@odata.context': `${snapshotOf(number)}/getChanges`, '@odata.count': number, value };
        write(join(cases, `small ${number}`, '1.json'), JSON.stringify(page));
    }
    write(join(cases, 'empty', 'readme.txt'), 'no page');
    write(join(cases, 'loose.json'), JSON.stringify({ '@odata.context': 'x/getChanges', value: [] }));
    batch('cases', [4]);
    const names = { hostile: '<img src=x onerror=alert(1)> =1+1', benign: 'image of x, on error nothing' };
    for (const [name, text] of Object.entries(names)) {
        const one = join(folder, `folder of ${name} cases`, text);
        cpSync(join(exports, name), one, { recursive: true });
        write(join(one, 'case.toml'), `organization = ${JSON.stringify(text)}\n`);
        batch(`${name} cases`, WRITTEN);
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
