import { existsSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openSource, type SourceOptions } from '#apps/cli/replay/open.ts';
import { openStage } from '#apps/cli/replay/stage.ts';
import { folderWith, stageTexts } from '#test/apps/cli/replay/staged.ts';

/** Purchases of CDs: `n` rows, newest first, so that nothing is in order. */
const rows = (n: number) =>
  Array.from({ length: n }, (_, i) => `${(n - i) % 97} ${19970101 + ((n - i) % 28)} 1 ${i}.5`).join('\n');

async function opened(folder: string, files: string[], options: Partial<SourceOptions> = {}) {
  const rejectedFile = join(folder, 'out', 'rejected.jsonl');
  const paths = files.map((file) => join(folder, file));
  return openSource('cdnow', paths, { topics: ['news'], rejectedFile, ...options });
}

describe('staging', () => {
  it('gives every event once, in order of time, with numbers from 1 without gaps', async () => {
    const folder = folderWith({ a: rows(3000) });
    const source = await opened(folder, ['a']);
    const db = openStage(join(folder, 'replay.db'));
    const staged = await source.stage(db, () => {});
    const events = [...source.events(db)];
    expect(staged).toMatchObject({ reused: false, rows: { read: 3000, used: 3000, rejected: {} } });
    expect(events.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 3097 }, (_, i) => i + 1));
    expect(events.every(({ event }, i) => i === 0 || (events[i - 1]?.event.at ?? '') <= event.at)).toBe(true);
    expect(new Set(events.map(({ event }) => event.id)).size).toBe(3097);
    expect(source.countEvents(db)).toBe(3097);
    expect(source.span(db)).toEqual({ first: '1997-01-01T17:00:00.000Z', last: '1997-01-28T17:00:00.000Z' });
    db.close();
  });

  it('goes on after the number that it is given', async () => {
    const folder = folderWith({ a: rows(1200) });
    const source = await opened(folder, ['a']);
    const db = openStage(':memory:');
    await source.stage(db, () => {});
    const all = [...source.events(db)];
    expect([...source.events(db, 700)]).toEqual(all.slice(700));
    expect([...source.events(db, all.length)]).toEqual([]);
    db.close();
  });

  it('takes several files as one, and says of rejected rows in which they stood', async () => {
    const staged = await stageTexts(
      'cdnow',
      { a: '1 19970105 1 5\n1 soon 1 5\n', b: '1 19970103 1 3\n' },
      { replay: ['a', 'b'] },
    );
    expect(staged.rows).toEqual({ read: 3, used: 2, rejected: { 'bad-time': 1 } });
    expect(staged.rejected).toEqual([{ file: 'a', row: 2, reason: 'bad-time', raw: '1 soon 1 5' }]);
    expect(staged.events.map(({ data }) => data['total'])).toEqual([undefined, 3, 5]);
  });

  it('is used again while files and options are the same, and done anew when one of them changes', async () => {
    const folder = folderWith({ a: '1 19970105 1 5\n1 soon 1 5\n' });
    const db = openStage(join(folder, 'replay.db'));
    const stage = async (options: Partial<SourceOptions> = {}) =>
      (await opened(folder, ['a'], options)).stage(db, () => {});
    const first = await stage();
    expect(await stage()).toEqual({ ...first, reused: true });
    expect((await stage({ topics: ['news', 'offers'] })).reused).toBe(false);
    expect((await stage({ zone: 'Asia/Tokyo' })).reused).toBe(false);
    expect((await stage()).reused).toBe(false);
    writeFileSync(join(folder, 'a'), '1 19970105 1 5\n1 19970106 1 5\n');
    const changed = await stage();
    expect(changed).toMatchObject({ reused: false, rows: { read: 2, used: 2, rejected: {} } });
    utimesSync(join(folder, 'a'), 1_600_000_000, 1_600_000_000);
    expect((await stage()).reused).toBe(false);
    db.close();
  });

  it('is done anew when the file of rejected rows has gone', async () => {
    const folder = folderWith({ a: '1 19970105 1 5\n1 soon 1 5\n' });
    const db = openStage(':memory:');
    await (await opened(folder, ['a'])).stage(db, () => {});
    const elsewhere = join(folder, 'other.jsonl');
    const again = await (await opened(folder, ['a'], { rejectedFile: elsewhere })).stage(db, () => {});
    expect(again.reused).toBe(false);
    expect(readFileSync(elsewhere, 'utf8')).toContain('"raw":"1 soon 1 5"');
    db.close();
  });

  it.each(['reading', 'deriving', 'ordering'] as const)(
    'that breaks off while %s leaves nothing and starts anew',
    async (when) => {
      const folder = folderWith({ a: `${rows(3000)}\n1 soon 1 5` });
      const file = join(folder, 'replay.db');
      const source = await opened(folder, ['a']);
      const db = openStage(file);
      const breaking = source.stage(db, (stage) => {
        if (stage === when) throw new Error('the lights went out');
      });
      await expect(breaking).rejects.toThrow('the lights went out');
      expect(source.countEvents(db)).toBe(0);
      expect(existsSync(join(folder, 'out', 'rejected.jsonl'))).toBe(false);
      expect(existsSync(join(folder, 'out', 'rejected.jsonl.part'))).toBe(false);
      db.close();
      const reopened = openStage(file);
      expect(await source.stage(reopened, () => {})).toMatchObject({ reused: false, rows: { read: 3001, used: 3000 } });
      expect(source.countEvents(reopened)).toBe(3097);
      reopened.close();
    },
  );

  it('that breaks off leaves the staging before it whole', async () => {
    const folder = folderWith({ a: rows(10), b: rows(3000) });
    const db = openStage(':memory:');
    const before = await opened(folder, ['a']);
    await before.stage(db, () => {});
    const breaking = (await opened(folder, ['b'])).stage(db, (stage, done) => {
      if (stage === 'ordering' && done === 1) throw new Error('the lights went out');
    });
    await expect(breaking).rejects.toThrow('the lights went out');
    expect(before.countEvents(db)).toBe(20);
    expect((await before.stage(db, () => {})).reused).toBe(true);
    db.close();
  });

  it('tells how far it is, up to all of it', async () => {
    const folder = folderWith({ a: rows(5000) });
    const db = openStage(':memory:');
    const ends = new Map<string, number>();
    await (await opened(folder, ['a'])).stage(db, (stage, done, total) => ends.set(stage, done / total));
    expect([...ends]).toEqual([
      ['reading', 1],
      ['deriving', 1],
      ['ordering', 1],
    ]);
    db.close();
  });

  it('gives ids that no address can hold a hash, and never the same to two that differ in case', async () => {
    const { events } = await stageTexts(
      'mapping',
      {
        'rows.csv': 'who,when\nann,2026-01-01\nAnn,2026-01-02\nż ó,2026-01-03\n',
        'm.json': '{}',
      },
      {
        mapping: join(
          folderWith({ 'm.json': '{"source":"s","time":"when","type":"visit","identities":{"externalId":"who"}}' }),
          'm.json',
        ),
      },
    );
    const addresses = events.map(({ identities }) => identities.email?.toLowerCase());
    expect(addresses[0]).toBe('ann@s.example');
    expect(new Set(addresses).size).toBe(3);
  });

  it.each([
    [{ zone: 'Middle/Earth' }, '--zone: there is no time zone "Middle/Earth"'],
    [{ topics: Array.from({ length: 51 }, (_, i) => `t${i}`) }, '50 consents'],
  ])('refuses %j', async (options, message) => {
    await expect(opened('/tmp', ['a'], options)).rejects.toThrow(message);
  });

  it('refuses a file that is not there', async () => {
    const source = await opened('/nowhere', ['a'], { rejectedFile: join(folderWith({}), 'r') });
    const db = openStage(':memory:');
    await expect(source.stage(db, () => {})).rejects.toThrow('There is no file "/nowhere/a"');
    db.close();
  });
});
