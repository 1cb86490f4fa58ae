import * as z from 'zod';
import type { Source } from '#shared/import/source.ts';
import type { Step } from '#shared/journey/journey.ts';
import { type Make, next, type PinpointJourney } from './journey.ts';
import { instantOf } from './times.ts';

const text = z.string().min(1);

/** Activities that wait. */

/** A WaitTime as a step, or none. */
export function waitStep(at: Source, id: string, { local }: PinpointJourney, name?: string): Step[] {
  const duration = at.at('WaitFor').take(text);
  const until = at.at('WaitUntil').take(text);
  if (duration === undefined && until === undefined) return [];
  return [
    {
      type: 'wait',
      id,
      ...(name !== undefined && { name }),
      ...(duration !== undefined && { for: duration }),
      ...(until !== undefined && { until: instantOf(until, local) }),
    },
  ];
}

export const wait: Make = (at, key, journey, name) => ({
  steps: waitStep(at.at('WaitTime'), journey.idOf(key), journey, name),
  ...next(at),
});
