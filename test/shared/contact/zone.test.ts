import { expect, it } from 'vitest';
import { zoneOf } from '#shared/contact/zone.ts';
import { profile } from '#test/build/profile.ts';
import { settings } from '#test/build/settings.ts';

it.each([
  ['Africa/Cairo', 'Africa/Cairo'],
  ['Nowhere/Town', 'Europe/Warsaw'],
  ['', 'Europe/Warsaw'],
  [2, 'Europe/Warsaw'],
  [['Africa/Cairo'], 'Europe/Warsaw'],
])('a contact whose time zone is %j lives by the clock of %s', (timeZone, expected) => {
  expect(zoneOf(profile({ traits: { timeZone } }), settings())).toBe(expected);
});

it('a contact without a time zone lives by the clock of the shop', () => {
  expect(zoneOf(profile(), settings({ shop: { timeZone: 'America/New_York' } }))).toBe('America/New_York');
});
