import { Writable } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { BadInput } from '#apps/cli/bad-input.ts';
import { redriveCommand } from '#apps/cli/commands/redrive.ts';
import type { Lying, RedriveRequest, RedriveResult } from '#apps/cli/redrive/request.ts';
import type { Target } from '#apps/cli/target/options.ts';

const oldest = '2026-03-02T09:00:00.000Z';
const pile = (reason: string, count: number) => ({ reason, count, oldest });
const lies = [pile('bad-event: type: ...', 2000), pile('Crash: enrol died', 1)];
const result = (given: Partial<RedriveResult> = {}): RedriveResult => ({
  what: 'enrol',
  lies,
  meant: lies,
  became: {},
  ...given,
});

const forget = () => {
  process.exitCode = 0;
};
afterEach(forget);

async function run(words: readonly string[], given: RedriveResult = result(), lying: readonly Lying[] = []) {
  forget();
  let text = '';
  const asked: (RedriveRequest | Target)[] = [];
  const stream = () =>
    new Writable({
      write: (chunk, _, done) => {
        text += chunk;
        done();
      },
    });
  const command = redriveCommand(
    {
      overview: async (target) => {
        asked.push(target);
        return lying;
      },
      redrive: async (request, { seen }) => {
        asked.push(request);
        seen(1, 2);
        return given;
      },
    },
    { out: stream(), err: new Writable({ write: (_, __, done) => done() }) },
  );
  await command.exitOverride().parseAsync([...words, '--stage', 'prod'], { from: 'user' });
  return { text, asked, code: process.exitCode };
}

describe('tropa redrive', () => {
  it('without a word says what lies where, what is lost, and what to type next', async () => {
    const stretch = pile('RetryAttemptsExhausted: changes of the table were not counted', 3);
    const { text, asked } = await run([], undefined, [
      { what: 'enrol', lies, stopped: 'limit' },
      { what: 'events-rule', lies: [pile('NO_PERMISSIONS', 1)] },
      { what: 'tally', lies: [stretch] },
      { what: 'walk', lies: [] },
      { what: 'parked', lies: [pile('too-old: purchase', 4)] },
    ]);
    expect(asked).toEqual([{ stage: 'prod' }]);
    expect(text).toBe(`enrol: more than 2,001 dead letters
  Customers do things and no journey notices: nobody enters, and nobody who bought is let go.
    2,000  since 2026-03-02T09:00Z  bad-event: type: ...
        1  since 2026-03-02T09:00Z  Crash: enrol died
  Once the cause is mended: npx tropa redrive enrol --stage prod

events-rule: 1 dead letter
  Customers do things and no journey notices: nobody enters, and nobody who bought is let go.
        1  since 2026-03-02T09:00Z  NO_PERMISSIONS
  Once the cause is mended: npx tropa redrive events-rule --stage prod

tally: 3 dead letters
  The counts in reports and on dashboards are behind or too low; journeys and mails go on.
        3  since 2026-03-02T09:00Z  RetryAttemptsExhausted: changes of the table were not counted
  Nothing brings these counts back. Once the cause is mended: npx tropa redrive tally --discard --yes --stage prod

parked: 4 put aside
  Events that are too old or came through too many journeys were not recorded, and requests wait for a person to decide.
        4  since 2026-03-02T09:00Z  too-old: purchase
  To record what did happen: npx tropa redrive parked --stage prod

Passages that stand still are found by looking at every contact: npx tropa redrive passages --dry-run --stage prod
`);
    expect((await run([])).text).toMatch(/^No dead letters, and nothing parked\.\n/);
    expect(JSON.parse((await run(['--json'], undefined, [{ what: 'enrol', lies }])).text)).toEqual({
      lying: [{ what: 'enrol', lies }],
    });
  });

  it('says how many there are when none has the reason that was asked for', async () => {
    const { text, code } = await run(['enrol', '--reason', 'nonsense'], result({ meant: [] }));
    expect(text).toContain('None with this reason, of 2,001:\n    2,000  since');
    expect(text).toMatch(/\nNothing was brought back\.\n$/);
    expect(code).toBe(2);
  });

  it('says that nothing was discarded where a reason is misspelt, and ends as what could not be done', async () => {
    const words = ['enrol', '--reason', 'nonsense', '--discard', '--yes'];
    const { text, code } = await run(words, result({ meant: [] }));
    expect(text).toMatch(/^None with this reason, of 2,001:\n[\s\S]+\nNothing was taken away\.\n$/);
    expect(code).toBe(2);
    const dry = await run(['enrol', '--reason', 'nonsense', '--dry-run'], result({ meant: [] }));
    expect(dry.text).not.toContain('brought back');
    expect(dry.code).toBe(2);
    expect((await run(words, result({ lies: [], meant: [] }))).code).toBe(0);
  });

  it.each([
    ['enroll', 'Did you mean "enrol"? Allowed choices are enrol, overflow'],
    ['pasages', 'Did you mean "passages"? Allowed choices are'],
    ['everything', "argument 'what'. Allowed choices are enrol"],
  ])('says of "%s" what is there', async (word, said) => {
    await expect(run([word])).rejects.toThrow(said);
  });

  it('says when there are none at all, and what it sent', async () => {
    expect((await run(['enrol'], result({ lies: [], meant: [] }))).text).toBe('No dead letters.\n');
    const { text, code } = await run(['enrol'], result({ meant: lies.slice(1), became: { sent: 1, diedAgain: 1 } }));
    expect(text).toBe(
      'Dead letters by reason, 2,000 others left out:\n        1  since 2026-03-02T09:00Z  Crash: enrol died\n1 sent again.\n1 died again, or have come meanwhile: they lie there.\n',
    );
    expect(code).toBe(1);
    expect((await run(['enrol', '--dry-run'])).text).toContain('Nothing was changed: a dry run.');
    expect(JSON.parse((await run(['enrol', '--json'])).text)).toEqual(result());
  });

  it('shows twenty reasons at most, and counts the others', async () => {
    const many = Array.from({ length: 30 }, (_, n) => pile(`bad-event: ${n}`, 100 - n));
    const { text } = await run(['enrol'], result({ lies: many, meant: many }));
    expect(text.split('\n').filter((line) => line.includes('bad-event'))).toHaveLength(20);
    expect(text).toContain('      755  for 10 further reasons (--json has all)');
  });

  it('hands over what was asked for', async () => {
    const { asked } = await run(['passages', '--journey', 'cart', '--reason', 'Type', '--limit', '5', '--dry-run']);
    expect(asked).toEqual([
      {
        what: 'passages',
        target: { stage: 'prod' },
        journey: 'cart',
        reason: 'Type',
        limit: 5,
        dryRun: true,
        discard: false,
      },
    ]);
    expect((await run(['tally', '--discard', '--yes'])).asked).toMatchObject([{ what: 'tally', discard: true }]);
  });

  it.each([
    [['--limit', '5'], /Say what is meant/],
    [['--discard', '--yes'], /Say what is meant/],
    [['enrol', '--journey', 'cart'], /goes with "tropa redrive passages" alone/],
    [['passages', '--discard', '--yes'], /customers are inside/],
    [['enrol', '--discard'], /say --yes/],
    [['enrol', '--yes'], /--discard alone/],
    [['enrol', '--reason', ''], /--reason: says nothing/],
    [['passages', '--journey', ''], /--journey: says nothing/],
  ])('refuses %j before it looks at anything', async (words, why) => {
    await expect(run(words)).rejects.toThrow(BadInput);
    await expect(run(words)).rejects.toThrow(why);
  });
});
