import fc from 'fast-check';
import { expect, it } from 'vitest';
import { plusMillis } from '#shared/time/instant.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, send, wait } from '#test/build/journey.ts';
import { settings } from '#test/build/settings.ts';
import { faults, type Given, given } from './never/judge.ts';
import { Life } from './never/life.ts';

/**
 * Whatever journeys, caps, zones and quiet times there are, whoever sends at the same time, and whatever the contact, the shop and
 * the mailbox providers say meanwhile: no mail leaves against it, and none is lost. What may leave is judged by a page of its own,
 * written from the language and not from the code.
 */

const yesterday = (shop: HandShop): string => plusMillis(shop.clock.now(), -86_400_000);

async function lived(one: Given): Promise<{ faults: string[]; lost: string[] }> {
  const journeys = one.journeys.map(({ priority, topic, expires, waits, own, best }, i) =>
    journey({
      ...{ id: `j${i}`, priority, topic, caps: own },
      steps: [wait('w', waits), send('hello', { expires, ...(best && { when: 'best' }) }), send('more', { expires })],
    }),
  );
  const news = { kind: 'marketing', optIn: one.double ? 'double' : 'single' } as const;
  const topics = { offers: { kind: 'marketing' }, news } as const;
  const shop = await HandShop.open(journeys, settings({ caps: one.caps, quiet: one.quiet, topics }));
  const life = new Life(shop, one);
  await life.live();
  await life.end();
  const ends = ['sent', 'withheld', 'failed', 'unknown'] as const;
  const messages = await shop.messages();
  const lost = messages
    .filter(({ state, facts }) => state === 'done' && !ends.some((fact) => facts[fact] !== undefined))
    .map(({ id }) => id);
  // Nothing stands still any more, so what might go until then has gone, or it has been said why not.
  const waits = messages
    .filter(({ state, expiresAt }) => state === 'queued' && expiresAt !== undefined && expiresAt < yesterday(shop))
    .map(({ id, held }) => `${id} waits for ever (${held})`);
  const unnamed = messages.filter(({ facts, reason }) => facts.withheld !== undefined && reason === undefined);
  const unsaid = (await shop.passages()).flatMap(({ journey: id, state, messages: said }) =>
    state === 'finished' && !('more' in said) ? [id] : [],
  );
  return { faults: faults(life.left, one), lost: [...lost, ...waits, ...unnamed.map(({ id }) => id), ...unsaid] };
}

it('no mail leaves against consent, suppression, a cap, quiet time, a halt or a warm-up, and none is lost', async () => {
  await fc.assert(
    fc.asyncProperty(given, async (one) => {
      expect(await lived(one)).toEqual({ faults: [], lost: [] });
    }),
    // A life takes a second: it is not told again smaller.
    {
      endOnFailure: true,
      numRuns: Number(process.env['RUNS'] ?? 20),
      ...(process.env['SEED'] && { seed: Number(process.env['SEED']) }),
    },
  );
}, 600_000);
