import { Writable } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import { doctorCommand } from '#apps/cli/commands/mail-doctor.ts';
import { systemDns } from '#apps/cli/mail/dns.ts';
import { runDoctor } from '#apps/cli/mail/doctor.ts';
import { printDoctor } from '#apps/cli/mail/print-doctor.ts';
import type { Level } from '#shared/domain/finding.ts';
import { examined, spf } from './examined.ts';
import { RIGHT } from './stage-doctor.ts';

it('finds nothing to mend in a domain that is as it should be', async () => {
  const { worst, of } = await examined(RIGHT);
  expect([...of('bad'), ...of('unknown'), ...of('advice')]).toEqual([]);
  expect(worst).toBe('good');
  expect(of('good').length).toBeGreaterThan(6);
});

describe('a DNS that does not answer', () => {
  it.each<['servfail' | 'refused' | 'silence' | 'garbage', RegExp]>([
    ['servfail', /the server failed/],
    ['refused', /the server refuses/],
    ['silence', /no answer in time/],
    ['garbage', /cannot be read|no answer in time/],
  ])('(%s) is never taken for a record that is missing', async (say, why) => {
    const zone = { ...RIGHT, '_dmarc.shop.example': { say }, 'mail.shop.example': { say } };
    const { worst, of, records } = await examined(zone);
    expect(of('bad')).toEqual([]);
    expect(worst).toBe('unknown');
    expect(of('unknown')).toContainEqual(expect.stringMatching(why));
    expect(of('unknown')).toContainEqual(expect.stringMatching(/^DMARC/));
    expect(records).toEqual([]);
  });

  it('is asked over TCP when an answer does not fit', async () => {
    const long = {
      txt: [['v=spf1 ', ...Array.from({ length: 60 }, (_, n) => `ip4:192.0.2.${n} `), '~all']],
      mx: [[1, 'm.example']],
    } as const;
    const { of, asked } = await examined({ ...RIGHT, 'shop.example': { ...long, say: 'truncated' } });
    expect(of('good')).toContainEqual('SPF: One SPF record, 0 of 10 lookups, ends with "~all".');
    expect(asked).toContainEqual({ name: 'shop.example', over: 'tcp' });
  });
});

describe('what others have written', () => {
  it('cannot speak to the terminal', async () => {
    const result = await examined({ ...RIGHT, ...spf('v=spf1 \u001b[2J\u001b]0;pwned\u0007\u202e ~all') });
    const printed = printDoctor(result);
    expect(printed).toContain('does not hold');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(printed.replaceAll(/\u001b\[\d+m/g, '')).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
  });

  it('cannot make it ask without end', async () => {
    const fan = Object.fromEntries(
      Array.from({ length: 300 }, (_, n) => [
        `f${n}.example`,
        { txt: [`v=spf1 include:f${2 * n + 1}.example include:f${2 * n + 2}.example -all`] },
      ]),
    );
    const { of, asked } = await examined({ ...RIGHT, ...spf('v=spf1 include:f0.example ~all'), ...fan });
    expect(of('bad')).toContainEqual(expect.stringMatching(/receivers stop at 10/));
    expect(asked.length).toBeLessThan(60);
  });

  it('is followed only as far as it is a name', async () => {
    const { of } = await examined({
      ...RIGHT,
      ...spf(`v=spf1 include:${'x'.repeat(70)}.example include:%{i}.example ~all`),
    });
    expect(of('bad')).toContainEqual(expect.stringMatching(/has no SPF record/));
  });
});

it.each([
  ['https://shop.example/path', /Is shop\.example meant/],
  ['me@shop.example', /Is shop\.example meant/],
  ['shop', /Write it as/],
  ['$(reboot).example', /no domain/],
])('refuses %s, which is no domain', async (domain, says) => {
  await expect(runDoctor(systemDns())({ domain })).rejects.toThrow(says);
});

it.each<[Level, number]>([
  ['good', 0],
  ['advice', 0],
  ['bad', 1],
  ['unknown', 2],
])('ends by the worst that was found: %s with %i', async (worst, code) => {
  const before = process.exitCode;
  onTestFinished(() => {
    process.exitCode = before;
  });
  let said = '';
  const out = new Writable({
    write: (chunk, _, done) => {
      said += chunk;
      done();
    },
  });
  const result = { domain: 'shop.example', worst, findings: [] };
  await doctorCommand(async () => result, { out, err: out }).parseAsync(['shop.example', '--json'], { from: 'user' });
  expect(process.exitCode).toBe(code);
  expect(JSON.parse(said)).toEqual(result);
});
