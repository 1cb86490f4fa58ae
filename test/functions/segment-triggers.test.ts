import { describe, expect, it } from 'vitest';
import type { Condition } from '#shared/condition/condition.ts';
import { lookAt } from '#shared/enrolment/look.ts';
import type { Event } from '#shared/event/event.ts';
import { lookSoon } from '#shared/store/looks.ts';
import { loadParked } from '#shared/store/parked.ts';
import { putSegments } from '#shared/store/segments.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, tag, wait } from '#test/build/journey.ts';
import { interrupted } from '#test/faults/interrupted.ts';

type Given = Parameters<typeof journey>[0];
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const SEGMENTS: Readonly<Record<string, Condition>> = {
  vips: { tag: 'vip' },
  rich: { trait: 'points', gte: 5 },
  regulars: { event: 'purchase', gte: 2 },
  lapsed: { all: [{ event: 'purchase' }, { not: { event: 'purchase', within: 'P90D' } }] },
};

const starts = (segment: string, when: 'enters' | 'leaves', more: Given = {}) =>
  journey({ id: 'won', trigger: { type: 'segment', segment, when }, steps: [wait('w', 'P200D')], ...more });

async function open(journeys: Parameters<typeof HandShop.open>[0]): Promise<HandShop> {
  const shop = await HandShop.open(journeys);
  const stored = Object.entries(SEGMENTS).map(([id, condition]) => [
    id,
    { definition: { id, name: id, if: condition }, sequencer: '0' },
  ]);
  await shop.table.write(putSegments({ rev: 0, segments: Object.fromEntries(stored) }));
  return shop;
}

const now = (shop: HandShop, type: string, given: Partial<Event> = {}) =>
  shop.enrol(event(type, { at: shop.clock.now(), ...given }));
const won = async (shop: HandShop) => (await shop.passages()).filter((passage) => passage.journey === 'won');
const looks = async (shop: HandShop) =>
  (await shop.table.query({ pk: `C#${(await shop.contact()).contact}`, prefix: 'L#' })).map((row) => row['due']);

