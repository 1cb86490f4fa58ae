import { walk } from '#shared/condition/leaves.ts';
import { needsOf } from '#shared/condition/needs.ts';
import { happeningsIn } from '#shared/event/happenings.ts';
import { compile } from '#shared/journey/compile.ts';
import type { Journey } from '#shared/journey/journey.ts';
import type { LiveJourney } from '#shared/store/journeys.ts';
import { startingTypes } from './decide.ts';

/** What the catalogue says of a journey, so that those whom it does not concern need not read it. */
export function catalogued(journey: Journey): Pick<LiveJourney, 'events' | 'happenings' | 'starts' | 'asks'> {
  const { type } = journey.trigger;
  const conditions = compile(journey, 1).asks.map(({ condition }) => condition);
  const asks = [
    ...(conditions.some((condition) => needsOf(condition, {}).has('message')) ? ['message'] : []),
    ...(conditions.some((condition) => [...walk(condition)].some((leaf) => 'segment' in leaf)) ? ['segment'] : []),
  ];
  const happenings = happeningsIn(journey);
  return {
    events: startingTypes(journey),
    ...(happenings.length > 0 && { happenings }),
    ...(type !== 'event' && type !== 'manual' && { starts: type }),
    ...(asks.length > 0 && { asks }),
  };
}
