import type { Channel } from '#shared/event/event.ts';
import type { Journey } from '#shared/journey/journey.ts';
import type { Settings } from '#shared/settings/settings.ts';
import type { Source } from './parse.ts';
import type { ConditionPlace, StepPlace } from './walk.ts';

/** What a journey needs to know of a template. */
export type TemplateFacts = {
  readonly channels: readonly Channel[];
  /** Whether each of its marketing-capable variants prints `message.unsubscribe_url`. */
  readonly hasUnsubscribe: boolean;
  /** What its variants print: `steps.code.code`. */
  readonly variables?: readonly string[];
  readonly topic?: string;
};

/** What a journey needs to know of another. */
export type JourneyFacts = {
  readonly trigger: Journey['trigger']['type'];
  /** Journeys that it enrols into before anything makes it wait. */
  readonly enrols: readonly string[];
};

/** What a file is held against. */
export type CheckContext = {
  readonly settings: Settings;
  /** By template id. */
  readonly templates: Readonly<Record<string, TemplateFacts>>;
  /** Journeys that are live, by id. */
  readonly journeys: Readonly<Record<string, JourneyFacts>>;
};

/** A journey that fits the grammar, taken apart for the checks. */
export type Checked = {
  readonly journey: Journey;
  readonly source: Source;
  readonly context: CheckContext;
  readonly steps: readonly StepPlace[];
  readonly conditions: readonly ConditionPlace[];
};

/** `marketing` is always a topic. */
export const topicsOf = (settings: Settings): readonly string[] => ['marketing', ...Object.keys(settings.topics)];
