import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { enrol } from '#functions/enrol/enrol.ts';
import { dynamoApi } from '#shared/adapters/aws/dynamo-api.ts';
import { DynamoTable } from '#shared/adapters/aws/table.ts';
import { eventSchema, postedEventSchema } from '#shared/event/event.ts';
import { park } from '#shared/store/parked.ts';
import { Published } from '#shared/store/published.ts';
import type { Json } from '#shared/store/table.ts';
import { event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { createTable, type Engine, engineIsHere, startEngine } from '#test/shared/adapters/dynamo-engine.ts';

const nested = (levels: number): Json =>
  levels === 1 ? { n: 1 } : levels % 2 ? [nested(levels - 1)] : { a: nested(levels - 1) };
/** Values at the edges of what a row holds. */
const edges: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom(9.9e125, -9.9e125, 1e-130, 1e126, 1e-131, -0, 5e-324, Number.MAX_VALUE, '', '\ud83d\ude00'),
  fc.nat(26).map((levels) => nested(levels + 1)),
  fc.constantFrom(350_000, 379_000, 380_001).map((size) => 'x'.repeat(size)),
);

describe.skipIf(!engineIsHere)('whatever may be posted', () => {
  let engine: Engine | undefined;
  beforeAll(async () => {
    engine = await startEngine();
    await createTable(engine.client, 'tropa');
  });
  afterAll(async () => engine?.stop());

  it('is recorded, or put aside, by a DynamoDB engine', async () => {
    if (!engine) throw new Error('no engine');
    const shop = new HandShop();
    const table = new DynamoTable('tropa', shop.clock, dynamoApi(engine.options));
    const deps = { ...shop.deps, table, published: new Published(table, shop.clock) };
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(edges, fc.boolean(), async (value, isTrait) => {
        const given = isTrait ? { traits: { value } } : { data: { value } };
        const { source: _, ...written } = event('page.viewed', given);
        const posted = postedEventSchema.safeParse(written);
        if (!posted.success) return;
        accepted += 1;
        expect(await enrol({ ...posted.data, source: 'test' }, deps)).toBe('recorded');
        await table.write(park(eventSchema.parse({ ...posted.data, source: 'test' }), 'too-old', shop.clock.now()));
      }),
      { numRuns: 80, seed: 5 },
    );
    expect(accepted).toBeGreaterThan(30);
  });
});
