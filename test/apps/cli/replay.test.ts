import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { type ReplayRequest, replayCommand } from '#apps/cli/commands/replay.ts';

class Paper extends Writable {
  text = '';

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

async function tropaReplay(...words: string[]) {
  const [out, err] = [new Paper(), new Paper()];
  const requests: ReplayRequest[] = [];
  const command = replayCommand(
    async (request, progress) => {
      requests.push(request);
      progress.show('Reading rows', 1, 2);
      progress.show('Reading rows', 2, 2);
      return { json: { contacts: 3 }, text: '3 contacts' };
    },
    { out, err },
  );
  command.exitOverride().configureOutput({ writeErr: (text) => err.write(text) });
  await command.parseAsync(words, { from: 'user' });
  return { request: requests[0], out: out.text, err: err.text };
}

describe('tropa replay', () => {
  it('asks for what the options say', async () => {
    const { request } = await tropaReplay(
      ...[
        'rees46',
        'a.csv',
        'b.csv.gz',
        '--journeys',
        'mine',
        '--data',
        'kept',
        '--until',
        '2019-10-02T00:00:00+02:00',
      ],
      ...['--zone', 'Europe/Warsaw', '--dry'],
    );
    expect(request).toEqual({
      source: 'rees46',
      files: ['a.csv', 'b.csv.gz'],
      journeys: 'mine',
      data: 'kept',
      until: '2019-10-01T22:00:00.000Z',
      zone: 'Europe/Warsaw',
      rejectedFile: 'kept/rejected-rees46-a.csv-and-1-more.jsonl',
      dry: true,
    });
  });

  it('says what came of it on standard output, and how far it is on standard error', async () => {
    const { out, err } = await tropaReplay('cdnow', 'a');
    expect(out).toBe('3 contacts\n');
    expect(err).toBe('Reading rows ...\n');
  });

  it('names the file of rejected rows by source and file', async () => {
    const { request } = await tropaReplay('cdnow', 'past/CDNOW_master.txt');
    expect(request?.rejectedFile).toBe(join(tmpdir(), 'rejected-cdnow-CDNOW_master.txt.jsonl'));
  });

  it('with --json has one line of JSON on standard output and all else on standard error', async () => {
    const { out, err } = await tropaReplay('cdnow', 'a', '--json');
    expect(out).toBe('{"contacts":3}\n');
    expect(err).toContain('3 contacts');
  });

  it.each([
    [['excel', 'a'], 'Allowed choices are online-retail, rees46, completejourney, cdnow, mapping'],
    [['cdnow'], "missing required argument 'file'"],
    [['cdnow', 'a', '--until', '2020'], 'Write a time with its offset'],
    [['cdnow', 'a', '--colour'], "unknown option '--colour'"],
  ])('refuses %j', async (words, message) => {
    await expect(tropaReplay(...words)).rejects.toThrow(message);
  });
});
