import { beforeEach, describe, expect, it } from 'vitest';
import { type IngestDeps, ingest } from '#functions/ingest/ingest.ts';
import { NoSecret } from '#shared/errors.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { signStandardWebhook } from '#shared/webhook/standard-webhooks.ts';
import { consent } from '#test/build/event.ts';
import { CollectingBus, CollectingQueue, CountingMetrics, quiet } from '#test/build/ports.ts';
import { StillClock } from '#test/build/table.ts';
import { drained } from '#test/functions/ingest/drained.ts';

const SECRET = `whsec_${Buffer.from('a secret of the shop, long enough').toString('base64')}`;
const FORMER = `whsec_${Buffer.from('the secret before it, as long').toString('base64')}`;

let clock: StillClock;
let bus: CollectingBus;
let overflow: CollectingQueue;
let deps: IngestDeps;

beforeEach(() => {
  clock = new StillClock();
  bus = new CollectingBus();
  overflow = new CollectingQueue();
  const secrets = { get: async () => [SECRET, FORMER] };
  deps = {
    clock,
    bus,
    overflow,
    secrets,
    secretId: 'webhook',
    sourceSecrets: 'source-',
    log: quiet,
    metrics: new CountingMetrics(),
  };
});

const posted = (given: object = {}) => ({
  id: 'e1',
  type: 'purchase',
  at: '2026-03-02T09:59:00+01:00',
  identities: { email: 'ann@shop.example' },
  data: { total: 40 },
  ...given,
});

type Given = { secret?: string; at?: string; source?: string; headers?: object; encoded?: boolean };

async function post(
  content: unknown,
  { secret = SECRET, at, source = 'generic', headers, encoded = false }: Given = {},
) {
  const body = typeof content === 'string' ? content : JSON.stringify(content);
  const response = await ingest(
    {
      headers: { ...signStandardWebhook('m1', at ?? clock.now(), body, secret), ...headers },
      pathParameters: { source },
      requestContext: { http: { method: 'POST' } },
      body: encoded ? Buffer.from(body).toString('base64') : body,
      isBase64Encoded: encoded,
    },
    deps,
  );
  return { status: response.statusCode, ...JSON.parse(response.body) };
}

const nested = (levels: number): object => (levels === 1 ? { n: 1 } : { a: nested(levels - 1) });
const late = { ...consent('offers', '9999-12-31T23:30:00-01:00') };

const onBus = () => bus.entries.map(({ detail }) => detail);

