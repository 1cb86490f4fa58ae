import { beforeEach, describe, expect, it } from 'vitest';
import { type StartDeps, start } from '#functions/start/start.ts';
import { catalogued } from '#shared/enrolment/catalogued.ts';
import type { Journey } from '#shared/journey/journey.ts';
import { loadCatalogue, putCatalogue, putVersion } from '#shared/store/journeys.ts';
import { Published } from '#shared/store/published.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { signStandardWebhook } from '#shared/webhook/standard-webhooks.ts';
import { event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, send, wait } from '#test/build/journey.ts';

const SECRET = `whsec_${Buffer.from('a secret of the shop, long enough').toString('base64')}`;
const FORMER = `whsec_${Buffer.from('the secret before it, as long').toString('base64')}`;

const care = journey({
  id: 'care',
  trigger: { type: 'manual', data: { ticket: 'text', stars: 'number' } },
  entry: { if: { not: { tag: 'staff' } }, again: {}, key: 'ticket' },
  steps: [wait('think')],
});
const draft = journey({ id: 'later', status: 'draft', trigger: { type: 'manual' } });
const journeys = [care, draft, journey({ id: 'cart', steps: [send('hello')] })];

let shop: HandShop;
let deps: StartDeps;
let requests = 0;

beforeEach(async () => {
  shop = await HandShop.open(journeys);
  const secrets = { get: async () => [SECRET, FORMER] };
  // Another process than enrol's.
  const published = new Published(shop.given('start').table, shop.clock);
  deps = { ...shop.given('start'), published, signers: shop.clock, secretId: 'webhook', secrets };
});

const ann = { email: 'ann@shop.example' };
const one = (given: object = {}) => ({
  ...{ journey: 'care', identities: ann, data: { ticket: 'T1', stars: 2 } },
  ...given,
});

type Given = { id?: string; request?: string; secret?: string; at?: string; headers?: object };

async function post(content: unknown, { id = 'care', request, secret = SECRET, at, headers }: Given = {}) {
  const body = typeof content === 'string' ? content : JSON.stringify(content);
  requests += 1;
  const signed = signStandardWebhook(request ?? `r${requests}`, at ?? shop.clock.now(), body, secret);
  const response = await start(
    {
      headers: { ...signed, ...headers },
      pathParameters: { id },
      requestContext: { http: { method: 'POST' } },
      body,
      isBase64Encoded: false,
    },
    deps,
  );
  return { status: response.statusCode, ...JSON.parse(response.body) };
}

async function publishToo(definition: Journey) {
  const catalogue = await loadCatalogue(shop.table);
  const live = { version: 1, status: 'live' as const, sequencer: '1', hash: 'h', ...catalogued(definition) };
  await shop.table.write(putVersion(definition, 1, { hash: 'h', sequencer: '1', at: shop.clock.now() }));
  const journeys = { ...catalogue.journeys, [definition.id]: live };
  await shop.table.write(putCatalogue({ ...catalogue, journeys }));
}

/** Brings to enrol what lies on the bus. */
async function arrive() {
  const results: string[] = [];
  for (const { detail } of shop.bus.entries.splice(0)) results.push(await shop.enrol(detail));
  return results;
}

