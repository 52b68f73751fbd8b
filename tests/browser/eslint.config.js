// What is held of the scripts: those of the page, which stand one behind the other in one script, and those that test it.

import js from '@eslint/js';
import globals from 'globals';

/** The scripts of the page in their order: each makes one name, and knows those before it. */
const PAGE = ['texts', 'core', 'order', 'elements', 'view', 'object', 'results', 'controls', 'lead'];

const rules = {
    eqeqeq: 'error',
    'no-implicit-globals': 'error',
    'no-unused-vars': 'error',
    'no-var': 'error',
    'prefer-const': ['error', { destructuring: 'all' }],
    'no-eval': 'error',
    'no-implied-eval': 'error',
    'no-new-func': 'error',
    'max-lines': ['error', 400],
    // Text stays text: whatever could make markup or a script of it.
    'no-restricted-properties': [
        'error',
        ...['innerHTML', 'outerHTML', 'insertAdjacentHTML', 'setHTMLUnsafe', 'srcdoc', 'createContextualFragment', 'parseFromString'].map((property) => ({ property })),
        ...['write', 'writeln'].map((property) => ({ object: 'document', property })),
    ],
};

const page = (name, before) => ({
    files: [`templates/explore${name && '-'}${name}.js`],
    languageOptions: {
        sourceType: 'script',
        ecmaVersion: 2024,
        globals: { ...globals.browser, ...Object.fromEntries(before.map((one) => [one, 'readonly'])) },
    },
    // Its one name is for those behind it.
    rules: { 'no-unused-vars': ['error', { vars: 'local' }] },
});

export default [
    js.configs.recommended,
    { rules },
    { linterOptions: { reportUnusedDisableDirectives: 'error' } },
    ...PAGE.map((name, at) => page(name, PAGE.slice(0, at))),
    page('', PAGE),
    {
        // The index of a batch has a script of its own.
        files: ['templates/batch.js'],
        languageOptions: { sourceType: 'script', ecmaVersion: 2024, globals: globals.browser },
    },
    {
        files: ['tests/browser/*.js'],
        // Functions in the tests run in the page.
        languageOptions: { sourceType: 'module', globals: { ...globals.node, ...globals.browser } },
    },
];
