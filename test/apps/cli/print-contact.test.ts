import { expect, it } from 'vitest';
import { printContact } from '#apps/cli/print-contact.ts';
import { profile as aProfile } from '#test/build/profile.ts';

it('tells moments among the traits by the clock of the shop, as all others, and dates as they are', () => {
  const traits = { 'visits.last': '2026-07-01T22:30:00.000Z', birthday: '1990-07-01', note: 'at 10' };
  const profile = aProfile({ traits });
  const said = printContact({ zone: 'Europe/Warsaw', bestHour: '19:00', profile, events: [], messages: 0 });
  expect(said).toMatch(/visits\.last +2026-07-02 00:30$/m);
  expect(said).toMatch(/birthday +1990-07-01$/m);
  expect(said).toMatch(/note +at 10$/m);
});

it('lets nothing that somebody has typed into a form steer the terminal', () => {
  const traits = { 'name.first': '\u001b]52;c;cm0gLXJm\u0007Ann\u202e', 'a\u001b[2J': 'x' };
  const profile = aProfile({ traits, tags: ['\u001b[31mvip'] });
  const said = printContact({ zone: 'Europe/Warsaw', bestHour: '19:00', profile, events: [], messages: 0 });
  expect(said.split('\n').slice(1).join('')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  expect(said).toContain('Ann');
});
