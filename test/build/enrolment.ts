import type { Enrolment } from '#shared/enrolment/enrolment.ts';

/** A passage of contact c1 through the journey `cart`, before its first turn, with what the test says of it. */
export const enrolment = (given: Partial<Enrolment> = {}): Enrolment => ({
  v: 1,
  contact: 'c1',
  journey: 'cart',
  key: '',
  n: 1,
  id: '0123456789abcdef0123456789abcdef',
  version: 1,
  state: 'inside',
  entered: '2026-03-02T09:00:00.000Z',
  trigger: { event: 'cart-0', type: 'cart.updated', at: '2026-03-02T09:00:00.000Z' },
  seq: 0,
  turnSeq: 0,
  turn: 0,
  leg: 1,
  cursor: null,
  heard: {},
  left: {},
  visits: {},
  messages: {},
  next: 'start',
  out: [],
  ...given,
});
