import { expect, it } from 'vitest';
import { printContact } from '#apps/cli/print-contact.ts';
import { profile as aProfile } from '#test/build/profile.ts';

const shown = (profile: ReturnType<typeof aProfile>, more: Partial<Parameters<typeof printContact>[0]> = {}) =>
  printContact({
    ...{ zone: 'Europe/Warsaw', bestHour: '19:00', profile, events: [], messages: 0 },
    ...{ now: '2026-07-03T10:00:00.000Z', ...more },
  });

it('tells moments among the traits by the clock of the shop, as all others, and dates as they are', () => {
  const traits = { 'visits.last': '2026-07-01T22:30:00.000Z', birthday: '1990-07-01', note: 'at 10' };
  const profile = aProfile({ traits });
  const said = shown(profile);
  expect(said).toMatch(/visits\.last +2026-07-02 00:30$/m);
  expect(said).toMatch(/birthday +1990-07-01$/m);
  expect(said).toMatch(/note +at 10$/m);
});

it('lets nothing that somebody has typed into a form steer the terminal', () => {
  const traits = { 'name.first': '\u001b]52;c;cm0gLXJm\u0007Ann\u202e', 'a\u001b[2J': 'x' };
  const profile = aProfile({ traits, tags: ['\u001b[31mvip'] });
  const told = shown(profile);
  expect(told.split('\n').slice(1).join('')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  expect(told).toContain('Ann');
});

const said = (at: string) => ({ at, source: 'form', event: 'e' });

it('tells each consent with its source, and when it was confirmed', () => {
  const yes = { ...said('2026-07-01T10:00:00.000Z'), state: 'granted' as const, confirmed: '2026-07-01T11:00:00.000Z' };
  const no = { ...said('2026-07-02T10:00:00.000Z'), state: 'denied' as const };
  const told = shown(aProfile({ consents: { email: { news: yes, care: no } } }));
  expect(told).toMatch(/consent +email\/news granted 2026-07-01 12:00, confirmed 2026-07-01 13:00 \(form\)$/m);
  expect(told).toMatch(/^ +email\/care denied 2026-07-02 12:00 \(form\)$/m);
});

it.each([
  ['waits', {}, '2026-07-03T10:00:00.000Z', true],
  ['has been confirmed', { state: 'granted' as const }, '2026-07-03T10:00:00.000Z', false],
  ['was refused since', { state: 'denied' as const }, '2026-07-03T10:00:00.000Z', false],
  ['was forgotten after seven days', {}, '2026-07-09T10:00:00.000Z', false],
])('calls a yes that %s not confirmed: %s at %s, %s', (_, word, now, isShown) => {
  const since = '2026-07-02T10:00:00.000Z';
  const consents = 'state' in word ? { email: { news: { ...said(since), ...word } } } : {};
  const told = shown(aProfile({ consents, pending: { email: { news: said('2026-07-01T10:00:00.000Z') } } }), { now });
  expect(told.includes('not confirmed')).toBe(isShown);
});

it('says that an address gets no mail at all, and why', () => {
  const suppressed = { reason: 'manual' as const, at: '2026-07-01T10:00:00.000Z', note: 'asked by phone' };
  expect(shown(aProfile({}), { suppressed })).toMatch(
    /suppressed +gets no mail at all: manual 2026-07-01 12:00, asked by phone$/m,
  );
});
