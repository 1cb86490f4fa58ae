import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { prepareFrom } from '#apps/cli/backtest/prepare-from.ts';
import { contactsIn, headOf } from '#apps/cli/backtest/prepared.ts';
import { contactId } from '#shared/enrolment/ids.ts';
import type { Event } from '#shared/event/event.ts';
import { folderWith } from '#test/apps/cli/replay/staged.ts';

const silent = { show: () => {}, stop: () => {} };

const posted = (id: string, day: number, identities: object, more: object = {}): string =>
  JSON.stringify({ id, type: 'page.viewed', at: `2026-03-${10 + day}T09:00:00Z`, identities, ...more });

async function prepared(lines: readonly string[]) {
  const folder = folderWith({ 'events.jsonl': lines.join('\n') });
  const to = join(folder, 'prepared.jsonl');
  const files = [join(folder, 'events.jsonl')];
  const rejectedFile = join(folder, 'rejected.jsonl');
  const head = await prepareFrom({ source: 'events', files, to, topics: ['news'], rejectedFile }, silent);
  return { head, to };
}

async function read(file: string): Promise<Event[][]> {
  const contacts: Event[][] = [];
  for await (const events of contactsIn(file)) contacts.push([...events]);
  return contacts;
}

const ids = (contacts: readonly Event[][]) => contacts.map((events) => events.map(({ id }) => id));

describe('a prepared event file', () => {
  it('has the events of each contact together, in order of time, whatever order they came in', async () => {
    const [ann, bob] = [{ email: 'ann@shop.example' }, { email: 'bob@shop.example' }];
    const { head, to } = await prepared([posted('a2', 5, ann), posted('b1', 3, bob), posted('a1', 1, ann)]);
    expect(ids(await read(to))).toEqual([['a1', 'a2'], ['b1']]);
    expect(head).toMatchObject({ events: 3, contacts: 2, topics: [], rows: { read: 3, used: 3 } });
    expect(await headOf(to)).toEqual(head);
  });

  it('gives contacts the names that they have in a shop', async () => {
    const { to } = await prepared([
      posted('a2', 5, { phone: '+48123456789' }),
      posted('a1', 1, { phone: '+48123456789' }),
    ]);
    expect((await read(to))[0]?.map(({ contact }) => contact)).toEqual([contactId('a1'), contactId('a1')]);
  });

  it('knows a visitor again who leaves an address, and tells apart whom a stronger name tells apart', async () => {
    const { to } = await prepared([
      posted('visit', 1, { anonymousId: 'x' }),
      posted('login', 2, { anonymousId: 'x', email: 'ann@shop.example' }, { type: 'login' }),
      posted('order', 3, { email: 'ANN@shop.example', externalId: '7' }),
      posted('family', 4, { email: 'ann@shop.example', externalId: '8' }),
    ]);
    expect(ids(await read(to))).toEqual([['visit', 'login', 'order'], ['family']]);
  });

  it('gives one contact the events of all whom a later one tells to be the same', async () => {
    const { head, to } = await prepared([
      posted('visit', 1, { anonymousId: 'x' }),
      posted('guest', 2, { email: 'ann@shop.example' }),
      posted('other', 3, { email: 'bob@shop.example' }),
      posted('again', 4, { anonymousId: 'x' }),
      posted('signs', 5, { externalId: '7' }),
      posted('orders', 6, { email: 'ann@shop.example', externalId: '7' }),
      posted('logs-in', 7, { anonymousId: 'x', externalId: '7' }),
      posted('once-more', 8, { email: 'ann@shop.example' }),
    ]);
    const contacts = await read(to);
    expect(ids(contacts)).toEqual([['visit', 'guest', 'again', 'signs', 'orders', 'logs-in', 'once-more'], ['other']]);
    expect(new Set(contacts[0]?.map(({ contact }) => contact))).toEqual(new Set([contactId('visit')]));
    expect(head).toMatchObject({ events: 8, contacts: 2 });
  });

  it('puts lines aside that are no events', async () => {
    const { head } = await prepared([posted('a', 1, { email: 'no address' }), 'what', posted('b', 1, { device: 'd' })]);
    expect(head.rows).toEqual({ read: 3, used: 1, rejected: { 'bad-event': 1, 'not-json': 1 } });
  });

  it('is refused when it breaks off, has a line of something else, or is of another version', async () => {
    const { to } = await prepared([posted('a', 1, { device: 'd' }), posted('b', 2, { device: 'd' })]);
    const [head = '', first = ''] = readFileSync(to, 'utf8').split('\n');
    writeFileSync(to, `${head}\n${first}\n`);
    await expect(read(to)).rejects.toThrow('has 1 events, not 2');
    writeFileSync(to, `${head}\n${first}\n{"id":1}\n`);
    await expect(read(to)).rejects.toThrow('Line 3 of "prepared.jsonl" is no event of a contact');
    writeFileSync(to, `${head.replace('"version":1', '"version":9')}\n`);
    await expect(headOf(to)).rejects.toThrow('Prepare it again');
  });
});
