import { expect, it } from 'vitest';
import { readFacts } from '#shared/source/source.ts';
import { event } from '#test/build/event.ts';

const posted = ({ source: _, ...fact } = event('login', { traits: { purchases: { count: 99 } } })) => [fact];

it('a shop that says what Tropa reckons hears so; of a platform it is left out', () => {
  const { events, rejected } = readFacts(posted(), 'generic');
  expect(events).toEqual([]);
  expect(rejected[0]?.error).toContain('Tropa reckons "purchases.count" itself');
  expect(readFacts(posted(), 'segment').events).toHaveLength(1);
});
