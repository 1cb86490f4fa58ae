import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { made } from './snippet/made.ts';

/** `npm run snippet`: makes shared/collect/snippet.ts anew of apps/browser/snippet.js. A test holds the one to the other. */
const at = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));
const file = at('shared/collect/snippet.ts');
writeFileSync(file, await made(readFileSync(at('apps/browser/snippet.js'), 'utf8')));
console.log(file);
