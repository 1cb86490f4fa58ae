import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Mail } from '#shared/ports.ts';
import type { Write } from '#shared/store/table.ts';
import { type Effect, Mortals } from '#test/faults/mortal.ts';
import { type Story, tell } from './story.ts';

type Death = { readonly at: number; readonly when: 'before' | 'after' };

const dying = (...deaths: readonly Death[]) => new Mortals((effect) => deaths.find(({ at }) => at === effect)?.when);

const isClaim = ({ call, given }: Effect): boolean =>
  call === 'table.transact' &&
  (given[0] as readonly Write[]).some(
    (write) =>
      write.kind === 'update' && write.change.set?.some(([path, to]) => path[0] === 'state' && to === 'claimed'),
  );

/** From the claim on until SES has answered nobody knows whether the mail went. */
function mailCutOff(effects: readonly Effect[], { at, when }: Death): Mail | undefined {
  const effect = effects[at];
  const handedOver = effect && isClaim(effect) && when === 'after' ? effects[at + 1] : effect;
  const isInside = effect && (isClaim(effect) ? when === 'after' : when === 'before');
  return handedOver?.call === 'mailer.send' && isInside ? (handedOver.given[0] as Mail) : undefined;
}

/** The rows of everybody but the contact of this mail. */
const others = (story: Story, mail: Mail) =>
  Object.fromEntries(Object.entries(story.rows).filter(([name]) => !name.startsWith(`C#${mail.tags['contact']}`)));

const stillInside = (story: Story) =>
  Object.entries(story.rows).filter(([name, row]) => name.includes(' J#') && row.state === 'inside');

/** Queues and the state machine call again within minutes, review within a quarter of an hour. A wake that was lost is hours late. */
const LATE = 30;

function expectSame(story: Story, said: string, late = LATE): void {
  const { ended, ...rest } = story;
  const { ended: then, ...expected } = undisturbed;
  expect(rest, said).toEqual(expected);
  for (const [passage, minute] of Object.entries(then)) {
    expect(ended[passage], `${said}: ${passage}`).toBeGreaterThan(minute - 1);
    expect(ended[passage], `${said}: ${passage}`).toBeLessThan(minute + late);
  }
}

let undisturbed: Story;
let effects: readonly Effect[];
let deaths: Death[];

beforeAll(async () => {
  const mortals = new Mortals();
  undisturbed = await tell(mortals);
  effects = mortals.effects;
  deaths = effects.flatMap((_, at): Death[] => [
    { at, when: 'before' },
    { at, when: 'after' },
  ]);
});

const name = ({ at, when }: Death) => `${when} effect ${at}, ${effects[at]?.by} ${effects[at]?.call}`;

describe('the story, told without a crash', () => {
  it('is the same each time', async () => {
    expect(await tell()).toEqual(undisturbed);
  });

  it('goes through every function and every kind of effect', () => {
    expect(new Set(effects.map(({ by }) => by))).toEqual(
      new Set(['enrol', 'advance', 'pause', 'send', 'track', 'review']),
    );
    expect(new Set(effects.map(({ call }) => call))).toEqual(
      new Set([
        'table.write',
        'table.transact',
        'executions.start',
        'executions.succeed',
        'executions.fail',
        'marketing.send',
        'transactional.send',
        'mailer.send',
      ]),
    );
    expect(stillInside(undisturbed)).toEqual([]);
    expect(undisturbed.rows).toMatchObject({ entries: [1, 1, 1] });
    expect(Object.values(undisturbed.rows).filter((row) => row.mergedInto !== undefined)).toHaveLength(1);
    expect(Object.values(undisturbed.mails)).toEqual(Array.from({ length: 10 }, () => 1));
  });
});

describe('a crash before and after each write of enrol, advance, pause and send', () => {
  it('loses nothing and doubles no mail', async () => {
    for (const death of deaths) {
      if (
        mailCutOff(effects, death)?.tags['journey'] !== undefined &&
        mailCutOff(effects, death)?.tags['journey'] !== 'order'
      )
        continue;
      const mortals = dying(death);
      const story = await tell(mortals);
      expect(mortals.deaths, name(death)).toBe(1);
      expectSame(story, name(death));
    }
  });

  it('leaves a marketing mail that was cut off inside the SES call unknown, and doubles none', async () => {
    const cut = deaths.filter((death) => (mailCutOff(effects, death)?.tags['journey'] ?? 'order') !== 'order');
    // Nine marketing mails, each cut off after its claim and before its answer.
    expect(cut).toHaveLength(18);
    for (const death of cut) {
      const mail = mailCutOff(effects, death);
      const story = await tell(dying(death));
      if (!mail) throw new Error('no mail');
      expect(story.unknown, name(death)).toEqual([mail.tags['step']]);
      expect(story.mails[`${mail.to} ${mail.tags['step']}`], name(death)).toBeUndefined();
      expect(Math.max(...Object.values(story.mails)), name(death)).toBe(1);
      expect(others(story, mail), name(death)).toEqual(others(undisturbed, mail));
      expect(stillInside(story), name(death)).toEqual([]);
    }
  });

  it('twice, at any two of them, doubles no mail and leaves nobody behind', async () => {
    const any = fc.nat({ max: 2 * effects.length - 1 });
    await fc.assert(
      fc.asyncProperty(any, fc.integer({ min: 1, max: 12 }), fc.boolean(), async (first, later, after) => {
        const one = deaths[first];
        if (!one) return;
        // The second comes soon after the first: while it is being made good.
        const two: Death = { at: one.at + later, when: after ? 'after' : 'before' };
        const mortals = dying(one, two);
        const story = await tell(mortals);
        expect(Math.max(...Object.values(story.mails))).toBe(1);
        expect(stillInside(story)).toEqual([]);
        if (story.unknown.length === 0) expectSame(story, `${name(one)}, then ${name(two)}`, 2 * LATE);
      }),
      { numRuns: 60, seed: 7 },
    );
  });
});
