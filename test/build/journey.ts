import type * as z from 'zod';
import { type CompiledJourney, compile } from '#shared/journey/compile.ts';
import { type Journey, journeySchema } from '#shared/journey/journey.ts';

type Given = Partial<Omit<z.input<typeof journeySchema>, 'steps'>> & { steps?: readonly object[] };

/** A live journey about carts that says nothing, with what the test says of it. */
export const journey = (given: Given = {}): Journey =>
  journeySchema.parse({
    id: 'cart',
    name: 'Cart',
    status: 'live',
    topic: 'offers',
    trigger: { type: 'event', event: 'cart.updated' },
    steps: [],
    ...given,
  });

export const compiled = (given: Given = {}, version = 1): CompiledJourney => compile(journey(given), version);

export const send = (id: string, more: object = {}) => ({ type: 'send', id, template: 'hello', ...more });
export const wait = (id: string, time = 'P1D') => ({ type: 'wait', id, for: time });
export const waitFor = (id: string, condition: object, more: object = {}) => ({
  type: 'waitFor',
  id,
  for: condition,
  upTo: 'P1D',
  ...more,
});
export const tag = (id: string) => ({ type: 'update', id, tag: [id] });
