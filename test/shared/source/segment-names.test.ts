import fc from 'fast-check';
import { expect, it } from 'vitest';
import { eventTypeSchema } from '#shared/event/event.ts';
import { isOwnType } from '#shared/event/own.ts';
import { typeOfName } from '#shared/source/segment/event-type.ts';

it.each([
  ['Song Played', 'song-played'],
  ['songPlayed', 'song-played'],
  ['song_played', 'song_played'],
  ['player.song_played', 'player.song_played'],
  ['  Song   Played!  ', 'song-played'],
  ["Customer's Choice", 'customers-choice'],
  ['Café besucht', 'cafe-besucht'],
  ['iOS App Opened', 'ios-app-opened'],
  ['2FA Enabled', 'event-2fa-enabled'],
  ['a - . - b', 'a.b'],
  ['Subscribed', 'segment.subscribed'],
  ['message.clicked', 'segment.message.clicked'],
  ['journey.left', 'segment.journey.left'],
])('events named "%s" are of the type %s', (name, type) => {
  expect(typeOfName(name)).toBe(type);
});

it.each(['Заказ 5 оформлен', '注文', '🎉', '!!!', 'x'.repeat(61), 'straße'])(
  'what the grammar of types has no letters or no room for gets a hash: "%s"',
  (name) => {
    expect(typeOfName(name)).toMatch(/-[\da-f]{8}$/);
  },
);

it('every name makes a type that storefronts may use', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ minLength: 50, maxLength: 90 })), (name) => {
      const type = typeOfName(name);
      expect(eventTypeSchema.safeParse(type).error).toBeUndefined();
      expect(isOwnType(type)).toBe(false);
    }),
  );
});

it('two names with other letters than ours are two types', () => {
  expect(typeOfName('Заказ 5 оформлен')).not.toBe(typeOfName('Заказ 5 оплачен'));
  expect(typeOfName(`${'x'.repeat(60)}a`)).not.toBe(typeOfName(`${'x'.repeat(60)}b`));
});
