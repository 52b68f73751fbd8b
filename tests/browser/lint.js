// `npm run lint`: every script here, and every script of the page, by the rules of eslint.config.js.

import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

import { ESLint } from 'eslint';

const root = fileURLToPath(new URL('../..', import.meta.url));
const config = fileURLToPath(new URL('eslint.config.js', import.meta.url));

// The rules are told from the root, so that they reach both folders.
const eslint = new ESLint({ cwd: root, overrideConfigFile: config });
const found = await eslint.lintFiles(['templates/*.js', 'tests/browser/*.js']);
const shown = await (await eslint.loadFormatter('stylish')).format(found);
if (shown) console.error(shown);

// A script that no rule knows of would be passed over in silence.
const known = new Set(found.map(({ filePath }) => basename(filePath)));
const all = ['templates', 'tests/browser'].flatMap((folder) => readdirSync(`${root}/${folder}`).filter((name) => name.endsWith('.js')));
const missed = all.filter((name) => !known.has(name));
if (missed.length > 0) console.error(`not linted: ${missed.join(', ')}`);

const isClean = missed.length === 0 && found.every(({ errorCount, warningCount }) => errorCount + warningCount === 0);
process.exitCode = isClean ? 0 : 1;