describe('a storefront', () => {
  it.each(['message.clicked', 'subscribed', 'tag.added', 'trait.changed', 'journey.left'])(
    'cannot say what only Tropa says: %s',
    async (type) => {
      const error = `type: "${type}" is a word of Tropa's own, which says so itself`;
      expect(await post(posted({ type }))).toEqual({ status: 400, accepted: 0, rejected: [{ index: 0, error }] });
      expect(onBus()).toEqual([]);
    },
  );

  it('posts one event, which lies on the bus when it is answered', async () => {
    expect(await post(posted())).toEqual({ status: 202, accepted: 1 });
    expect(bus.entries).toEqual([
      {
        source: 'tropa',
        detailType: 'purchase',
        detail: { ...posted(), at: '2026-03-02T08:59:00.000Z', source: 'generic' },
      },
    ]);
  });

  it.each([
    ['a list', (events: object[]) => events],
    ['an object', (events: object[]) => ({ events })],
  ])('posts many at once, in %s, and hears by position what is wrong with some', async (_, wrapped) => {
    const events = [
      posted(),
      posted({ id: 'e2', type: 'NO TYPE' }),
      posted({ id: 'e3' }),
      posted({ id: 'e4', who: 1 }),
    ];
    expect(await post(wrapped(events))).toEqual({
      status: 202,
      accepted: 2,
      rejected: [
        { index: 1, error: expect.stringMatching(/^type: /) },
        { index: 3, error: expect.stringMatching(/who/) },
      ],
    });
    expect(onBus().map((detail) => Reflect.get(detail, 'id'))).toEqual(['e1', 'e3']);
  });

  it('of which the shop has no secret is refused, however it signs', async () => {
    deps = { ...deps, secrets: { get: () => Promise.reject(new NoSecret('none')) } };
    expect(await post(posted())).toMatchObject({ status: 401 });
    expect(bus.entries).toEqual([]);
  });

  it('that signs nothing causes no look at the secret', async () => {
    deps = { ...deps, secrets: { get: () => Promise.reject(new Error('asked')) } };
    expect(await post(posted(), { headers: { 'webhook-signature': undefined } })).toMatchObject({ status: 401 });
  });

  it('may have its body wrapped in base64 on the way', async () => {
    expect(await post(posted(), { encoded: true })).toMatchObject({ status: 202 });
  });

  it('may sign with the secret that is being replaced', async () => {
    expect(await post(posted(), { secret: FORMER })).toMatchObject({ status: 202 });
  });

  it.each<[string, Given]>([
    ['another secret', { secret: `whsec_${Buffer.from('made up').toString('base64')}` }],
    ['no signature', { headers: { 'webhook-signature': undefined } }],
    ['a signature of another kind', { headers: { 'webhook-signature': 'v1a,abc' } }],
    ['a time that is no number', { headers: { 'webhook-timestamp': 'noon' } }],
    ['another id than was signed', { headers: { 'webhook-id': 'm2' } }],
    ['a time more than five minutes ago', { at: plusMillis('2026-03-02T09:00:00.000Z', -301_000) }],
    ['a time more than five minutes ahead', { at: plusMillis('2026-03-02T09:00:00.000Z', 301_000) }],
  ])('is refused with %s', async (_, given) => {
    expect(await post(posted(), given)).toMatchObject({ status: 401 });
    expect(bus.entries).toEqual([]);
  });

  it.each([
    ['nothing', ''],
    ['no bytes', 'whsec_'],
    ['a word', 'whsec_secret'],
    ['23 bytes', `whsec_${Buffer.alloc(23).toString('base64')}`],
  ])('is asked to come again while the secret is %s, though it signs with that', async (_, secret) => {
    deps = { ...deps, secrets: { get: async () => [secret] } };
    expect(await post(posted(), { secret })).toMatchObject({ status: 503 });
    expect(bus.entries).toEqual([]);
  });

  it('cannot sign with a short secret beside a long one', async () => {
    deps = { ...deps, secrets: { get: async () => [SECRET, ''] } };
    expect(await post(posted(), { secret: '' })).toMatchObject({ status: 401 });
    expect(await post(posted())).toMatchObject({ status: 202 });
  });

  it.each([
    ['what is no JSON', '{', 400],
    ['nothing', '', 400],
    ['a batch without events', { events: [] }, 400],
    ['a batch with more beside its events', { events: [posted()], more: 1 }, 400],
    ['a batch of more than 500', Array.from({ length: 501 }, () => posted()), 400],
    ['no event at all', { hello: 1 }, 400],
    ['more than a megabyte', 'x'.repeat(1_000_001), 413],
    ['an event that says where it comes from', posted({ source: 'tropa' }), 400],
    ['an event that says how far it has come', posted({ hops: 0 }), 400],
  ])('is told what is wrong with %s', async (_, content, status) => {
    expect(await post(content)).toMatchObject({ status });
    expect(bus.entries).toEqual([]);
  });

  it.each<[what: string, given: object, error: string]>([
    [
      'a number out of reach',
      { data: { items: [{ price: 1 }, { price: 1e126 }] } },
      'data.items.1.price: a number lies',
    ],
    ['a number too near to nothing', { traits: { points: -1e-131 } }, 'traits.points: a number lies between'],
    ['what is nested too deeply', { data: nested(25) }, 'data.a.a: is nested more than 24 levels deep'],
    ['what no row holds', { data: { text: 'x'.repeat(380_000) } }, 'event: has 380'],
    ['a moment before the years', { at: '0001-01-01T00:30:00+01:00' }, 'at: a year from 0001 to 9999, also in UTC'],
    ['a consent after them', { consents: [late] }, 'consents.0.at: a year from 0001 to 9999, also in UTC'],
    [
      'a customer number cut in half',
      { identities: { externalId: '\ud83d' } },
      'identities.externalId: a character got lost',
    ],
    ...['\n', '\u2028', '\u0085', '\v', '\u0000'].map((unseen): [string, object, string] => [
      `${JSON.stringify(unseen)} in a customer number`,
      { identities: { externalId: `4711${unseen}Step: pay now` } },
      'identities.externalId: has a line break or another character that nobody sees',
    ]),
  ])('is told at which position there is %s', async (_, given, error) => {
    const answer = await post([posted(), posted({ id: 'e2', ...given })]);
    expect(answer).toMatchObject({
      status: 202,
      accepted: 1,
      rejected: [{ index: 1, error: expect.stringContaining(error) }],
    });
  });

  it('loses no order for half an emoji', async () => {
    const texts = ['\ud83d\ude00', 'half \ud83d', '\ude00\ud83d', '\\ud83d', '\\\ud83d'];
    const data = { texts, '\udfff': 'name' };
    expect(await post(posted({ data }))).toEqual({ status: 202, accepted: 1 });
    const kept = { texts: ['\ud83d\ude00', 'half \ufffd', '\ufffd\ufffd', '\\ud83d', '\\\ufffd'], '\ufffd': 'name' };
    expect(onBus()).toMatchObject([{ data: kept }]);
  });

  it('signs with the secret of its own, and no other is asked for', async () => {
    const asked: string[] = [];
    deps = {
      ...deps,
      secrets: {
        get: async (id) => {
          asked.push(id);
          return [SECRET];
        },
      },
    };
    await post(posted());
    await post(posted(), { source: 'segment', headers: { 'x-signature': 'abc' } });
    expect(asked).toEqual(['webhook', 'source-segment']);
  });

  it.each([
    ['{', { error: expect.stringMatching(/^the body is not JSON: /) }],
    [{ events: [] }, { error: 'a batch is a list of 1 to 500 events, or {"events": [...]}' }],
  ])(
    'that can mend it is told what is wrong with %j, and nothing of it is kept for anybody else',
    async (content, error) => {
      expect(await post(content)).toEqual({ status: 400, ...error });
      await post([posted(), posted({ type: 'NO TYPE' })]);
      expect(overflow.bodies).toEqual([]);
    },
  );

  it('of a kind that is not known gets no further', async () => {
    expect(await post(posted(), { source: 'elsewhere' })).toMatchObject({ status: 404 });
  });
});

