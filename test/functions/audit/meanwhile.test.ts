import { describe, expect, it } from 'vitest';
import { refOf } from '#shared/enrolment/hints.ts';
import { strandedOf } from '#shared/enrolment/leg.ts';
import { putTurn } from '#shared/store/enrolments.ts';
import { parkMessage, tripFlow } from '#shared/store/flow.ts';
import { noteHeard } from '#shared/store/heard.ts';
import { DUE_SHARDS } from '#shared/store/keys.ts';
import { auditContact } from '#shared/store/persons.ts';
import type { Range, Row, Table } from '#shared/store/table.ts';
import { event } from '#test/build/event.ts';
import type { HandShop } from '#test/build/hand-shop.ts';
import { interrupted } from '#test/faults/interrupted.ts';
import { auditDay, auditOnce, DAY, damage, HOUR, story } from './story.ts';

/** Begins a round, lets its day pass, and ends it with this table. */
async function endWith(shop: HandShop, tableOf: (table: Table) => Table) {
  await auditOnce(shop);
  shop.clock.pass(DAY);
  const { found, mended } = await auditOnce(shop, { table: tableOf(shop.table) });
  return { found, mended };
}

/** A table of which the first reading of these rows shows some as they were before. */
function torn(table: Table, before: (rows: Row[]) => Row[]): Table {
  let isFirst = true;
  const query = async (range: Range): Promise<Row[]> => {
    const rows = await table.query(range);
    if (!isFirst || range.from !== 'J#') return rows;
    isFirst = false;
    return before(rows);
  };
  return new Proxy(table, {
    get: (target, name) => {
      const member: unknown = name === 'query' ? query : Reflect.get(target, name, target);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}

describe('what others write while the audit reads', () => {
  it('is no finding: somebody entered between the reading of one row and of the next', async () => {
    const shop = await story();
    const asBefore = (row: Row): Row => (row.sk === 'PROFILE' ? { ...row, rev: 1, inside: {} } : row);
    const seen = await endWith(shop, (table) => torn(table, (rows) => rows.map(asBefore)));
    expect(seen).toEqual({ found: {}, mended: {} });
    // Nor where nothing is to be mended, whose conditions would tell.
    const { contact } = await shop.contact();
    const table = torn(shop.table, (rows) => rows.map(asBefore));
    expect((await auditContact(contact, { now: shop.clock.now() }, { ...shop.deps, table }))?.findings).toEqual([]);
  });

  it('is no finding: a passage that was moved between two readings was in the midst of it', async () => {
    const shop = await story();
    const asBefore = ({ due: _, duePk: __, ...row }: Row): Row => ({
      ...row,
      ...(row.sk.startsWith('J#') && { turn: 0 }),
    });
    const seen = await endWith(shop, (table) => torn(table, (rows) => rows.map(asBefore)));
    expect(seen).toEqual({ found: {}, mended: {} });
  });

  it('is not written over: what has changed since it was seen is left to the next day', async () => {
    const shop = await story();
    await damage(shop, 'J#', { remove: [['duePk'], ['due']] });
    const passage = await shop.passage();
    const hear = () =>
      shop.table.write(
        noteHeard(
          refOf(passage),
          ['!goal/0'],
          { event: 'e', at: shop.clock.now(), type: 'purchase' },
          shop.clock.now(),
        ),
      );
    const seen = await endWith(shop, (table) => interrupted(table, { methods: ['transact'] }, hear));
    expect(seen).toEqual({ found: {}, mended: {} });
    expect((await shop.passage()).seq).toBe(passage.seq + 1);
    expect((await auditDay(shop)).mended).toMatchObject({ unwatched: 1 });
  });

  it('does not keep a mail from going that an attempt has just taken', async () => {
    const shop = await story();
    await damage(shop, 'M#', { set: [[['state'], 'queued']], remove: [['duePk'], ['due']] });
    const claim = () => damage(shop, 'M#', { set: [[['state'], 'claimed']] });
    const seen = await endWith(shop, (table) => interrupted(table, { methods: ['transact'] }, claim));
    expect(seen.mended).toEqual({});
  });

  it('is no finding: a part of the mail has come to stand still since the run began, and a passage was put aside', async () => {
    const shop = await story();
    await damage(shop, 'M#', { set: [[['state'], 'queued']] });
    await auditOnce(shop);
    shop.clock.pass(DAY);
    const meanwhile = async () => {
      shop.clock.pass(1000);
      const trip = { at: shop.clock.now(), why: 'bounces', mails: 100, count: 9, limit: 4, days: 7 } as const;
      await shop.table.write(tripFlow('journey/cart', trip, undefined));
      await shop.table.write(parkMessage(await shop.message('hello'), 'breaker', { part: 'journey/cart' }));
      const passage = await shop.passage();
      await shop.table.write(putTurn(strandedOf(passage), passage, shop.clock.now()));
    };
    // All that is due is looked at, and then the first contacts.
    const table = interrupted(shop.table, { methods: ['queryIndex'], nth: DUE_SHARDS + 1 }, meanwhile);
    const { found, mended } = await auditOnce(shop, { table });
    expect({ found, mended }).toEqual({ found: { stranded: 1 }, mended: {} });
  });

  it('is no finding: a passage has begun long after whoever looks at all contacts began', async () => {
    const shop = await story();
    const began = shop.clock.now();
    shop.clock.pass(HOUR);
    await shop.enrol(event('cart.updated', { at: shop.clock.now(), identities: { email: 'ben@shop.example' } }));
    const { contact } = await shop.contact('ben@shop.example');
    expect((await auditContact(contact, { now: began }, shop))?.findings).toEqual([]);
  });
});
