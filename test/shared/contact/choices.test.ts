import { describe, expect, it } from 'vitest';
import { isOff, statements, topicsOffered, topicsOn } from '#shared/contact/choices.ts';
import { consents, profile } from '#test/build/profile.ts';
import { settings } from '#test/build/settings.ts';

const SHOP = settings({
  topics: { offers: { kind: 'marketing' }, news: { kind: 'marketing' }, orders: { kind: 'transactional' } },
});
const of = (email: Record<string, 'granted' | 'denied' | 'unknown'> = {}) => profile({ consents: consents({ email }) });
const said = (on: string[], wasOn: string[], given = of(), wasOff = false) =>
  Object.fromEntries(statements({ on, wasOn, wasOff }, given, SHOP).map(({ topic, state }) => [topic, state]));

describe('on the page of preferences', () => {
  it('each marketing topic is offered, and all the rest last and once', () => {
    expect(topicsOffered(SHOP)).toEqual(['offers', 'news', 'marketing']);
    const own = settings({ topics: { marketing: { kind: 'marketing' }, news: { kind: 'marketing' } } });
    expect(topicsOffered(own)).toEqual(['news', 'marketing']);
  });

  it('those are on that were agreed to', () => {
    expect(topicsOn(of({ offers: 'granted', news: 'denied' }), SHOP)).toEqual(['offers']);
    expect(isOff(of({ marketing: 'denied' }))).toBe(true);
    expect(isOff(of({ offers: 'denied' }))).toBe(false);
    expect(isOff(of())).toBe(false);
  });

  it('only what was changed is said', () => {
    expect(said(['offers'], ['offers'])).toEqual({});
    expect(said(['offers', 'news'], ['offers'])).toEqual({ news: 'granted' });
    expect(said([], ['offers'])).toEqual({ offers: 'denied' });
    expect(said(['orders', 'unknown'], [])).toEqual({});
  });

  it('no to all the rest is a no to everything only where nothing else is wanted', () => {
    expect(said(['offers'], ['offers', 'marketing'])).toEqual({ marketing: 'unknown' });
    expect(said([], ['offers', 'marketing'])).toEqual({ offers: 'denied', marketing: 'denied' });
  });

  it('who wanted nothing and ticks one topic wants that one alone', () => {
    const expected = { offers: 'granted', news: 'denied', marketing: 'unknown' };
    expect(said(['offers'], [], of({ marketing: 'denied' }))).toEqual(expected);
    expect(said(['offers'], [], of(), true)).toEqual(expected);
    const old = of({ marketing: 'denied', gone: 'granted', refused: 'denied' });
    expect(said(['offers'], [], old)).toEqual({ ...expected, gone: 'denied' });
    const service = of({ marketing: 'denied', orders: 'granted' });
    expect(said(['offers'], [], service)).toEqual(expected);
    expect(said(['offers'], [], profile(), true)).toEqual(expected);
  });

  it('a form that lay open gives nothing back that was withdrawn elsewhere', () => {
    expect(said(['offers'], ['offers'], of({ marketing: 'denied' }))).toEqual({});
  });
});
