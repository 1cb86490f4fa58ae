import { describe, expect, it } from 'vitest';
import { applied, changing } from '#shared/contact/change.ts';
import type { Profile } from '#shared/contact/profile.ts';
import type { ProfileChange } from '#shared/enrolment/turn.ts';
import { consents, profile } from '#test/build/profile.ts';
import { settings } from '#test/build/settings.ts';

const NOW = '2026-03-02T09:00:00.000Z';
const shop = settings({ traits: { points: 'number' } });
const changed = (traits: ReturnType<typeof profile>['traits'], ...changes: ProfileChange[]) =>
  applied(profile({ traits }), changes, shop, NOW).profile.traits;

describe('what a passage changes on its contact', () => {
  it.each<[string, ReturnType<typeof profile>['traits'], ProfileChange, object]>([
    ['sets', {}, { kind: 'set', path: 'tier', value: 'gold' }, { tier: 'gold' }],
    ['sets by the declared type', {}, { kind: 'set', path: 'points', value: '7' }, { points: 7 }],
    ['sets nothing that does not fit', { points: 1 }, { kind: 'set', path: 'points', value: 'many' }, { points: 1 }],
    ['unsets', { tier: 'gold' }, { kind: 'unset', path: 'tier' }, {}],
    ['adds', { points: 0.1 }, { kind: 'add', path: 'points', by: 0.2 }, { points: 0.3 }],
    ['adds to nothing', {}, { kind: 'add', path: 'points', by: -1 }, { points: -1 }],
    [
      'appends once',
      { likes: ['tea'] },
      { kind: 'append', path: 'likes', value: ['tea', 'beans'] },
      { likes: ['tea', 'beans'] },
    ],
    [
      'appends to one value',
      { likes: 'tea' },
      { kind: 'append', path: 'likes', value: 'beans' },
      { likes: ['tea', 'beans'] },
    ],
    [
      'appends to one number, and nothing that is no text or number',
      { likes: 7 },
      { kind: 'append', path: 'likes', value: ['tea', true, null] },
      { likes: [7, 'tea'] },
    ],
    ['appends to no list', { likes: true }, { kind: 'append', path: 'likes', value: 'tea' }, { likes: ['tea'] }],
    ['removes from one value', { likes: 'tea' }, { kind: 'remove', path: 'likes', value: ['tea'] }, { likes: [] }],
    ['removes nothing of nothing', {}, { kind: 'remove', path: 'likes', value: 'tea' }, { likes: [] }],
    ['removes', { likes: ['tea', 'beans'] }, { kind: 'remove', path: 'likes', value: 'tea' }, { likes: ['beans'] }],
  ])('%s', (_, traits, change, expected) => {
    expect(changed(traits, change)).toEqual(expected);
  });

  it('is done in order', () => {
    expect(changed({}, { kind: 'set', path: 'points', value: 1 }, { kind: 'add', path: 'points', by: 1 })).toEqual({
      points: 2,
    });
  });

  it('tags once, and in order of the alphabet', () => {
    const { tags } = applied(
      profile({ tags: ['b'] }),
      [
        { kind: 'tag', tag: 'c' },
        { kind: 'tag', tag: 'a' },
        { kind: 'tag', tag: 'b' },
        { kind: 'untag', tag: 'c' },
      ],
      shop,
      NOW,
    ).profile;
    expect(tags).toEqual(['a', 'b']);
  });

  it('is a word of this moment, so that a late event does not overwrite it', () => {
    const { traitsAt } = applied(profile(), [{ kind: 'set', path: 'tier', value: 'gold' }], shop, NOW).profile;
    expect(traitsAt).toEqual({ tier: NOW });
  });

  it('withdraws a topic on each channel that the contact has spoken of, else on that of the shop', () => {
    const deny = { kind: 'deny', topic: 'offers', event: 'e1' } as const;
    const left = (before: Profile['consents']) => applied(profile({ consents: before }), [deny], shop, NOW).profile;
    const said = { state: 'denied', at: NOW, source: 'journey', event: 'e1' };
    expect(left({}).consents).toEqual({ email: { offers: said } });
    const known = consents({ sms: { offers: 'granted', news: 'granted' }, push: { news: 'granted' } });
    expect(left(known).consents).toEqual({
      sms: { ...known['sms'], offers: said },
      push: { ...known['push'], offers: said },
    });
  });

  it('that is nothing is the same profile', () => {
    const before = profile();
    expect(applied(before, [], shop, NOW).profile).toBe(before);
  });

  it('is applied once of a list that grows, and anew of another list', () => {
    const so = changing(profile(), shop, NOW);
    const growing: ProfileChange[] = [];
    expect(so(growing)).toEqual(profile());
    growing.push({ kind: 'add', path: 'points', by: 1 });
    expect([so(growing).traits, so(growing).traits]).toEqual([{ points: 1 }, { points: 1 }]);
    growing.push({ kind: 'add', path: 'points', by: 1 });
    expect(so(growing).traits).toEqual({ points: 2 });
    expect(
      so([
        { kind: 'add', path: 'points', by: 5 },
        { kind: 'tag', tag: 'a' },
      ]),
    ).toMatchObject({
      traits: { points: 5 },
      tags: ['a'],
    });
  });
});
