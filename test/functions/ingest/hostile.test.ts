import fc from 'fast-check';
import { beforeEach, expect, it } from 'vitest';
import { type IngestDeps, ingest } from '#functions/ingest/ingest.ts';
import { Unprocessable } from '#shared/errors.ts';
import { eventSchema } from '#shared/event/event.ts';
import { privacyRequestedSchema } from '#shared/event/privacy.ts';
import type { HttpRequest } from '#shared/http.ts';
import { ownOf } from '#shared/own-of.ts';
import { SOURCE_NAMES } from '#shared/source/sources.ts';
import { SENDERS } from '#test/build/deliveries.ts';
import { CollectingBus, CollectingQueue, CountingMetrics, logInto } from '#test/build/ports.ts';
import { HOSTILE } from '#test/build/random-text.ts';
import { StillClock } from '#test/build/table.ts';
import { drained } from '#test/functions/ingest/drained.ts';

const REQUESTS = 10_000;
const onBus = eventSchema.or(privacyRequestedSchema);

let deps: IngestDeps;
let bus: CollectingBus;
let overflow: CollectingQueue;
let logged: string[];

beforeEach(() => {
  bus = new CollectingBus();
  overflow = new CollectingQueue();
  logged = [];
  const log = logInto(logged);
  const secrets = { get: async (id: string) => [ownOf(SENDERS, id.replace(/^source-/, ''))?.secret ?? 'none'] };
  const ids = { secretId: 'generic', sourceSecrets: 'source-' };
  deps = { clock: new StillClock(), bus, overflow, secrets, ...ids, log, metrics: new CountingMetrics() };
});

const strange = fc.oneof(
  fc.constantFrom(...HOSTILE, '', ' ', 'null', '[object Object]', '__proto__', '-1', '1e999', '0x10', 'NaN'),
  fc.string({ unit: 'binary', maxLength: 40 }),
);

/** Whatever may stand where something else was meant. */
const wrong: fc.Arbitrary<unknown> = fc.oneof(
  strange,
  fc.constantFrom(null, true, [], {}, [[]], 0, -0, 1e308, -1, 2 ** 63, '9223372036854775807'),
  fc.constantFrom('2026-13-45', '0000-00-00T00:00:00Z', '9999-12-31T23:59:59Z', '1e400', 'x'.repeat(5000)),
  fc.jsonValue({ maxDepth: 3 }),
);

/** One place in a value, by turns taken at random, is replaced, removed or doubled. */
function spoilt(value: unknown, turns: readonly number[], by: unknown): unknown {
  const [turn = 0, ...rest] = turns;
  if (typeof value !== 'object' || value === null || turns.length === 0) return by;
  const keys = Object.keys(value);
  const key = keys[turn % Math.max(1, keys.length)];
  if (key === undefined) return by;
  const member = spoilt(Reflect.get(value, key), rest, by);
  if (Array.isArray(value)) return value.map((item, i) => (String(i) === key ? member : item));
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, item]) =>
      name !== key ? [[name, item]] : member === undefined ? [] : [[name, member]],
    ),
  );
}

/** Each sample has one. Packages in a stack begin with `@` and have nothing before it. */
const AN_ADDRESS = /[\w.+-]@[\w-]+\.\w/;

const POLLUTING = '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"id":1}';

const bodyOf = (samples: readonly object[]): fc.Arbitrary<string | Uint8Array> =>
  fc.oneof(
    {
      weight: 240,
      arbitrary: fc
        .tuple(
          fc.constantFrom(...samples),
          fc.array(fc.nat(50), { maxLength: 6 }),
          fc.option(wrong, { nil: undefined }),
        )
        .map(([sample, turns, by]) => JSON.stringify(spoilt(sample, turns, by)) ?? ''),
    },
    { weight: 60, arbitrary: fc.json({ maxDepth: 6 }) },
    { weight: 40, arbitrary: fc.uint8Array({ maxLength: 400 }) },
    {
      weight: 40,
      arbitrary: fc.tuple(fc.constantFrom(...samples), fc.nat(), fc.nat(255)).map(([sample, at, byte]) => {
        const bytes = Buffer.from(JSON.stringify(sample));
        bytes[at % bytes.length] = byte;
        return bytes;
      }),
    },
    {
      weight: 20,
      arbitrary: fc.constantFrom(
        ...[
          '',
          '\ufeff{}',
          'webhook_id=12',
          'webhook_id=__proto__',
          POLLUTING,
          `[${POLLUTING}]`,
          '"\\ud800"',
          '{"a":1',
        ],
        ...['['.repeat(100_000), '{"a":'.repeat(100_000), `${'['.repeat(50_000)}${']'.repeat(50_000)}`],
        ...[`{"data":${'{"a":'.repeat(500)}1${'}'.repeat(500)}}`, '9'.repeat(10_000), `"${'\\'.repeat(9999)}`],
      ),
    },
    { weight: 1, arbitrary: fc.constantFrom('x'.repeat(1_000_001), `"${'é'.repeat(499_999)}"`) },
  );

