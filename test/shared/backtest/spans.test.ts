import { describe, expect, it } from 'vitest';
import { columnsOf, upTo } from '#shared/backtest/spans.ts';

describe('columns of a chart', () => {
  it('are days where these are few, and those without mails are among them', () => {
    expect(columnsOf({ '2026-03-01': 2, '2026-03-03': 1 })).toEqual({
      unit: 'day',
      columns: [
        { name: '2026-03-01', n: 2 },
        { name: '2026-03-02', n: 0 },
        { name: '2026-03-03', n: 1 },
      ],
    });
  });

  it('are weeks from Monday on, then months, where days would be too many', () => {
    const weeks = columnsOf({ '2026-01-07': 1, '2026-01-11': 2, '2026-01-12': 4, '2026-03-01': 8 });
    expect(weeks.unit).toBe('week');
    expect(weeks.columns.slice(0, 2)).toEqual([
      { name: '2026-01-05', n: 3 },
      { name: '2026-01-12', n: 4 },
    ]);
    const months = columnsOf({ '2024-01-31': 1, '2024-02-01': 2, '2026-03-01': 8 });
    expect(months).toMatchObject({ unit: 'month' });
    expect(months.columns).toHaveLength(27);
  });

  it('are none for no mails', () => {
    expect(columnsOf({}).columns).toEqual([]);
  });

  it('put contacts with more mails than the most into one', () => {
    expect(upTo(2, { 1: 5, 4: 1, 9: 2 })).toEqual([
      { name: '1 mail', n: 5 },
      { name: '2 mails', n: 0 },
      { name: '3 mails and more', n: 3 },
    ]);
    expect(upTo(6, { 2: 1 })).toHaveLength(2);
  });
});
