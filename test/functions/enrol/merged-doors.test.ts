import { describe, expect, it } from 'vitest';
import type { Enrolment } from '#shared/enrolment/enrolment.ts';
import { legInputSchema } from '#shared/enrolment/enrolment.ts';
import type { Event } from '#shared/event/event.ts';
import { loadCounted } from '#shared/store/caps.ts';
import { loadEnrolments } from '#shared/store/enrolments.ts';
import { loadProfile } from '#shared/store/profiles.ts';
import { consent, event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, send, tag, wait, waitFor } from '#test/build/journey.ts';
import { settings } from '#test/build/settings.ts';

const HOUR = 3_600_000;
const VISITOR = { anonymousId: 'browser' };
const GUEST = { email: 'ann@shop.example' };
const BOTH = { ...VISITOR, ...GUEST };
const YES = [consent('offers', '2026-03-01T00:00:00.000Z')];

const says = (shop: HandShop, type: string, identities: Event['identities'], more: Partial<Event> = {}) =>
  shop.enrol(event(type, { at: shop.clock.now(), identities, ...more }));

/** All passages of the shop, in the order in which they were begun. */
async function passages(shop: HandShop): Promise<Enrolment[]> {
  const refs = shop.executions.started.map(({ input }) => legInputSchema.parse(input));
  return loadEnrolments(shop.table, refs);
}

const outcomes = async (shop: HandShop) => (await passages(shop)).map(({ state, outcome }) => outcome ?? state);

describe('doors of two who are one', () => {
  it.each([
    [1, 1],
    [2, 2],
    [3, 2],
  ])('count their entries together: at most %i, %i did', async (atMost, entries) => {
    const often = journey({ entry: { again: { atMost } }, steps: [tag('end')] });
    const shop = await HandShop.open([often]);
    await says(shop, 'cart.updated', VISITOR);
    await shop.leg().run();
    await says(shop, 'cart.updated', GUEST);
    await shop.leg().run();
    await says(shop, 'login', BOTH);
    await says(shop, 'cart.updated', BOTH);
    expect(shop.executions.started).toHaveLength(atMost === 1 ? 2 : Math.max(entries, atMost));
    if (atMost < 3) return;
    await shop.leg().run();
    expect(new Set(shop.executions.started.map(({ name }) => name)).size).toBe(3);
    await says(shop, 'cart.updated', GUEST);
    expect(shop.executions.started).toHaveLength(3);
  });

  it.each([
    [30, 1, 0],
    [35, 0, 1],
  ])('of %i journeys that both are inside of: merged %i, refused %i', async (n, merged, refused) => {
    const keyed = journey({ topic: 'orders', entry: { key: 'cart' }, steps: [wait('rest', 'P9D')] });
    const shop = await HandShop.open([keyed]);
    for (const who of [GUEST, VISITOR])
      for (let i = 0; i < n; i += 1) await says(shop, 'cart.updated', who, { data: { cart: i } });
    await says(shop, 'login', BOTH);
    const { ContactsMerged = 0, MergeRefused = 0 } = shop.metrics.counts;
    expect([ContactsMerged, MergeRefused]).toEqual([merged, refused]);
    expect(Object.keys((await shop.contact()).inside)).toHaveLength(n);
    expect((await outcomes(shop)).filter((outcome) => outcome === 'merged')).toHaveLength(merged * n);
    expect((await shop.contact()).last['login']).toBeDefined();
  });

  it('end their quiet times once, with the newest match', async () => {
    const quiet = journey({
      trigger: { type: 'event', event: 'cart.updated', quietFor: 'PT1H' },
      steps: [{ type: 'update', id: 'u', set: { 'cart.last': { trigger: 'n' } } }],
    });
    const shop = await HandShop.open([quiet]);
    await says(shop, 'cart.updated', GUEST, { data: { n: 1 } });
    shop.clock.pass(HOUR / 2);
    await says(shop, 'cart.updated', VISITOR, { data: { n: 2 } });
    await says(shop, 'login', BOTH);
    for (let i = 0; i < 8; i += 1) {
      shop.clock.pass(HOUR / 4);
      await shop.review();
      if (i < 3) expect(shop.executions.started).toEqual([]);
    }
    expect(shop.executions.started).toHaveLength(1);
    await shop.leg().run();
    expect((await shop.contact()).traits['cart.last']).toBe(2);
  });
});

