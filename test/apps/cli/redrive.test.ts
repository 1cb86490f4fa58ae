import { Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { type RedriveResult, redriveCommand } from '#apps/cli/commands/redrive.ts';

async function said(result: RedriveResult, ...words: string[]): Promise<string> {
  let text = '';
  const out = new Writable({
    write: (chunk, _, done) => {
      text += chunk;
      done();
    },
  });
  await redriveCommand(async () => result, { out, err: out }).parseAsync(['enrol', '--data', 'd', ...words], {
    from: 'user',
  });
  return text;
}

const dead = { 'bad-event: type: ...': 2, 'Crash: enrol died': 1 };

it('says how many there are when none has the reason that was asked for', async () => {
  expect(await said({ dead, found: {}, redriven: 0, diedAgain: 0 }, '--reason', 'nonsense')).toBe(
    'None with this reason, of 3:\n       1  Crash: enrol died\n       2  bad-event: type: ...\n',
  );
});

it('says when there are none at all, and what it sent', async () => {
  expect(await said({ dead: {}, found: {}, redriven: 0, diedAgain: 0 })).toBe('No dead letters.\n');
  expect(await said({ dead, found: dead, redriven: 3, diedAgain: 2 })).toContain('3 sent again, 2 of them died again.');
});