describe('a system of the shop', () => {
  it('starts a manual journey, whose data is what it has brought', async () => {
    expect(await post(one())).toEqual({ status: 202, accepted: 1 });
    expect(await arrive()).toEqual(['recorded']);
    const passage = await shop.passage();
    expect(passage).toMatchObject({ journey: 'care', key: 'T1', trigger: { type: 'journey.requested' } });
    expect((await shop.events()).map(({ data }) => data)).toEqual([{ ticket: 'T1', stars: 2 }]);
  });

  it('may name a contact by its own id', async () => {
    await shop.enrol(event('cart.updated'));
    const { contact } = await shop.contact();
    expect(await post(one({ identities: undefined, contact }))).toEqual({ status: 202, accepted: 1 });
    await arrive();
    expect((await shop.passages()).map((passage) => passage.journey)).toEqual(['care', 'cart']);
  });

  it('starts several at once, and hears by position what is wrong with one', async () => {
    const list = [one(), one({ identities: { email: 'bob@' } }), one({ identities: { email: 'eva@shop.example' } })];
    expect(await post(list)).toEqual({
      status: 202,
      accepted: 2,
      rejected: [{ index: 1, error: 'identities.email: is no e-mail address' }],
    });
    await arrive();
    expect([await shop.passages(), await shop.passages('eva@shop.example')].flat()).toHaveLength(2);
  });

  it('is bound by the entry rules like anybody', async () => {
    await shop.enrol(event('registration', { identities: ann }));
    await post([one(), one({ data: { ticket: 'T1', stars: 5 } })]);
    expect(await arrive()).toEqual(['recorded', 'recorded']);
    expect(await shop.passages()).toHaveLength(1);
    expect(shop.metrics.counts['EntryRefused']).toBe(1);
  });

  it('may sign with the secret that is being replaced', async () => {
    expect(await post(one(), { secret: FORMER })).toMatchObject({ status: 202 });
  });

  it.each<[string, Given, number]>([
    ['another secret', { secret: `whsec_${Buffer.alloc(32).toString('base64')}` }, 401],
    ['no signature', { headers: { 'webhook-signature': undefined } }, 401],
    ['a time more than five minutes ago', { at: plusMillis('2026-03-02T09:00:00.000Z', -301_000) }, 401],
    ['a time more than five minutes ahead', { at: plusMillis('2026-03-02T09:00:00.000Z', 301_000) }, 401],
    ['the signature of another request', { headers: { 'webhook-id': 'another' } }, 401],
  ])('is refused with %s', async (_, given, status) => {
    expect(await post(one(), given)).toEqual({ status, error: expect.any(String) });
    expect(shop.bus.entries).toEqual([]);
  });

  it('starts no other journey by a request that was caught on its way', async () => {
    await publishToo(journey({ id: 'vip', trigger: { type: 'manual' } }));
    const caught = { request: 'r7', at: shop.clock.now() };
    expect(await post(one(), caught)).toMatchObject({ status: 202 });
    expect(await post(one(), { ...caught, id: 'vip' })).toMatchObject({ status: 422 });
    expect(shop.bus.entries).toHaveLength(1);
  });

  it('hears of an unsigned request nothing about journeys', async () => {
    expect(await post(one(), { id: 'no-such', secret: FORMER.toLowerCase() })).toMatchObject({ status: 401 });
  });
});

describe('a start', () => {
  it('counts once, however often its request comes', async () => {
    const list = [one({ data: { ticket: 'T1', stars: 1 } }), one({ data: { ticket: 'T2', stars: 1 } })];
    for (let i = 0; i < 3; i += 1) {
      expect(await post(list, { request: 'ticket-run-7' })).toEqual({ status: 202, accepted: 2 });
      shop.clock.pass(1000);
    }
    expect((await arrive()).sort()).toEqual([...Array(4).fill('duplicate'), 'recorded', 'recorded']);
    expect(await shop.passages()).toHaveLength(2);
  });

  it('counts beside the others that its request first brought, when only what was wrong is sent again', async () => {
    const good = one({ identities: { email: 'eva@shop.example' } });
    await post([good, one({ data: { ticket: 'T1' } })], { request: 'r' });
    expect(await post([one()], { request: 'r' })).toEqual({ status: 202, accepted: 1 });
    expect(await arrive()).toEqual(['recorded', 'recorded']);
  });

  it('with an id of its own counts once over all requests, for its journey', async () => {
    await post(one({ id: 'ticket-1' }));
    await post(one({ id: 'ticket-1', data: { ticket: 'T9', stars: 1 } }));
    expect(await arrive()).toEqual(['recorded', 'duplicate']);
  });

  it('finds a journey that has gone live after the last look at what is live', async () => {
    await post(one());
    await arrive();
    await publishToo(journey({ id: 'late', trigger: { type: 'manual' } }));
    expect(await post({ journey: 'late', identities: ann }, { id: 'late' })).toEqual({ status: 202, accepted: 1 });
    await arrive();
    expect((await shop.passages()).map((passage) => passage.journey)).toEqual(['care', 'late']);
  });

  it('lies in the overflow queue when the bus refuses it, and is not taken when that refuses it too', async () => {
    deps = { ...deps, bus: { put: () => Promise.reject(new Error('no route')) } };
    expect(await post(one())).toMatchObject({ status: 202 });
    expect(shop.overflow.bodies).toMatchObject([{ type: 'journey.requested', journey: 'care', source: 'api' }]);
    deps = { ...deps, overflow: { send: () => Promise.reject(new Error('no route')) } };
    expect(await post(one())).toMatchObject({ status: 503 });
  });
});