describe('when the bus', () => {
  it('refuses some for a moment, they are put again, and only they', async () => {
    const taken: string[] = [];
    let calls = 0;
    bus.put = async (entries) => {
      calls += 1;
      const refused = calls === 1 ? [1] : [];
      taken.push(
        ...entries.filter((_, i) => !refused.includes(i)).map(({ detail }) => String(Reflect.get(detail, 'id'))),
      );
      return refused;
    };
    expect(await post([posted(), posted({ id: 'e2' }), posted({ id: 'e3' })])).toMatchObject({ status: 202 });
    expect(taken).toEqual(['e1', 'e3', 'e2']);
    expect(overflow.bodies).toEqual([]);
  });

  it.each([
    ['refuses an event to the end', async () => [0]],
    ['is not there', () => Promise.reject(new Error('no route'))],
  ])('%s, the overflow queue takes it, and it comes back from there', async (_, put) => {
    bus.put = put;
    expect(await post(posted())).toMatchObject({ status: 202 });
    expect(overflow.bodies).toMatchObject([{ id: 'e1', source: 'generic' }]);
    await expect(drained(overflow.bodies[0], deps)).rejects.toThrow();
    const working = new CollectingBus();
    await drained(overflow.bodies[0], { bus: working });
    expect(working.entries).toMatchObject([{ source: 'tropa', detail: { id: 'e1', source: 'generic' } }]);
  });

  it('and the overflow queue are both gone, the sender is asked to come again', async () => {
    bus.put = () => Promise.reject(new Error('no route'));
    overflow.send = () => Promise.reject(new Error('no route'));
    expect(await post(posted())).toMatchObject({ status: 503 });
  });
});
