import { describe, expect, it } from 'vitest';
import { compiled, send, tag } from '#test/build/journey.ts';
import { settings } from '#test/build/settings.ts';
import { NOW, turn } from '#test/build/turn.ts';

const coupon = (more: object = {}, id = 'code') => ({
  type: 'coupon',
  id,
  pool: 'cart-10',
  otherwise: [tag('none')],
  ...more,
});
const journey = (...steps: object[]) => compiled({ steps });
const free = { 'cart-10': { code: 'TEST10' } };
const LATER = '2026-03-05T09:00:00.000Z';
const overlapping = settings({ pools: { 'cart-10': { overlap: true } } });

describe('a coupon step', () => {
  it('gives a free code, for so long, and goes on', () => {
    const { enrolment, codes, lacking } = turn(journey(coupon({ valid: 'P3D' })), {}, { free });
    expect(enrolment.left['code']).toEqual({ at: NOW, code: 'TEST10', expiresAt: LATER });
    expect(codes).toEqual([{ pool: 'cart-10', free: { code: 'TEST10' }, expiresAt: LATER, before: undefined }]);
    expect(lacking).toEqual([]);
    expect(enrolment.state).toBe('finished');
  });

  it('gives one without an end when nothing says when it ends, and with the end of the code itself when that is sooner', () => {
    expect(turn(journey(coupon()), {}, { free }).enrolment.left['code']).toEqual({ at: NOW, code: 'TEST10' });
    const ending = { 'cart-10': { code: 'TEST10', until: LATER } };
    expect(turn(journey(coupon({ valid: 'P1Y' })), {}, { free: ending }).enrolment.left['code']).toMatchObject({
      expiresAt: LATER,
    });
  });

  it('goes the other way when none is left, and leaves no code', () => {
    const { enrolment, changes, codes, lacking } = turn(journey(coupon()));
    expect(changes).toEqual([{ kind: 'tag', tag: 'none' }]);
    expect(enrolment.left['code']).toEqual({ at: NOW });
    expect([codes, lacking]).toEqual([[], ['cart-10']]);
  });

  const held = (given: object) => ({ free, held: { 'cart-10': { code: 'OLD', used: false, ...given } } });
  it.each([
    ['that can still be used', {}, 'OLD'],
    ['that ends later', { expiresAt: LATER }, 'OLD'],
    ['that has been used', { used: true }, 'TEST10'],
    ['that has expired', { expiresAt: NOW }, 'TEST10'],
  ])('meets a contact with a code %s', (_, given, code) => {
    const { enrolment, codes } = turn(journey(coupon({ valid: 'P9D' })), {}, held(given));
    expect(enrolment.left['code']).toMatchObject({ code });
    expect(codes).toHaveLength(code === 'OLD' ? 0 : 1);
  });

  it('gives another one all the same where codes may overlap', () => {
    const { codes } = turn(journey(coupon()), {}, { ...held({}), settings: overlapping });
    expect(codes).toMatchObject([{ free: { code: 'TEST10' }, before: { code: 'OLD' } }]);
  });

  it('gives the same code to two steps of one turn, and takes it once', () => {
    const { enrolment, codes } = turn(journey(coupon(), coupon({}, 'again')), {}, { free });
    expect(enrolment.left).toMatchObject({ code: { code: 'TEST10' }, again: { code: 'TEST10' } });
    expect(codes).toHaveLength(1);
  });

  it('waits for the next turn with a second code of one pool, where codes may overlap', () => {
    const twice = journey(coupon(), coupon({}, 'again'));
    const first = turn(twice, {}, { free, settings: overlapping });
    expect(first.enrolment).toMatchObject({ next: 'pause', cursor: { step: 'again', wakeAt: NOW } });
    const other = { 'cart-10': { code: 'OTHER' } };
    const second = turn(twice, first.enrolment, { free: other, settings: overlapping });
    expect(second.enrolment.left).toMatchObject({ code: { code: 'TEST10' }, again: { code: 'OTHER' } });
    expect(second.enrolment.state).toBe('finished');
  });

  it('is over for the turn after eight codes, since each is three rows', () => {
    const pools = Array.from({ length: 12 }, (_, i) => `p${i}`);
    const each = journey(...pools.map((pool) => coupon({ pool }, pool)), send('last'));
    const codes = Object.fromEntries(pools.map((pool) => [pool, { code: pool }]));
    const first = turn(each, {}, { free: codes });
    expect(first.codes).toHaveLength(8);
    const second = turn(each, first.enrolment, { free: codes });
    expect(second.codes).toHaveLength(4);
    expect(second.messages).toHaveLength(1);
  });
});
