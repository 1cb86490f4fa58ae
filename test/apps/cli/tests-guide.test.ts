import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { testFileSchema } from '#shared/story/story.ts';
import { example } from '#test/build/examples.ts';

const guide = readFileSync(new URL('../../../docs/tests.md', import.meta.url), 'utf8');
const shown = /```json\n([\s\S]*?)```/.exec(guide)?.[1] ?? '';

it('the page on tests shows one of the example as it is', () => {
  const { note, tests, ...setting } = testFileSchema.parse(JSON.parse(example('tests/abandoned-cart.test.json')));
  const [first] = tests;
  expect(testFileSchema.parse(JSON.parse(shown))).toEqual({ ...setting, tests: [first] });
  for (const { name } of tests) expect(guide).toContain(`  ok      ${name}\n`);
  expect(note).toBeDefined();
});

it('the page on tests names every key', () => {
  const keys = Object.keys(testFileSchema.shape.tests.element.shape);
  for (const key of keys.filter((one) => !['name', 'note', 'expect'].includes(one)))
    expect(guide).toContain(`\`${key}\``);
  for (const key of Object.keys(testFileSchema.shape.tests.element.shape.expect.shape).filter((one) => one !== 'note'))
    expect(guide).toContain(`\`${key}\``);
});
