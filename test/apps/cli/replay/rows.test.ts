import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { BadInput } from '#apps/cli/bad-input.ts';
import { type Format, type Row, RowReader } from '#apps/cli/replay/rows.ts';
import { folderWith } from '#test/apps/cli/replay/staged.ts';

const CSV: Format = { kind: 'csv', delimiter: ',' };

async function read(content: string | Uint8Array, format: Format = CSV, columns: string[] = []) {
  const reader = new RowReader({ file: join(folderWith({ input: content }), 'input'), format, columns });
  const rows: Row[] = [];
  let bytes = 0;
  for await (const some of reader.read((n) => {
    bytes += n;
  }))
    rows.push(...some);
  return { reader, rows, bytes };
}

describe('reading rows', () => {
  it('numbers rows from 1, without the header, and names their fields', async () => {
    const { reader, rows } = await read('id, name \n1,Ann\n2, Bob \n');
    expect(rows).toEqual([
      { number: 1, cells: ['1', 'Ann'] },
      { number: 2, cells: ['2', ' Bob '] },
    ]);
    expect(reader.fieldsOf(['2', ' Bob '])).toEqual({ id: '2', name: 'Bob' });
  });

  it('does not mind a byte order mark, Windows line ends and a last line without an end', async () => {
    const { reader, rows } = await read('\ufeffid,name\r\n1,Ann\r\n\r\n2,Bob');
    expect(rows.map((row) => ('cells' in row ? reader.fieldsOf(row.cells) : row))).toEqual([
      { id: '1', name: 'Ann' },
      { id: '2', name: 'Bob' },
    ]);
  });

  it('tells gzip by its content, and counts the bytes on disk', async () => {
    const packed = gzipSync('id\n1\n2\n');
    const { rows, bytes } = await read(packed);
    expect(rows).toHaveLength(2);
    expect(bytes).toBe(packed.length);
  });

  it('reads all members of a gzip file that was put together from several', async () => {
    const { rows } = await read(Buffer.concat([gzipSync('id\n1\n'), gzipSync('2\n3\n')]));
    expect(rows).toHaveLength(3);
  });

  it('keeps letters whole that lie across two chunks, and every row of a long file', async () => {
    const lines = Array.from({ length: 90_000 }, (_, i) => `${i},żółć`);
    const { rows } = await read(['n,word', ...lines].join('\n'));
    expect(rows).toHaveLength(90_000);
    expect(rows.every((row, i) => 'cells' in row && row.cells[0] === String(i) && row.cells[1] === 'żółć')).toBe(true);
  });

  it('puts aside rows of the wrong width with their text', async () => {
    const { rows } = await read('a,b\n1\n1,2\n1,2,3\n');
    expect(rows).toEqual([
      { number: 1, raw: '1', reason: 'wrong-number-of-fields' },
      { number: 2, cells: ['1', '2'] },
      { number: 3, raw: '1,2,3', reason: 'wrong-number-of-fields' },
    ]);
  });

  it('says which column is missing and which are there', async () => {
    await expect(read('id,nom\n1,2\n', CSV, ['id', 'name'])).rejects.toThrow(
      new BadInput('"input" has no column "name". It has "id", "nom".'),
    );
  });

  it.each([
    ['an empty file', '', 'empty'],
    ['a gzip file that was cut off', gzipSync('id\n1\n2\n').subarray(0, 20), 'damaged or cut off'],
  ])('refuses %s', async (_, content, message) => {
    await expect(read(content)).rejects.toThrow(message);
  });

  it('refuses a file that is not there', async () => {
    const reader = new RowReader({ file: '/nowhere/x.csv', format: CSV, columns: [] });
    await expect(reader.read(() => {}).next()).rejects.toThrow('There is no file "/nowhere/x.csv"');
  });

  it('takes columns parted by blanks, under a line of names or without one', async () => {
    const columns: Format = { kind: 'columns' };
    const headed = await read(' id  day\n 01  5 \n', columns, ['customer', 'date']);
    const headless = await read('01  5\n', columns, ['customer', 'date']);
    for (const { reader, rows } of [headed, headless]) {
      expect(rows).toEqual([{ number: 1, cells: ['01', '5'] }]);
      expect(reader.fieldsOf(['01', '5'])).toEqual({ customer: '01', date: '5' });
    }
  });

  it('takes JSON lines as they are, a line separator inside a text included', async () => {
    const { reader, rows } = await read('{"a":{"b":1},"t":"x\u2028y"}\nnot json\n[1]\n', { kind: 'jsonl' });
    expect(rows.map((row) => ('cells' in row ? reader.fieldsOf(row.cells) : row))).toEqual([
      { a: { b: 1 }, t: 'x\u2028y' },
      undefined,
      undefined,
    ]);
  });
});
