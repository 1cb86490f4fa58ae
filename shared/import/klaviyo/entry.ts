import * as z from 'zod';
import type { Condition } from '#shared/condition/condition.ts';
import { unitAt } from '#shared/import/choice.ts';
import { allOf } from '#shared/import/conditions.ts';
import { durationOf } from '#shared/import/durations.ts';
import type { Source } from '#shared/import/source.ts';
import { negated } from '#shared/import/tidy.ts';
import type { Journey } from '#shared/journey/journey.ts';
import { groupsOf, type KlaviyoAsking } from './conditions.ts';
import { spanOf } from './filters.ts';

import type { Start } from './triggers.ts';

const text = z.string().min(1);

/** Who may enter a flow, how often, and who leaves it. */

const isNotInFlow = (at: Source): boolean => at.at('type').value === 'profile-not-in-flow';

const sinceStart = (condition: Condition): boolean => JSON.stringify(condition).includes('"since":"entry"');

/** The profile filter is asked at entry and again at every action: an entry rule, and an exit with its opposite. */
export function filters(
  definition: Source,
  asking: KlaviyoAsking,
  start: Start,
): Pick<Journey, 'entry'> & { exits: NonNullable<Journey['exits']> } {
  const filter = definition.at('profile_filter');
  const groups = groupsOf(filter, asking, 'trait', isNotInFlow);
  const atEntry = allOf([...(start.if ? [start.if] : []), ...groups.filter((group) => !sinceStart(group))]);
  const again = againOf(definition, start, filter);
  const entry = { ...(atEntry && { if: atEntry }), ...(again && { again }) };
  return {
    ...(Object.keys(entry).length > 0 && { entry }),
    exits: groups.map((group) => ({ if: sinceEntry(negated(group)), outcome: 'filtered' })),
  };
}

/** In exits events count since entry anyway. */
function sinceEntry(condition: Condition): Condition {
  if (!('event' in condition) || condition.since !== 'entry') return condition;
  const { since: _, ...rest } = condition;
  return rest;
}

type Again = NonNullable<NonNullable<Journey['entry']>['again']> | undefined;

/** Two rules of Klaviyo say when somebody may come again; here the one in the filter holds, if both let them in. */
function againOf(definition: Source, start: Start, filter: Source): Again {
  const byFlow = reentry(definition.at('reentry_criteria'), start.again);
  const [at] = filter
    .at('condition_groups')
    .items()
    .flatMap((group) => group.at('conditions').items())
    .filter(isNotInFlow);
  if (!at) return byFlow;
  at.at('type').take(text);
  const span = at.at('timeframe_filter');
  span.at('type').take(z.literal('date'));
  const isLimited = span.at('operator').take(text) === 'in-the-last';
  const after = isLimited ? spanOf(span) : undefined;
  return byFlow && after ? { after } : undefined;
}

function reentry(criteria: Source, byDefault: boolean): Again {
  const isAlltime = criteria.at('unit').take(z.literal('alltime')) !== undefined;
  const unit = unitAt(criteria.at('unit'));
  const duration = criteria.at('duration').take(z.int()) ?? 1;
  if (isAlltime) return duration === 0 ? {} : undefined;
  if (unit === undefined) return byDefault ? {} : undefined;
  const after = durationOf(duration, unit);
  return after ? { after } : {};
}
