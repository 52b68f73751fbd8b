// `npm run lint`: every script here, and every script of a page, is one that Node.js can parse.

import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

for (const address of ['.', '../../templates']) {
    const folder = fileURLToPath(new URL(address, import.meta.url));
    for (const name of readdirSync(folder).filter((name) => name.endsWith('.js'))) {
        const { status } = spawnSync(process.execPath, ['--check', join(folder, name)], { stdio: 'inherit' });
        if (status !== 0) process.exitCode = 1;
    }
}
