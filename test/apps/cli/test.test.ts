import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testCommand } from '#apps/cli/commands/test.ts';
import { EXAMPLES } from '#apps/local/folder.ts';
import { parseJsonc } from '#shared/publish/parse.ts';
import { example } from '#test/build/examples.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'tropa-test-'));
  cpSync(EXAMPLES, dir, { recursive: true });
  rmSync(join(dir, 'tests'), { recursive: true, force: true });
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
  process.exitCode = undefined;
});

function write(key: string, content: object): void {
  mkdirSync(dirname(join(dir, key)), { recursive: true });
  writeFileSync(join(dir, key), JSON.stringify(content));
}

async function run(...words: string[]) {
  let said = '';
  const out = new Writable({
    write: (chunk, _, done) => {
      said += String(chunk);
      done();
    },
  });
  await testCommand(() => '2026-03-02T09:00:00.000Z', { out, err: out }).parseAsync(words, { from: 'user' });
  return { said, code: process.exitCode };
}

const cartTest = (expected: object, journey = 'abandoned-cart') => ({
  journey,
  contact: { traits: { email: 'a@example.com', 'name.first': 'Ann' }, consents: { email: ['offers'] } },
  tests: [
    {
      name: 'buys',
      timeline: [{ at: 'PT0S', event: 'cart.updated', data: { total: 6 } }],
      until: 'PT2H',
      expect: expected,
    },
  ],
});

const cart = (from: string, to: string): object =>
  parseJsonc(example('journeys/abandoned-cart.json').replaceAll(from, to)).value as object;

describe('tropa test', () => {
  it('plays the tests of a folder, with what the mails say', async () => {
    write('tests/cart.test.json', cartTest({ messages: [{ step: 'reminder', at: 'PT1H', says: ['Ann'] }] }));
    expect(await run(dir)).toEqual({ said: 'tests/cart.test.json\n  ok      buys\n1 test passed.\n', code: 0 });
  });

  it('says what failed, and ends with 1', async () => {
    write('tests/cart.test.json', cartTest({ messages: [], outcome: 'not-entered' }));
    const { said, code } = await run(join(dir, 'journeys/abandoned-cart.json'));
    expect(said).toContain('FAILED  buys\n          expected no message, got "reminder" after PT1H\n');
    expect(said).toContain('1 of 1 test failed.');
    expect(code).toBe(1);
  });

  it.each([
    ['that does not fit the grammar', { id: 'abandoned-cart' }, '1:1  E49  A journey needs "name".'],
    ['that names what is not there', cart('"cart-reminder"', '"cart-remindr"'), 'There is no template "cart-remindr".'],
  ])('plays no journey %s, says what is wrong with it, and ends with 1', async (_, journey, wrong) => {
    write('tests/cart.test.json', cartTest({ messages: [] }));
    write('journeys/abandoned-cart.json', journey);
    for (const path of ['', 'tests/cart.test.json', 'journeys/abandoned-cart.json']) {
      const { said, code } = await run(join(dir, path));
      expect(said).toContain(
        'tests/cart.test.json   NOT RUN: the journey "abandoned-cart" has errors. Mend them first:\njourneys/abandoned-cart.json   NOT TO',
      );
      expect(said).toContain(wrong);
      expect(said).toMatch(/\nNo test was run\.\n$/);
      expect(said).not.toContain('There is no journey');
      expect(code).toBe(1);
    }
  });

  it('tells of a broken journey that is asked for, though it has no tests', async () => {
    write('journeys/abandoned-cart.json', { id: 'abandoned-cart' });
    const { said, code } = await run(join(dir, 'journeys/abandoned-cart.json'));
    expect(said).toContain('journeys/abandoned-cart.json   NOT TO BE PUBLISHED');
    expect(code).toBe(1);
  });

  it('says where tests lie when it finds none, and ends with 1', async () => {
    write('tests/cart.json', cartTest({}));
    expect(await run(dir)).toEqual({
      said: 'tests/cart.json   NOT READ: Tests lie at tests/cart.test.json.\nThere are no tests: they lie at tests/NAME.test.json, and docs/tests.md says how they look.\n',
      code: 1,
    });
  });

  it('prints JSON for machines', async () => {
    write('tests/cart.test.json', cartTest({ messages: [{ step: 'reminder' }] }));
    const { said } = await run(dir, '--json');
    expect(JSON.parse(said)).toMatchObject({ tested: [{ journey: 'abandoned-cart', outcomes: [{ faults: [] }] }] });
  });
});
