import { describe, expect, it } from 'vitest';
import type { Event } from '#shared/event/event.ts';
import type { Table } from '#shared/store/table.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { contactOf } from '#test/build/contact-of.ts';
import { consent, event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, send } from '#test/build/journey.ts';
import { settings } from '#test/build/settings.ts';
import { interrupted } from '#test/faults/interrupted.ts';
import { FaultyTable } from '#test/faults/table.ts';

const DAY = 86_400_000;
const SHOP = settings({
  topics: {
    news: { kind: 'marketing', optIn: 'double' },
    tips: { kind: 'marketing', optIn: 'double' },
    account: { kind: 'transactional' },
  },
});
const ask = journey({
  id: 'confirm',
  topic: 'account',
  trigger: { type: 'event', event: 'consent.pending' },
  steps: [send('ask')],
});

/** A shop where topics ask for double opt-in, and what was put on the bus to ask for it. */
async function open() {
  const shop = await HandShop.open([ask], SHOP);
  const signUp = async (customer: string, given: Partial<Event> = {}, topic = 'news') => {
    const at = shop.clock.now();
    const identities = { externalId: customer, email: 'victim@mail.example' };
    await shop.enrol(event('newsletter.joined', { at, identities, consents: [consent(topic, at)], ...given }));
  };
  const asked = () =>
    shop.bus.entries
      .splice(0)
      .filter(({ detailType }) => detailType === 'consent.pending')
      .flatMap(({ detail }) => ('data' in detail ? [(detail.data as { topics: string[] }).topics.join()] : []));
  return { shop, signUp, asked };
}

describe('the mail that asks for a confirmation', () => {
  it('goes to one address once in seven days, however many customers have it', async () => {
    const { shop, signUp, asked } = await open();
    for (let n = 0; n < 10; n += 1) await signUp(`customer-${n}`);
    expect(asked()).toEqual(['news']);
    // Another topic is another question, and is asked once, too.
    for (let n = 0; n < 3; n += 1) await signUp(`customer-${n}`, {}, 'tips');
    expect(asked()).toEqual(['tips']);
    shop.clock.pass(7 * DAY);
    for (let n = 0; n < 3; n += 1) await signUp(`customer-${n}`);
    expect(asked()).toEqual(['news']);
  });

  it('goes to it once, too, where the yes comes after the address was known, and by any spelling', async () => {
    const { shop, signUp, asked } = await open();
    for (let n = 0; n < 4; n += 1) {
      const externalId = `customer-${n}`;
      const email = n % 2 === 0 ? 'Victim@Mail.Example' : 'victim@mail.example';
      await shop.enrol(event('registration', { at: shop.clock.now(), identities: { externalId, email } }));
      shop.clock.pass(1000);
      await signUp(externalId, { identities: { externalId } });
    }
    expect(asked()).toEqual(['news']);
  });

  it('goes to each of two addresses', async () => {
    const { signUp, asked } = await open();
    await signUp('a');
    await signUp('b', { identities: { externalId: 'b', email: 'other@mail.example' } });
    expect(asked()).toEqual(['news', 'news']);
  });

  it('is not lost to who was asked for nothing: their yes waits, and is asked for once there may be a mail', async () => {
    const { shop, signUp, asked } = await open();
    await signUp('a');
    shop.clock.pass(4 * DAY);
    await signUp('b');
    expect(asked()).toEqual(['news']);
    shop.clock.pass(3 * DAY);
    await signUp('b');
    expect(asked()).toEqual(['news']);
  });

  it('is not held up by a yes that comes days late, which no journey begins with', async () => {
    const { shop, signUp, asked } = await open();
    const late = plusMillis(shop.clock.now(), -2 * DAY);
    await signUp('a', { at: late, consents: [consent('news', late)] });
    expect(asked()).toEqual([]);
    await signUp('b');
    expect(asked()).toEqual(['news']);
    await signUp('a');
    expect(asked()).toEqual([]);
  });

  it('costs the contact none of the identities that the same event names for the first time', async () => {
    const { shop, signUp, asked } = await open();
    const identities = { externalId: 'a', email: 'victim@mail.example', phone: '+4812345' };
    await signUp('a', { identities });
    expect(asked()).toEqual(['news']);
    const { contact } = await shop.contact('victim@mail.example');
    for (const one of [{ externalId: 'a' }, { phone: '+4812345' }])
      expect((await contactOf(shop, one)).contact).toBe(contact);
  });

  it('goes once where two sign up in the same moment with an address that nobody has yet', async () => {
    const { shop, asked } = await open();
    const now = shop.clock.now();
    const by = (type: string) =>
      event(type, { at: now, identities: { email: 'victim@mail.example' }, consents: [consent('news', now)] });
    const table = interrupted<Table>(shop.table, { methods: ['transact'] }, () => shop.enrol(by('newsletter.joined')));
    await shop.enrol(by('newsletter.joined'), { table });
    expect(asked()).toEqual(['news']);
    expect(await shop.events('victim@mail.example')).toHaveLength(2);
  });

  it('goes once where two sign up in the same moment', async () => {
    const { shop, signUp, asked } = await open();
    const now = shop.clock.now();
    let isFirst = true;
    // Another comes between the reading and the writing of the first.
    const other = () => signUp('b');
    const table = new FaultyTable(shop.table, () => undefined);
    const transact = table.transact.bind(table);
    table.transact = async (writes) => {
      if (isFirst) {
        isFirst = false;
        await other();
      }
      return transact(writes);
    };
    const identities = { externalId: 'a', email: 'victim@mail.example' };
    await shop.enrol(event('registration', { at: now, identities: { externalId: 'c', email: 'victim@mail.example' } }));
    await shop.enrol(event('newsletter.joined', { at: now, identities, consents: [consent('news', now)] }), { table });
    expect(asked()).toEqual(['news']);
  });
});
