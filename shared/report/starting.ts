import { evaluate } from '#shared/condition/evaluate.ts';
import { fieldsOf } from '#shared/condition/lookup.ts';
import { zoneOf } from '#shared/contact/zone.ts';
import { arm, candidates } from '#shared/enrolment/decide.ts';
import type { TriggerRef } from '#shared/enrolment/enrolment.ts';
import { type EntryQuestion, unwanted } from '#shared/enrolment/entry.ts';
import type { StoredEvent } from '#shared/event/event.ts';
import type { CompiledJourney } from '#shared/journey/compile.ts';
import { type Contact, contactScope, entryScope } from '#shared/store/scope.ts';
import { plusMillis } from '#shared/time/instant.ts';

/** Whether a journey that is not live yet would take a contact. Facts that are missing are asked for (ContactFacts). */

const DAY = 86_400_000;
const RECENT_DAYS = 28;
/** Events of the last weeks, and events of a quiet time, that are looked through for one that matches. */
const EVENTS = 20;
/** Whether something of the last weeks would have brought them in. */
export function isStarted(journey: CompiledJourney, contact: Contact): boolean {
  const { trigger, entry } = journey.definition;
  const ifWith = (data: Parameters<typeof entryScope>[2]) =>
    !entry?.if || evaluate(entry.if, entryScope(contact, journey.id, data));
  if ('segment' in trigger) return evaluate({ segment: trigger.segment }, contactScope(contact)) && ifWith({});
  if (trigger.type !== 'event') return false;
  const since = plusMillis(contact.now, -RECENT_DAYS * DAY);
  const events = contact.facts.events({ types: [trigger.event].flat(), since, limit: EVENTS });
  return events.some((event) => matches(journey, event, contact) && ifWith(fieldsOf(event)));
}

const matches = (journey: CompiledJourney, event: StoredEvent, contact: Contact): boolean =>
  candidates([{ journey, status: 'live' }], { ...event, source: '', identities: {} }, (of, data) =>
    entryScope(contact, of.id, data),
  ).length > 0;

/** Whether they enter when it goes live, since what starts it is true of them already: as the walks of a publish judge it. */
export function isTrueAlready(journey: CompiledJourney, contact: Contact): boolean {
  const { trigger } = journey.definition;
  const { now } = contact;
  if (trigger.type === 'segment')
    return wouldEnter(
      journey,
      { event: '', type: 'segment', at: now, data: {} },
      { segment: trigger.segment, at: now },
      contact,
    );
  if (trigger.type !== 'event') return false;
  const events = contact.facts.events({ types: [trigger.event].flat(), limit: EVENTS });
  const event = events.find((one) => matches(journey, one, contact));
  if (!event) return false;
  const ref = { event: event.id, type: event.type, at: event.at };
  const question = questionAt(journey, ref, fieldsOf(event), contact);
  const { quiet } = arm({ ...question, settings: contact.settings });
  return (quiet?.until ?? '') <= now && wouldEnter(journey, ref, fieldsOf(event), contact);
}

function questionAt(
  journey: CompiledJourney,
  trigger: TriggerRef,
  data: Parameters<typeof entryScope>[2],
  contact: Contact,
): EntryQuestion {
  const { profile, settings, now } = contact;
  const scope = entryScope(contact, journey.id, data);
  return {
    journey,
    status: 'live',
    door: undefined,
    key: '',
    profile,
    trigger,
    now,
    zone: zoneOf(profile, settings),
    scope,
  };
}

const wouldEnter = (...[journey, trigger, data, contact]: Parameters<typeof questionAt>): boolean =>
  unwanted(questionAt(journey, trigger, data, contact)) === undefined;
