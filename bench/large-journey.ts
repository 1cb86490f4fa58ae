/** The longest journey that the language allows, 200 steps in 256 KB, mostly conditions. */
const LONGEST = 256 * 1024;

const condition = (n: number): object => ({
  all: [
    { not: { event: 'product.viewed', where: { data: 'category', is: ['tea', `kind-${n}`] }, within: 'P30D', gte: 3 } },
    {
      any: [
        { trait: 'purchases.count', gte: n % 7 },
        { tag: ['vip', `club-${n}`] },
        { consent: 'offers', channel: 'email' },
        { trigger: 'total', gt: { trait: 'purchases.average' } },
        { now: { days: ['sat', 'sun'], from: '10:00', to: '20:00' } },
      ],
    },
  ],
});

const stepsOf = (count: number, conditions: number): object[] =>
  Array.from({ length: count / 4 }, (_, i) => [
    { type: 'send', id: `mail-${i}`, template: 'hello', data: { percent: i, of: { trigger: 'total' } } },
    { type: 'waitFor', id: `clicked-${i}`, for: { message: `mail-${i}`, is: 'clicked' }, upTo: 'P2D' },
    {
      type: 'branch',
      id: `value-${i}`,
      cases: Array.from({ length: conditions }, (__, c) => ({
        name: `case ${c}`,
        if: condition(i * 31 + c),
        steps: [],
      })),
    },
    { type: 'wait', id: `pause-${i}`, for: 'P3D', until: { days: ['tue', 'thu'], from: '10:00', to: '18:00' } },
  ]).flat();

const journeyOf = (conditions: number): string =>
  JSON.stringify(
    {
      id: 'j',
      name: 'J',
      status: 'live',
      topic: 'offers',
      trigger: { type: 'event', event: 'cart.updated' },
      entry: { if: { consent: 'offers' } },
      goal: { if: { event: 'purchase' } },
      steps: stepsOf(200, conditions),
    },
    null,
    1,
  );

/** As many conditions as go into it. */
export function largeJourney(): string {
  let largest = journeyOf(1);
  for (let conditions = 2; conditions <= 20; conditions += 1) {
    const next = journeyOf(conditions);
    if (next.length > LONGEST) return largest;
    largest = next;
  }
  return largest;
}
