import { describe, expect, it } from 'vitest';
import { outline, stageTexts } from '#test/apps/cli/replay/staged.ts';

describe('cdnow', () => {
  it('tells purchases of one customer and day apart by a running number', async () => {
    const text =
      ' customer_id  date cds dollars\r\n 00002 19970112  1   12.00\r\n 00002 19970112  1   12.00\r\n 00001 19970101  2   11.77\r\n';
    const { rows, events } = await stageTexts('cdnow', { 'cd.txt': text });
    expect(rows).toEqual({ read: 3, used: 3, rejected: {} });
    expect(outline(events)).toEqual([
      'registration cdnow:registration:00001',
      'purchase cdnow:00001:19970101:1',
      'registration cdnow:registration:00002',
      'purchase cdnow:00002:19970112:1',
      'purchase cdnow:00002:19970112:2',
    ]);
    expect(events[1]).toMatchObject({
      at: '1997-01-01T17:00:00.000Z',
      identities: { externalId: '00001' },
      data: { total: 11.77, items: [{ productId: 'cd', quantity: 2, price: 5.885 }] },
    });
  });

  it.each([
    ['bad-time', '1 19971301 1 5'],
    ['bad-quantity', '1 19970101 0 5'],
    ['bad-price', '1 19970101 1 ?'],
    ['wrong-number-of-fields', '1 19970101 1'],
  ])('puts a row aside as %s', async (reason, line) => {
    const { rows, rejected } = await stageTexts('cdnow', { 'cd.txt': `2 19970101 1 0.00\n${line}\n` });
    expect(rows).toEqual({ read: 2, used: 1, rejected: { [reason]: 1 } });
    expect(rejected[0]?.raw).toBe(line);
  });
});
