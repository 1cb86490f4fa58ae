import { derivedId } from '#shared/enrolment/ids.ts';
import type { Journey } from './journey.ts';

/** Status is the journey's, not a version's: to pause is not to publish. */
function frozenOf({ status: _, publish, allow: __, $schema: ___, ...frozen }: Journey): object {
  // Who asks for it only afterwards means those who have stayed on the version before.
  return publish === undefined || publish.inside === 'finish' ? frozen : { ...frozen, publish };
}

/** What makes a version: a file with the same hash is the same version. */
export const hashOf = (journey: Journey): string => derivedId('journey', JSON.stringify(frozenOf(journey)));
