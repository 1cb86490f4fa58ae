import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { simulateCommand } from '#apps/cli/commands/simulate.ts';
import { EXAMPLES } from '#apps/local/folder.ts';
import { example } from '#test/build/examples.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'tropa-test-'));
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
  process.exitCode = undefined;
});

async function run(...words: string[]) {
  let said = '';
  const out = new Writable({
    write: (chunk, _, done) => {
      said += String(chunk);
      done();
    },
  });
  const err = new Writable({ write: (_chunk, _encoding, done) => done() });
  const command = simulateCommand(() => '2026-03-02T09:00:00.000Z', { out, err, columns: 120 });
  await command.parseAsync(words, { from: 'user' });
  return { said, code: process.exitCode };
}

const refused = async (...words: string[]): Promise<string> => {
  const error: unknown = await run(...words).catch((thrown: unknown) => thrown);
  if (!(error instanceof Error) || !('exitCode' in error)) throw new Error('it was not refused');
  return `${error.exitCode}: ${error.message}`;
};

const CART = ['--event', 'cart.updated {"total":60}'];

describe('tropa simulate', () => {
  it('tells what happens when, and why', async () => {
    const { said, code } = await run('abandoned-cart', ...CART, '--message', 'reminder@PT5H clicked');
    expect(said).toMatch(
      /PT0S +» {2}cart\.updated { "total": 60 }\n +waits for quiet until Mon 2026-03-02 11:00 +starts 1/,
    );
    expect(said).toMatch(/11:00 {2}PT1H +enters +they agree to "offers"; purchase/);
    expect(said).toMatch(/"came-back": in time +"reminder" was clicked\n/);
    expect(said).toContain('At the end, Sun 2026-05-31 15:00: not-bought.');
    expect(code).toBe(0);
  });

  it('takes arms, a contact, a start and an end, and prints JSON for machines', async () => {
    const { said } = await run(
      ...[
        'abandoned-cart',
        ...CART,
        '--arm',
        'help-test=nothing more',
        '--contact',
        '{"traits":{"timeZone":"Asia/Tokyo"}}',
      ],
      ...['--start', '2026-04-01T09:00', '--until', 'P2D', '--json'],
    );
    const told = JSON.parse(said);
    expect(told).toMatchObject({ zone: 'Asia/Tokyo', start: '2026-04-01T00:00:00.000Z', outcome: 'inside' });
    expect(told.rows.find((row: { step?: string }) => row.step === 'help-test').what).toContain('arm "nothing more"');
  });

  it('plays one test of a file, which need not expect anything', async () => {
    const file = join(dir, 'story.json');
    const tests = [{ timeline: [{ at: 'PT0S', event: 'registration' }] }];
    writeFileSync(file, JSON.stringify({ journey: 'welcome', tests }));
    expect((await run('welcome', '--story', file)).said).toContain('the entry rule says no; not so:');
    const named = ['--story', join(EXAMPLES, 'tests/abandoned-cart.test.json')];
    expect(await refused('abandoned-cart', ...named)).toMatch(
      /^2: .* has 3 tests\. Say with --test which:\n {2}--test 'a rem/,
    );
    expect((await run('abandoned-cart', ...named, '--test', 'who buys within the hour never enters')).said).toContain(
      'never entered',
    );
  });

  it.each(['birthday', 'review-request'])(
    'says what to write when nothing is told of %s, and that is a command that works',
    async (id) => {
      const hint = await refused(id);
      const [, words = ''] = new RegExp(`npx tropa simulate ${id} (.*)`).exec(hint) ?? [];
      const given = words.split(/ (?=--)/).flatMap((option) => {
        const [name = '', ...value] = option.split(' ');
        return [name, value.join(' ').replaceAll("'", '')];
      });
      expect((await run(id, ...given)).said, words).toContain('sends "');
    },
  );

  it('ends with 1 when something cannot happen as it is told', async () => {
    const { said, code } = await run('abandoned-cart', ...CART, '--message', 'reminder@PT5M clicked');
    expect(said).toContain('Could not happen: at PT5M: "reminder" cannot be "clicked": it was not sent by then.');
    expect(code).toBe(1);
  });

  it('plays no journey that has an error', async () => {
    writeFileSync(join(dir, 'settings.json'), example('settings.json'));
    mkdirSync(join(dir, 'journeys'));
    writeFileSync(join(dir, 'journeys/welcome.json'), example('journeys/welcome.json'));
    expect(await refused(join(dir, 'journeys/welcome.json'), '--event', 'registration')).toMatch(
      /^1: .*There is no template/s,
    );
  });

  it.each([
    [['--event', 'cart.updatd'], 'Nobody knows an event "cart.updatd". Did you mean "cart.updated"?'],
    [['--event', 'cart.updated@2h'], '"2h" is no duration and no time. Write "PT2H".'],
    [['--event', 'cart.updated {total:1}'], '{total:1} is not JSON'],
    [['--message', 'remindr clicked'], 'there is no send step "remindr". Did you mean "reminder"?'],
    [['--message', 'reminder klicked'], 'Did you mean "clicked"?'],
    [[...CART, '--arm', 'help-test=yes'], '"help-test" has no arm "yes".'],
    [[...CART, '--until', 'P1D12H'], 'Write "P1DT12H".'],
    [[...CART, '--start', 'monday'], 'write a local time'],
    [[...CART, '--contact', 'nobody.json'], 'There is no nobody.json.'],
  ])('refuses %j, and says how to mend it', async (words, said) => {
    expect(await refused('abandoned-cart', ...words)).toContain(said);
  });
});