describe('the answer says what is wrong', () => {
  it.each<[what: string, id: string, status: number, error: string]>([
    ['an unknown journey', 'caer', 404, 'there is no journey "caer". Did you mean "care"?'],
    ['a name that every object has', 'constructor', 404, 'there is no journey "constructor".'],
    ['the one that is no name', '__proto__', 404, 'there is no journey "__proto__".'],
    [
      'a journey of events',
      'cart',
      409,
      '"cart" starts by its trigger "event"; only "manual" journeys are started here',
    ],
    ['a draft', 'later', 409, '"later" is draft: nobody enters. Set its "status" to "live"'],
  ])('with %s', async (_, id, status, error) => {
    expect(await post(one(), { id })).toEqual({ status, error });
    expect(shop.bus.entries).toEqual([]);
  });

  it.each<[what: string, body: unknown, status: number, error: string]>([
    ['no JSON', '{', 400, 'the body is not JSON'],
    ['an empty list', [], 400, 'a list has 1 to 100 contacts'],
    ['more than 100', Array.from({ length: 101 }, () => one()), 400, 'a list has 1 to 100 contacts'],
    ['more than a megabyte', 'x'.repeat(1_000_001), 413, 'at most 1000000 bytes'],
  ])('with a body of %s', async (_, body, status, error) => {
    expect(await post(body)).toEqual({ status, error: expect.stringContaining(error) });
  });

  it.each<[what: string, item: unknown, error: string]>([
    ['no journey', one({ journey: undefined }), 'journey: is missing. It is the id of the journey in the address'],
    [
      'another journey than its address',
      one({ journey: 'cart' }),
      'journey: is "cart", and the address asks for "care"',
    ],
    ['nothing', null, 'contact to start: should be an object'],
    ['nobody', one({ identities: {} }), 'contact to start: say who: either "identities"'],
    ['somebody named twice', one({ contact: 'c1' }), 'contact to start: say who: either'],
    ['a contact that nobody is', { journey: 'care', contact: 'c1', data: one().data }, 'contact: nobody has this id'],
    ['a word too many', one({ identites: ann }), 'there is no field "identites" here. Did you mean "identities"?'],
    ['a missing field', one({ data: { stars: 1 } }), 'data.ticket: is missing. It is a text in double quotes'],
    ['a field of another type', one({ data: { ticket: 'T', stars: '5' } }), 'data.stars: should be a number'],
    ['a slip', one({ data: { tiket: 'T', stars: 1 } }), 'data: the journey takes no "tiket". Did you mean "ticket"?'],
    ['a name that an object has', one({ data: { ...one().data, constructor: 1 } }), 'takes no "constructor"'],
    ['what no row holds', one({ data: { ticket: 'T', stars: 1e200 } }), 'data.stars: a number lies between'],
    ['an id with blanks', one({ id: 'a b' }), 'id: an id has printable ASCII characters only'],
  ])('with %s', async (_, item, error) => {
    const rejected = [{ index: 0, error: expect.stringContaining(error) }];
    expect(await post([item])).toEqual({ status: 422, accepted: 0, rejected });
    expect(shop.bus.entries).toEqual([]);
  });

  it.each([
    [
      'data',
      '{ "journey": "care", "contact": "c", "data": { "__proto__": {} } }',
      'data: "__proto__" cannot be a name',
    ],
    ['data, further in', '{ "journey": "care", "contact": "c", "data": { "a": [{ "__proto__": 1 }] } }', '"__proto__"'],
    ['the start', '{ "journey": "care", "contact": "c", "__proto__": {} }', 'there is no field "__proto__"'],
  ])('with a name that would be a prototype, in %s', async (_, body, error) => {
    const rejected = [{ index: 0, error: expect.stringContaining(error) }];
    expect(await post(body)).toMatchObject({ status: 422, rejected });
    expect(shop.bus.entries).toEqual([]);
  });
});
