// A line for each property whose two values differ as JSON text, of every page in a folder.
//
//     node plain.mjs DIR OUT.csv

import { closeSync, openSync, readFileSync, readdirSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const [folder, out] = process.argv.slice(2);
const cell = (value) => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
const text = (value) => (typeof value === 'string' ? value : JSON.stringify(value) ?? '');
const file = openSync(out, 'w');
for (const name of readdirSync(folder, { recursive: true }).sort()) {
    if (!name.endsWith('.json')) continue;
    const lines = [];
    for (const item of JSON.parse(readFileSync(join(folder, name), 'utf8')).value ?? []) {
        const [delta, current] = [item.deltaFromCurrent ?? {}, item.currentState ?? {}];
        for (const [key, backup] of Object.entries(delta)) {
            if (key.includes('@') || JSON.stringify(backup) === JSON.stringify(current[key])) continue;
            const cells = [item.recoveryAction, item.entityTypeName, item.id, item.displayName, key, text(backup), text(current[key])];
            lines.push(cells.map((value) => cell(String(value ?? ''))).join(','));
        }
    }
    writeSync(file, lines.map((line) => `${line}\r\n`).join(''));
}
closeSync(file);