const request: fc.Arbitrary<HttpRequest> = fc.constantFrom(...SOURCE_NAMES).chain((name) => {
  const sender = ownOf(SENDERS, name);
  if (!sender) throw new Error(`nobody posts as ${name}`);
  return fc
    .record({
      body: bodyOf(sender.samples),
      signed: fc.constantFrom(true, true, true, false),
      source: fc.oneof({ weight: 30, arbitrary: fc.constant(name) }, { weight: 1, arbitrary: strange }),
      // A name of a header that the source reads, with a value that nobody has thought of.
      spoiltHeader: fc.option(fc.tuple(fc.nat(20), strange), { freq: 3 }),
      more: fc.dictionary(fc.constantFrom('__proto__', 'constructor', 'x-forwarded-for', 'content-type'), strange),
      forged: fc.option(fc.tuple(fc.nat(20), fc.nat(60)), { freq: 6 }),
    })
    .map(({ body, signed, source, spoiltHeader, more, forged }) => {
      const text = Buffer.from(body).toString('utf8');
      const own = { ...(signed ? sender.headers(text, new StillClock().now()) : {}) };
      const names = Object.keys(own);
      if (spoiltHeader) own[names[spoiltHeader[0] % Math.max(1, names.length)] ?? 'x'] = spoiltHeader[1];
      const header = names[(forged?.[0] ?? 0) % Math.max(1, names.length)];
      if (forged && header) own[header] = own[header]?.slice(forged[1]) ?? '';
      const isText = Buffer.from(text).equals(Buffer.from(body));
      return {
        headers: { ...more, ...own },
        pathParameters: { source },
        requestContext: { http: { method: 'POST' } },
        body: isText ? text : Buffer.from(body).toString('base64'),
        isBase64Encoded: !isText,
      };
    });
});

it(`answers ${REQUESTS} hostile requests, each with what it deserves`, { timeout: 240_000 }, async () => {
  const statuses = new Set<number>();
  const before = process.memoryUsage().rss;
  await fc.assert(
    fc.asyncProperty(request, async (hostile) => {
      bus.entries = [];
      overflow.take();
      const { statusCode, body } = await ingest(hostile, deps);
      expect([200, 202, 400, 401, 404, 413]).toContain(statusCode);
      statuses.add(statusCode);
      expect(JSON.parse(body)).toBeTypeOf('object');
      // What is refused leaves nothing behind; what is kept is an event, or can be told of later.
      if (statusCode > 400) expect([...bus.entries, ...overflow.bodies]).toEqual([]);
      for (const { detail } of bus.entries) expect(onBus.safeParse(detail).error).toBeUndefined();
      for (const kept of overflow.take())
        await drained(kept, { bus }).catch((error: unknown) => expect(error).toBeInstanceOf(Unprocessable));
      expect(Reflect.get({}, 'polluted')).toBeUndefined();
      expect(logged.splice(0).filter((line) => AN_ADDRESS.test(line))).toEqual([]);
    }),
    { numRuns: REQUESTS },
  );
  expect([...statuses].sort()).toEqual(expect.arrayContaining([202, 400, 401, 404]));
  expect(process.memoryUsage().rss - before).toBeLessThan(600_000_000);
});

it.each(SOURCE_NAMES)('takes nothing of %s that is longer than a megabyte, signed or not', async (source) => {
  const text = `"${'x'.repeat(1_000_000)}"`;
  const headers = ownOf(SENDERS, source)?.headers(text, deps.clock.now()) ?? {};
  const http = { pathParameters: { source }, requestContext: { http: { method: 'POST' } } };
  const answer = await ingest({ ...http, headers, body: text, isBase64Encoded: false }, deps);
  expect(answer.statusCode).toBe(413);
});
