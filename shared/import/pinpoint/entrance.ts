import * as z from 'zod';
import type { Condition } from '#shared/condition/condition.ts';
import { nobody, oneOrList } from '#shared/import/conditions.ts';
import type { Draft } from '#shared/import/draft.ts';
import type { Source } from '#shared/import/source.ts';
import type { Journey } from '#shared/journey/journey.ts';
import { eventsOf } from './conditions.ts';
import { messageFact } from './messages-asked.ts';

import { instantOf } from './times.ts';
import type { Asking } from './values.ts';

const text = z.string().min(1);

/** Who enters a Pinpoint journey, and when. */

type Entrance = { draft: Draft; asking: Asking; at: Source; local: boolean; holdout: number | undefined };

/** Trigger and entry. */
export function entrance(given: Entrance): Pick<Journey, 'trigger' | 'entry'> {
  const { draft, at, local, holdout } = given;
  const schedule = at.at('Schedule');
  draft.notes.drop(schedule, ['Timezone'], 'moments carry their offset, or are those of the contact');
  const [from, to] = ['StartTime', 'EndTime']
    .map((key) => schedule.at(key).take(text))
    .map((t) => t && instantOf(t, local));
  const { trigger, condition } = triggerOf(given, from);
  const again = reentry(at.at('Limits'));
  const entry = {
    ...(condition && { if: condition }),
    ...(again && { again }),
    ...(holdout !== undefined && { holdout }),
    ...(from && trigger.type !== 'schedule' && { from }),
    ...(to && { to }),
  };
  return { trigger, ...(Object.keys(entry).length > 0 && { entry }) };
}

/** 1, and nothing said, is once; 0 is as often as they like. */
function reentry(limitsOf: Source): NonNullable<Journey['entry']>['again'] | undefined {
  const cap = limitsOf.at('EndpointReentryCap').take(z.int().min(0));
  const after = limitsOf.at('EndpointReentryInterval').take(text);
  if (cap === undefined || cap === 1) return undefined;
  return { ...(after !== undefined && { after }), ...(cap > 0 && { atMost: cap }) };
}

type Start = { trigger: Journey['trigger']; condition?: Condition | undefined };

function triggerOf({ draft, asking, at }: Entrance, from: string | undefined): Start {
  const start = at.at('StartCondition');
  const event = start.at('EventStartCondition');
  if (event.value) return eventStart(draft, asking, event);
  const { notes, needs } = draft;
  const wanted = start.at('SegmentStartCondition').at('SegmentId').take(text);
  if (wanted === undefined) {
    notes.todo(start, 'The source does not say who enters.', 'Write a trigger in the place of "manual".');
    return { trigger: { type: 'manual' } };
  }
  const segment = needs.segment(start, wanted);
  const every = at.at('RefreshFrequency').take(text);
  const onUpdate = at.at('RefreshOnSegmentUpdate').value === true;
  notes.drop(at, ['RefreshOnSegmentUpdate'], 'who comes to a segment enters at once in any case');
  if (every !== undefined)
    notes.changed(at.at('RefreshFrequency'), `Who came to the segment entered every ${every}; here at once.`);
  if (every === undefined && !onUpdate && from !== undefined) {
    return { trigger: { type: 'schedule', segment, at: from.length > 10 ? from : `${from}T00:00` } };
  }
  if (every === undefined && !onUpdate) {
    notes.changed(
      start,
      'It began when it was published, with all of the segment; here it also goes on with who comes to it.',
    );
  }
  return { trigger: { type: 'segment', segment, when: 'enters', existing: true } };
}

function eventStart({ notes, needs }: Draft, asking: Asking, event: Source): Start {
  const filter = event.at('EventFilter');
  const kind = filter.at('FilterType').take(z.enum(['SYSTEM', 'ENDPOINT']));
  const { types, where, isNot } = eventsOf(asking, filter.at('Dimensions'));
  const names = types.map((type) => {
    const fact = messageFact(type);
    return fact ? `message.${fact}` : needs.event(filter, type);
  });
  if (kind === 'SYSTEM' && names.some((name) => !name.startsWith('message.'))) {
    const told = types.filter((type) => messageFact(type) === undefined).join(', ');
    notes.todo(filter, `Pinpoint told ${told} itself; here the app has to post it.`);
  }
  if (isNot) notes.lost(filter.at('Dimensions').at('EventType'), '"Every event but these" cannot start a journey.');
  const segment = event.at('SegmentId').take(text);
  const condition = segment === undefined ? undefined : { segment: needs.segment(event, segment) };
  if (names.length === 0) return { trigger: { type: 'manual' }, condition: condition ?? nobody('no event was given') };
  return { trigger: { type: 'event', event: oneOrList(names), ...(where && { where }) }, condition };
}
