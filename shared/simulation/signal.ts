import type { Profile } from '#shared/contact/profile.ts';
import type { Enrolment, Heard } from '#shared/enrolment/enrolment.ts';
import { hear, withdraws } from '#shared/enrolment/hear.ts';
import { hearing, hearLate } from '#shared/enrolment/late.ts';
import { nameOf } from '#shared/enrolment/names.ts';
import { hearState } from '#shared/enrolment/state.ts';
import type { TurnInput } from '#shared/enrolment/turn.ts';
import type { Event } from '#shared/event/event.ts';
import { JOURNEY_LEFT } from '#shared/event/own.ts';
import type { CompiledJourney } from '#shared/journey/compile.ts';
import { passageScope } from '#shared/store/scope.ts';
import type { Instant } from '#shared/time/instant.ts';
import { insideOf } from './walk.ts';
import { contactOf, type Play, type World, zoneIn } from './world.ts';

/** What an event means to the passages that the contact is inside, and to those whose goal still counts. */
export function signal(play: Play, event: Event, now: Instant): void {
  const { profile, memory } = play;
  if (!profile) return;
  const said = { event: event.id, type: event.type, at: event.at };
  for (const passage of insideOf(play)) {
    const listeners = listenersOf(play, passage, event, now);
    if (listeners.length > 0) memory.passagesByName.set(nameOf(passage), hearing(passage, listeners, said));
  }
  for (const [name, { until }] of Object.entries(profile.watching)) {
    const passage = until >= now ? memory.passagesByName.get(name) : undefined;
    if (passage) signalLate(play, passage, event, now);
    else dropWatch(play, name);
  }
}

/** What lies on the contact may have become the goal of a passage that is over; those inside see it by themselves. */
export function signalStates(play: Play, now: Instant): void {
  const { profile, world, memory } = play;
  if (!profile) return;
  for (const [name, { until }] of Object.entries(profile.watching)) {
    const passage = until >= now ? memory.passagesByName.get(name) : undefined;
    const journey = passage && world.journeys.get(passage.journey)?.journey;
    if (!passage || !journey || journey.asks.length === 0) continue;
    const scope = (since: Instant | undefined) => passageScope(contactOf(play, profile, now), passage, since);
    const cause = { event: `look:${play.contact}:${now}`, type: 'look', at: now };
    countLate(play, passage, hearState(journey, passage, scope), cause, now);
  }
}

function signalLate(play: Play, passage: Enrolment, event: Event, now: Instant): void {
  const said = { event: event.id, type: event.type, at: event.at };
  countLate(play, passage, listenersOf(play, passage, event, now), said, now);
}

function countLate(
  play: Play,
  passage: Enrolment,
  listeners: readonly string[],
  said: Omit<Heard, 'n'>,
  now: Instant,
): void {
  const { profile, world, memory } = play;
  const journey = world.journeys.get(passage.journey)?.journey;
  if (!profile || !journey) return;
  const scope: TurnInput['scope'] = (one, _, since) => passageScope(contactOf(play, profile, now), one, since);
  const after = hearLate(passage, listeners, said, { journey, now, zone: zoneIn(world, profile), scope });
  if (!after) return;
  memory.passagesByName.set(nameOf(after), after);
  if (!after.converted) return;
  dropWatch(play, nameOf(passage));
  const { journey: id, key, converted } = after;
  world.tell?.({ at: now, journey: id, key, what: 'converted', value: converted.value });
}

function dropWatch(play: Play, name: string): void {
  if (!play.profile) return;
  const { [name]: _, ...watching } = play.profile.watching;
  play.profile = { ...play.profile, watching };
}

function listenersOf(play: Play, passage: Enrolment, event: Event, now: Instant): string[] {
  const { profile, world } = play;
  const journey = world.journeys.get(passage.journey)?.journey;
  if (!profile || !journey || !cares(journey, event, profile, world)) return [];
  return hear(event, passage, journey, passageScope(contactOf(play, profile, now), passage), world.settings);
}

const cares = (journey: CompiledJourney, event: Event, profile: Profile, { settings }: World): boolean =>
  event.type === JOURNEY_LEFT || journey.hears(event.type) || withdraws(event, journey, settings, profile);
