import type { Condition } from '#shared/condition/condition.ts';
import type { Channel } from '#shared/event/event.ts';
import type { Journey } from '#shared/journey/journey.ts';
import type { Settings } from '#shared/settings/settings.ts';
import type { Instant } from '#shared/time/instant.ts';
import type { JourneyFacts } from './facts.ts';
import type { Source } from './parse.ts';
import type { Population } from './population.ts';
import type { ConditionPlace, StepPlace } from './walk.ts';

/** What a journey needs to know of a template. */
export type TemplateFacts = {
  readonly channels: readonly Channel[];
  /** Locales that it has a variant for; the one for everybody else is ''. */
  readonly locales?: readonly string[];
  /** Whether each of its marketing-capable variants prints `message.unsubscribe_url`. */
  readonly hasUnsubscribe: boolean;
  /** What its variants print: `steps.code.code`. */
  readonly variables?: readonly string[];
  /** Those of them that are always printed with a default, or only asked about. */
  readonly guarded?: readonly string[];
  /** What its links go by: names, else addresses with their Liquid. Undefined where nobody has looked. */
  readonly links?: readonly string[];
  readonly topic?: string;
};

/** How the tests of a journey went. */
export type TestResults = {
  readonly count: number;
  readonly failed: readonly { readonly file: string; readonly name: string; readonly said: string }[];
};

/** What a file is held against. */
export type CheckContext = {
  readonly settings: Settings;
  /** By template id. */
  readonly templates: Readonly<Record<string, TemplateFacts>>;
  /** Files of templates that are there and have errors of their own, by template id. */
  readonly faulty?: Readonly<Record<string, string>>;
  /** Journeys that are live, by id. */
  readonly journeys: Readonly<Record<string, JourneyFacts>>;
  /** Journeys that are not live yet and whose files are there: two that name each other would wait for ever. */
  readonly coming?: readonly string[];
  /** Journeys that nobody enters any more: what they have sent may still be asked about. */
  readonly archived?: readonly string[];
  /** Segments that are live, by id. */
  readonly segments: Readonly<Record<string, Condition>>;
  /** Pools of coupon codes that have been uploaded. */
  readonly pools?: readonly string[];
  /** Surveys that are live, by id. */
  readonly surveys?: readonly string[];
  /** Types of events that have ever come in; undefined when nobody has counted. */
  readonly seen?: readonly string[];
  /** Undefined where time plays no part; then nothing has passed. */
  readonly now?: Instant;
  /** Figures about contacts; without them a rule is silent or speaks without its number. */
  readonly population?: Population;
  /**
   * Of the journey that is looked at: the steps that its versions have had, how many stand on each, and the hash of what is
   * live. Undefined where nobody can know, or nobody asked.
   */
  readonly inside?: {
    readonly steps: readonly string[];
    readonly standing: Readonly<Record<string, number>>;
    readonly hash: string;
  };
  /** Runs the tests that lie beside a journey; undefined where nobody can. */
  readonly tests?: (journey: Journey) => TestResults | undefined;
};

/** A file with conditions in it, taken apart for the checks. Segments and settings have no steps. */
export type Asking = {
  readonly source: Source;
  readonly context: CheckContext;
  readonly steps: readonly StepPlace[];
  readonly conditions: readonly ConditionPlace[];
  readonly journey?: Journey;
};

/** A journey that fits the grammar, taken apart for the checks. */
export type Checked = Asking & { readonly journey: Journey };

/** `marketing` is always a topic. */
export const topicsOf = (settings: Settings): readonly string[] => ['marketing', ...Object.keys(settings.topics)];
