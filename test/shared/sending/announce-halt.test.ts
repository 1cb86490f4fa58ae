import { describe, expect, it } from 'vitest';
import { flagOf, haltHints, haltMail, haltsEntry, nameOf, nameOfHalt, saidOf } from '#shared/sending/announce-halt.ts';
import type { Trip } from '#shared/sending/breaker.ts';
import { settings } from '#test/build/settings.ts';

const AT = '2026-11-22T11:00:00.000Z';
const trip = (more: Partial<Trip> = {}): Trip => ({
  at: AT,
  why: 'bounces',
  count: 30,
  mails: 600,
  limit: 4,
  days: 7,
  ...more,
});

describe('a scope', () => {
  it.each([
    ['all', 'all marketing mail', ''],
    ['to/gmail.com', 'marketing mail to gmail.com', ' --domain gmail.com'],
    ['journey/cart', 'marketing mail of the journey cart', ' --journey cart'],
    ['topic/offers', 'marketing mail of the topic offers', ' --topic offers'],
  ])('%s is called %s, and named by "%s"', (scope, name, flag) => {
    expect(nameOf(scope)).toBe(name);
    expect(flagOf(scope)).toBe(flag);
  });
});

describe('what is said where marketing stands still', () => {
  it('is how much of what', () => {
    expect(saidOf('journey/cart', trip())).toBe(
      'marketing mail of the journey cart: 30 of 600 mails (5 %) of the last 7 days bounced for good; the limit is 4 %',
    );
    expect(saidOf('all', trip({ why: 'complaints' }))).toContain('were reported as spam');
  });

  it('of one part names it, says what to do against its cause, and how it goes on', () => {
    const { subject, text } = haltMail({ 'journey/cart': trip() });
    expect(subject).toBe('Halted: marketing mail of the journey cart');
    expect(text).toContain(`* ${saidOf('journey/cart', trip())}.`);
    expect(text).toContain('Which import, form or list');
    expect(text).not.toContain('Whoever has complained');
    expect(text).toContain('Once that is mended, let it go again. Mails');
    expect(text).toContain('npx tropa mail resume --journey cart --stage STAGE --reason "what was mended"');
  });

  it('of several counts them, and says each cause once', () => {
    const trips = { all: trip(), 'to/gmail.com': trip(), 'topic/offers': trip({ why: 'complaints' }) };
    const { subject, text } = haltMail(trips);
    expect(subject).toBe('Halted: marketing mail, 3 parts of it');
    expect(text.match(/Which import, form or list/g)).toHaveLength(1);
    expect(text).toContain('Whoever has complained gets no more of them.');
    expect(text).toContain('all of it by a command without a part, or part by part');
    expect(text).toContain('npx tropa mail resume --stage STAGE');
    expect(text).toContain('npx tropa mail resume --domain gmail.com --stage STAGE');
  });

  it('on the bus is no event of a contact, known by what tripped', () => {
    const entry = haltsEntry({ all: trip() });
    expect(entry).toMatchObject({ source: 'tropa.mail', detailType: 'mail.halted' });
    expect(entry.detail).toMatchObject({ halted: [{ scope: 'all', why: 'bounces', percent: expect.anything() }] });
    expect(haltsEntry({ all: trip() })).toEqual(entry);
    expect(haltsEntry({ all: trip({ count: 31 }) }).detail).not.toEqual(entry.detail);
  });
});

describe('of a halt hears', () => {
  const journeys = { cart: 'cart@shop.example', welcome: 'boss@shop.example' };
  const shop = settings({ authors: { default: 'boss@shop.example', journeys } });
  const trips = { all: trip(), 'journey/cart': trip({ count: 40 }), 'journey/welcome': trip(), 'to/gmail.com': trip() };

  it('the author of the shop everything, and the author of a journey what stands still of it', () => {
    expect(haltHints(trips, shop)).toEqual([
      { halted: trips },
      { halted: { 'journey/cart': trip({ count: 40 }) }, journey: 'cart' },
    ]);
  });

  it('nobody twice by a mail of the same name', () => {
    const one = nameOfHalt({ halted: { all: trip(), 'to/gmail.com': trip() } });
    expect(one).toEqual({ file: 'halted/', sequencer: `${AT} all ${AT} to/gmail.com` });
    expect(nameOfHalt({ halted: { 'to/gmail.com': trip(), all: trip() } })).toEqual(one);
    expect(nameOfHalt({ halted: { all: trip() }, journey: 'cart' }).file).toBe('halted/cart');
  });
});
