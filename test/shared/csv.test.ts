import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RecordAssembler } from '#apps/cli/replay/records.ts';
import { joinRecord, splitRecord } from '#shared/csv.ts';

describe('a CSV record', () => {
  it.each([
    ['a,b,c', ['a', 'b', 'c']],
    ['', ['']],
    [',,', ['', '', '']],
    ['"a","b,c"', ['a', 'b,c']],
    ['"say ""hi""",x', ['say "hi"', 'x']],
    ['"",x', ['', 'x']],
    ['12" plate,3', ['12" plate', '3']],
    ['"two\nlines",x', ['two\nlines', 'x']],
    ['a,"b"', ['a', 'b']],
    ['a,', ['a', '']],
    ['"a",', ['a', '']],
  ])('%j has the values %j', (text, values) => {
    expect(splitRecord(text, ',')).toEqual({ values });
  });

  it.each([
    ['"never closed,1', 'open'],
    ['"ends in a pair""', 'open'],
    ['"bad"x,1', 'stray'],
    ['1,"bad" ,2', 'stray'],
  ])('%j is no record: %s', (text, problem) => {
    expect(splitRecord(text, ',')).toEqual({ problem });
  });

  it('is parted by whatever the mapping names', () => {
    expect(splitRecord('1,5;"a;b"', ';')).toEqual({ values: ['1,5', 'a;b'] });
  });

  it('comes back whole when it is joined and split again', () => {
    const field = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', ' ', 'é', '1') });
    fc.assert(
      fc.property(fc.array(field, { minLength: 1 }), (values) => {
        expect(splitRecord(joinRecord(values, ','), ',')).toEqual({ values });
      }),
    );
  });
});

describe('lines put together to records', () => {
  const records = (lines: string[]) => {
    const assembler = new RecordAssembler(',');
    return [...lines.flatMap((line) => assembler.take(line)), ...assembler.end()];
  };

  it('keeps a line end inside quotes and skips blank lines', () => {
    expect(records(['1,"a', '', 'b"', '', '2,c'])).toEqual([
      { raw: '1,"a\n\nb"', cells: ['1', 'a\n\nb'] },
      { raw: '2,c', cells: ['2', 'c'] },
    ]);
  });

  it('blames the line with the open quote and reads the lines after it anew', () => {
    expect(records(['1,"oops', '2,b', '"3",c'])).toEqual([
      { raw: '1,"oops', reason: 'quote-not-closed' },
      { raw: '2,b', cells: ['2', 'b'] },
      { raw: '"3",c', cells: ['3', 'c'] },
    ]);
  });

  it('does not let an open quote swallow more than a hundred lines', () => {
    const lines = ['0,"oops', ...Array.from({ length: 300 }, (_, i) => `${i + 1},x`)];
    const assembler = new RecordAssembler(',');
    const before = lines.slice(0, 150).flatMap((line) => assembler.take(line));
    expect(before).toHaveLength(150);
    expect(records(lines).filter((record) => 'cells' in record)).toHaveLength(300);
  });
});