describe('a journey that a segment starts', () => {
  it('takes in who comes into it by an event, in the transaction of that event', async () => {
    const shop = await open([starts('regulars', 'enters')]);
    await now(shop, 'purchase');
    expect(await won(shop)).toEqual([]);
    const second = event('purchase', { at: shop.clock.now(), hops: 2 });
    await shop.enrol(second);
    await shop.enrol(second);
    expect(await won(shop)).toMatchObject([
      { n: 1, trigger: { event: second.id, type: 'segment', hops: 2, data: { segment: 'regulars' } } },
    ]);
    await now(shop, 'purchase');
    expect(await won(shop)).toHaveLength(1);
  });

  it('takes in a newcomer whose first event brings them into it, and takes nobody for one who has left', async () => {
    const shop = await open([starts('rich', 'enters'), starts('rich', 'leaves', { id: 'lost' })]);
    await now(shop, 'registration', { traits: { points: 9 } });
    expect(await shop.passages()).toMatchObject([{ journey: 'won' }]);
    await now(shop, 'page.viewed', { identities: { email: 'bob@shop.example' } });
    expect(await shop.passages('bob@shop.example')).toEqual([]);
  });

  it('takes in who comes into it by a step of another journey, within a minute', async () => {
    const marks = journey({ id: 'marks', trigger: { type: 'event', event: 'page.viewed' }, steps: [tag('vip')] });
    const shop = await open([starts('vips', 'enters'), marks]);
    await now(shop, 'page.viewed');
    await shop.leg().run();
    expect(await won(shop)).toEqual([]);
    await shop.review();
    expect(await won(shop)).toMatchObject([{ state: 'inside', trigger: { type: 'segment' } }]);
    expect(await looks(shop)).toEqual([]);
    await shop.review();
    expect(await won(shop)).toHaveLength(1);
  });

  it('takes in who comes into it by time alone, 90 days after the last purchase', async () => {
    const shop = await open([starts('lapsed', 'enters')]);
    await now(shop, 'purchase');
    shop.clock.pass(10 * DAY);
    await now(shop, 'purchase');
    const due = plusMillis(shop.clock.now(), 90 * DAY - HOUR);
    while (shop.clock.now() < plusMillis(due, -HOUR)) {
      shop.clock.pass(HOUR);
      await shop.review();
    }
    expect(await won(shop)).toEqual([]);
    expect(await looks(shop)).toEqual([due]);
    shop.clock.pass(HOUR);
    await shop.review();
    expect(await won(shop)).toMatchObject([{ state: 'inside' }]);
    expect(await looks(shop)).toEqual([]);
  });

  it('takes in who leaves it, and again only where it says so', async () => {
    const shop = await open([starts('rich', 'leaves', { entry: { again: {} }, steps: [] })]);
    const points = async (count: number) => {
      shop.clock.pass(HOUR);
      await now(shop, 'registration', { traits: { points: count } });
    };
    await points(9);
    expect(await won(shop)).toEqual([]);
    await points(1);
    expect(await won(shop)).toHaveLength(1);
    await shop.leg().run();
    await points(9);
    await points(1);
    expect(await won(shop)).toHaveLength(2);
  });

  it('is not started by what is old, which moves the contact all the same', async () => {
    const shop = await open([starts('regulars', 'enters')]);
    await now(shop, 'purchase');
    await now(shop, 'purchase', { at: plusMillis(shop.clock.now(), -3 * DAY) });
    expect(await won(shop)).toEqual([]);
    expect((await shop.contact()).segments).toMatchObject({ won: { in: true } });
    await now(shop, 'purchase');
    expect(await won(shop)).toEqual([]);
  });

  it('asks its entry rule and its goal at that moment', async () => {
    const shop = await open([
      starts('regulars', 'enters', { entry: { if: { tag: 'vip' } } }),
      starts('regulars', 'enters', { id: 'other', goal: { if: { event: 'purchase' } } }),
    ]);
    await now(shop, 'purchase');
    shop.clock.pass(HOUR);
    await now(shop, 'purchase');
    expect((await shop.passages()).map((passage) => passage.journey)).toEqual(['other']);
    await shop.leg().run();
    await now(shop, 'purchase', { at: plusMillis(shop.clock.now(), 1) });
    expect(await shop.passage()).toMatchObject({ heard: { '!goal/0': { n: 1 } } });
  });

  it('loses nobody where an update step and a look meet', async () => {
    const marks = journey({ id: 'marks', trigger: { type: 'event', event: 'page.viewed' }, steps: [tag('vip')] });
    const shop = await open([starts('vips', 'enters'), marks]);
    await now(shop, 'page.viewed');
    const { contact } = await shop.contact();
    await shop.table.write(lookSoon(contact, shop.clock.now()));
    const table = interrupted(shop.table, { methods: ['transact'], nth: 1 }, async () => {
      await shop.leg().run();
    });
    Object.assign(shop.deps, { table });
    await shop.review();
    Object.assign(shop.deps, { table: shop.table });
    await shop.review();
    expect(await won(shop)).toHaveLength(1);
  });

  it('keeps a look that somebody asks for while another is taken', async () => {
    const shop = await open([starts('vips', 'enters')]);
    await now(shop, 'page.viewed');
    const { contact } = await shop.contact();
    const ask = () => shop.table.write(lookSoon(contact, shop.clock.now()));
    await ask();
    let tries = 0;
    const counted = interrupted(shop.table, { methods: ['transact'], nth: 'each' }, () => {
      tries += 1;
      return tries === 1 ? ask() : undefined;
    });
    await lookAt(contact, { ...shop.deps, table: counted });
    // The first was decided without what the second one knows.
    expect(tries).toBe(2);
    expect(await looks(shop)).toEqual([]);
  });

  it('costs a contact with many events no more calls than one with few', async () => {
    const calls = async (count: number) => {
      const shop = await open([starts('lapsed', 'enters')]);
      for (let n = 0; n < count; n += 1) {
        shop.clock.pass(1000);
        await now(shop, 'purchase');
      }
      let called = 0;
      const table = new Proxy(shop.table, {
        get: (target, name) => {
          const member: unknown = Reflect.get(target, name, target);
          if (typeof member !== 'function') return member;
          return (...given: unknown[]) => {
            called += 1;
            return member.apply(target, given);
          };
        },
      });
      await shop.enrol(event('purchase', { at: shop.clock.now() }), { table });
      return called;
    };
    expect(await calls(500)).toBe(await calls(5));
  });
});

describe('journeys that move one another’s segments in turns', () => {
  const untag = { type: 'update', id: 'untag', untag: ['vip'] };
  const again = { entry: { again: {} } };

  it('come to an end, and what they would have started next is put aside', async () => {
    const shop = await open([
      starts('vips', 'enters', { id: 'in', steps: [untag], ...again }),
      starts('vips', 'leaves', { id: 'out', steps: [tag('vip')], ...again }),
      journey({ steps: [tag('vip')] }),
    ]);
    await now(shop, 'cart.updated');
    const ran = new Set<string>();
    for (let minute = 0; minute < 20; minute += 1) {
      for (const leg of shop.legs().filter(({ name }) => !ran.has(name))) {
        ran.add(leg.name);
        await leg.run();
      }
      shop.clock.pass(60_000);
      await shop.review();
    }
    expect(ran.size).toBe(6);
    const parked = await loadParked(shop.table, 'too-many-hops');
    expect(parked).toMatchObject([{ reason: 'too-many-hops', event: { data: { segments: ['vips'] }, hops: 6 } }]);
  });
});
