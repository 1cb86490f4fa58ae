import { walk } from '#shared/condition/leaves.ts';
import { type Channel, channelSchema } from '#shared/event/event.ts';
import type { Journey, Step } from '#shared/journey/journey.ts';
import { ownOf } from '#shared/own-of.ts';
import type { TemplateFacts } from './context.ts';
import { type StepPlace, stepPlaces } from './walk.ts';

/** What a journey needs to know of another. */
export type JourneyFacts = {
  readonly trigger: Journey['trigger']['type'];
  /** Types of events that start it, and whether it is their staying away that does. */
  readonly events: readonly string[];
  readonly quiet: boolean;
  /** Journeys that it enrols into before anything makes it wait. */
  readonly enrols: readonly string[];
  /** Events that it emits, and traits that it writes. */
  readonly emits: readonly string[];
  readonly sets: readonly string[];
  /** Journeys that its door or its exits ask about. */
  readonly asksFor: readonly string[];
  /** Its send steps, and their topics. */
  readonly sends: readonly string[];
  readonly topics: readonly string[];
};

const sorted = (names: Iterable<string>): string[] => [...new Set(names)].sort();

export function journeyFacts(journey: Journey): JourneyFacts {
  const { trigger, entry, exits = [], topic = 'marketing' } = journey;
  const places = stepPlaces(journey);
  const steps = places.map(({ step }) => step);
  const asked = [...(entry?.if ? [entry.if] : []), ...exits.map((exit) => exit.if)];
  const sends = steps.filter((step) => step.type === 'send');
  return {
    trigger: trigger.type,
    events: trigger.type === 'event' ? sorted([trigger.event].flat()) : [],
    quiet: trigger.type === 'event' && trigger.quietFor !== undefined,
    enrols: enrolsAtOnce(places),
    emits: sorted(steps.flatMap((step) => (step.type === 'emit' ? [step.event] : []))),
    sets: sorted(steps.flatMap(traitsSetBy)),
    asksFor: sorted(asked.flatMap((c) => [...walk(c)].flatMap((leaf) => ('journey' in leaf ? leaf.journey : [])))),
    sends: sorted(sends.map(({ id }) => id)),
    topics: sorted(sends.map((send) => send.topic ?? topic)),
  };
}

/** Journeys that it enrols into before anything makes it wait. */
const enrolsAtOnce = (steps: readonly StepPlace[]): readonly string[] =>
  steps.flatMap((place) => (place.step.type === 'enrol' && !waitsBefore(place, steps) ? [place.step.journey] : []));

const waitsBefore = ({ before }: StepPlace, steps: readonly StepPlace[]): boolean =>
  steps.some(({ step }) => before().has(step.id) && (step.type === 'wait' || step.type === 'waitFor'));

/** Traits that a step writes, whatever the settings declare. */
export const traitsSetBy = (step: Step): string[] =>
  step.type === 'update' ? [step.set, step.add, step.append].flatMap((values) => Object.keys(values ?? {})) : [];

type Variant = {
  readonly hasUnsubscribe: boolean;
  readonly topic?: string | undefined;
  readonly variables: readonly string[];
  readonly guarded?: readonly string[] | undefined;
  readonly links?: readonly string[] | undefined;
};

/** What the variants of templates offer, by template; variants by `<template>/<channel>[.<locale>]`. */
export function templateFacts(variants: Readonly<Record<string, Variant>>): Record<string, TemplateFacts> {
  const facts: Record<string, TemplateFacts> = {};
  for (const [name, variant] of Object.entries(variants)) {
    const [id = '', form = ''] = name.split('/');
    const [sort, locale = ''] = form.split('.');
    const channel = channelSchema.safeParse(sort);
    if (channel.success) facts[id] = merged(ownOf(facts, id), variant, channel.data, locale);
  }
  return facts;
}

function merged(known: TemplateFacts | undefined, variant: Variant, channel: Channel, locale: string): TemplateFacts {
  const bare = [...bareOf(known ?? { variables: [] }), ...bareOf(variant)];
  const variables = sorted([...(known?.variables ?? []), ...variant.variables]);
  const topic = variant.topic ?? known?.topic;
  // Of links of which nobody knows none can be said to be missing.
  const links = known && !known.links ? undefined : variant.links && [...(known?.links ?? []), ...variant.links];
  return {
    channels: [...new Set([...(known?.channels ?? []), channel])],
    locales: [...new Set([...(known?.locales ?? []), locale])],
    hasUnsubscribe: (known?.hasUnsubscribe ?? true) && variant.hasUnsubscribe,
    variables,
    guarded: variables.filter((name) => !bare.includes(name)),
    ...(links && { links: sorted(links) }),
    ...(topic !== undefined && { topic }),
  };
}

const bareOf = ({ variables = [], guarded = [] }: Partial<Pick<Variant, 'variables' | 'guarded'>>): readonly string[] =>
  variables.filter((name) => !guarded.includes(name));