describe('what two who are one have been sent', () => {
  const mails = (id: string, on: string) =>
    journey({
      id,
      trigger: { type: 'event', event: on },
      entry: { if: { consent: 'offers' } },
      steps: [send('hello', { expires: 'PT1H' })],
    });

  it('is counted together by caps', async () => {
    const shop = await HandShop.open(
      [mails('a', 'a'), mails('b', 'b')],
      settings({ caps: [{ count: 1, per: 'P1D' }] }),
    );
    const [older, younger] = [{ externalId: '1' }, { ...VISITOR, email: 'old@shop.example' }];
    await says(shop, 'page.viewed', older);
    shop.clock.pass(1000);
    await says(shop, 'a', younger, { consents: YES });
    await shop.leg().run();
    await shop.send();
    await says(shop, 'login', { ...older, ...younger });
    await says(shop, 'b', older);
    await shop.leg().run();
    await shop.send();
    expect(shop.mailer.mails).toHaveLength(1);
  });

  it('is counted together also when a passage of the contact that is gone has said it', async () => {
    const later = journey({ ...mails('a', 'a'), steps: [waitFor('go', { event: 'go' }, { then: [send('hello')] })] });
    const shop = await HandShop.open([later, mails('b', 'b')], settings({ caps: [{ count: 1, per: 'P1D' }] }));
    await says(shop, 'page.viewed', { externalId: '1' });
    shop.clock.pass(1000);
    await says(shop, 'a', GUEST, { consents: YES });
    const leg = shop.leg();
    await leg.run();
    await says(shop, 'login', { externalId: '1', ...GUEST });
    await says(shop, 'go', GUEST);
    await leg.run();
    await shop.send();
    await says(shop, 'b', GUEST);
    await shop.leg().run();
    await shop.send();
    expect(shop.mailer.mails.map(({ tags }) => tags['journey'])).toEqual(['a']);
  });

  it('is known to conditions, and what comes back of it reaches them', async () => {
    const asks = journey({
      id: 'asks',
      trigger: { type: 'event', event: 'asks' },
      entry: { if: { message: 'cart/hello', is: 'clicked' } },
      steps: [tag('end')],
    });
    const shop = await HandShop.open([journey({ entry: { if: { consent: 'offers' } }, steps: [send('hello')] }), asks]);
    await says(shop, 'page.viewed', { externalId: '1' });
    shop.clock.pass(1000);
    await says(shop, 'cart.updated', GUEST, { consents: YES });
    await shop.leg().run();
    await shop.send();
    const [mail] = shop.mailer.mails;
    const gone = mail?.tags['contact'] ?? '';
    await says(shop, 'login', { externalId: '1', ...GUEST });
    expect((await loadProfile(shop.table, gone))?.contact).not.toBe(gone);
    const sesOf = (eventType: string, more: object) => ({
      eventType,
      mail: {
        timestamp: shop.clock.now(),
        messageId: 'ses-1',
        destination: [mail?.to ?? ''],
        tags: { contact: [gone], message: [mail?.tags['message'] ?? ''] },
      },
      ...more,
    });
    await shop.track(sesOf('Click', { click: { timestamp: shop.clock.now() } }));
    await says(shop, 'asks', { externalId: '1' });
    expect(await outcomes(shop)).toEqual(['finished', 'inside']);
    await shop.track(sesOf('Complaint', { complaint: { timestamp: shop.clock.now() } }));
    const withdrawn: unknown[] = shop.bus.entries.map(({ detail }) => detail);
    await shop.enrol(withdrawn.at(-1));
    expect((await shop.contact()).consents['email']?.['marketing']?.state).toBe('denied');
    expect((await loadCounted(shop.table, gone)).sent).toEqual([]);
  });
});
