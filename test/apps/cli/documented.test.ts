import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { program } from '#apps/cli/program.ts';
import { commandsIn, faultOf, wordsOf } from '#test/build/documented.ts';

/** The usage of one, or of all. */
const USAGE = /^(COMMAND\b|\.\.\.|$)|</;

const pages = [
  'README.md',
  'infra/README.md',
  ...readdirSync('docs')
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
];
const typed = pages.flatMap((page) =>
  commandsIn(readFileSync(page, 'utf8'), 'npx tropa').flatMap((line) =>
    USAGE.test(line) ? [] : [[page, line] as const],
  ),
);

it.each(typed)('%s says what there is: npx tropa %s', (_, line) => {
  const fault = faultOf(wordsOf(line), program);
  // A sentence may name a command without what it wants.
  expect(fault?.replace(/^\S+ wants .*$/, '') ?? '').toBe('');
});
