import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { withGrants } from '../../tools/grants.ts';

const page = readFileSync('docs/security.md', 'utf8');
/** `file`: title, at the end of a row. */
const NAMED = /`(test\/[^`]+\.test\.ts)`: (.+?) \|$/gm;
const named = [...page.matchAll(NAMED)].map(([, file = '', title = '']) => ({ file, title }));

it('the page on security shows what each function may, as the stacks grant it', () => {
  expect(withGrants(page)).toBe(page);
  expect(page).toMatch(/\| `send` \| reads contacts, identities, suppressions, .*SES: sends/);
});

it('each threat on the page on security has its test', () => {
  expect(named.length).toBe(page.split('\n').filter((line) => /^\| .*`test\//.test(line)).length);
  expect(named.length).toBeGreaterThan(20);
  for (const { file, title } of named) {
    const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
    expect(text.includes(title), `${file}: ${title}`).toBe(true);
  }
});
