import { resolved } from '#shared/condition/lookup.ts';
import { spokenChannels } from '#shared/contact/change.ts';
import { derivedId } from '#shared/enrolment/ids.ts';
import { nameOf } from '#shared/enrolment/names.ts';
import type { ProfileChange, StepContext } from '#shared/enrolment/turn.ts';
import type { Event } from '#shared/event/event.ts';
import { JOURNEY_LEFT, JOURNEY_REQUESTED } from '#shared/event/own.ts';
import type { Json } from '#shared/store/table.ts';
import { onward, type Run, valuesOf } from './run.ts';

/** Steps that do something and go on at once. */

/** An event of this passage about its contact, one hop further from the first cause. */
function eventOf(at: StepContext, part: string, more: Pick<Event, 'type' | 'data' | 'consents' | 'journey'>): Event {
  const { id, contact, trigger } = at.enrolment;
  return {
    id: derivedId('emit', id, at.node.step.id, at.visit, part),
    at: at.now,
    source: 'tropa',
    identities: {},
    contact,
    hops: (trigger.hops ?? 0) + 1,
    ...more,
  };
}

export const emit: Run<'emit'> = (step, at) => {
  at.emit(eventOf(at, '', { type: step.event, data: valuesOf(step.data, at.here) }));
  return onward(at);
};

export const enrol: Run<'enrol'> = (step, at) => {
  const data = valuesOf(step.data, at.here);
  at.emit(eventOf(at, '', { type: JOURNEY_REQUESTED, data, journey: step.journey }));
  return onward(at);
};

export const leave: Run<'leave'> = (step, at) => {
  const data = { journeys: [step.journey].flat(), by: nameOf(at.enrolment) };
  at.emit(eventOf(at, '', { type: JOURNEY_LEFT, data }));
  return onward(at);
};

export const update: Run<'update'> = (step, at) => {
  const valued = (
    kind: 'set' | 'append' | 'remove',
    values: Readonly<Record<string, Json>> | undefined,
  ): ProfileChange[] =>
    Object.entries(values ?? {}).flatMap(([path, written]) => {
      const value = resolved(written, at.here);
      return value === undefined ? [] : [{ kind, path, value }];
    });
  const changes: ProfileChange[] = [
    ...valued('set', step.set),
    ...(step.unset ?? []).map((path): ProfileChange => ({ kind: 'unset', path })),
    ...Object.entries(step.add ?? {}).map(([path, by]): ProfileChange => ({ kind: 'add', path, by })),
    ...valued('append', step.append),
    ...valued('remove', step.remove),
    ...(step.tag ?? []).map((tag): ProfileChange => ({ kind: 'tag', tag })),
    ...(step.untag ?? []).map((tag): ProfileChange => ({ kind: 'untag', tag })),
  ];
  changes.forEach(at.change);
  Object.keys(step.consent ?? {}).forEach((topic) => {
    deny(topic, at);
  });
  return onward(at);
};

/** At once on the profile, and as an event that tells the contact's other passages and carries the proof. */
function deny(topic: string, at: StepContext): void {
  const channels = spokenChannels(at.here.profile, at.here.settings);
  const consents = channels.map((channel) => ({
    channel,
    topic,
    state: 'denied' as const,
    at: at.now,
    source: `journey ${at.journey.id}`,
    wording: `withdrawn by step ${at.node.step.id}`,
  }));
  const event = eventOf(at, topic, { type: 'unsubscribed', data: { topic, channel: channels }, consents });
  at.change({ kind: 'deny', topic, event: event.id });
  at.emit(event);
}
