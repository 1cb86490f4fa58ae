import type { Condition } from '#shared/condition/condition.ts';
import { evaluate } from '#shared/condition/evaluate.ts';
import type { Profile } from '#shared/contact/profile.ts';
import { type CompiledJourney, compile } from '#shared/journey/compile.ts';
import type { Journey } from '#shared/journey/journey.ts';
import type { Beside } from '#shared/publish/impact.ts';
import type { Population } from '#shared/publish/population.ts';
import { textOf } from '#shared/publish/text-of.ts';
import { conditionPlaces, leavesOf, stepPlaces } from '#shared/publish/walk.ts';
import { ContactFacts } from '#shared/store/facts.ts';
import { partsOf } from '#shared/store/profiles.ts';
import { type Contact, contactScope } from '#shared/store/scope.ts';
import type { Table } from '#shared/store/table.ts';
import { isStarted, isTrueAlready } from './starting.ts';

/** What a sample of contacts says about a journey that is to go live. */
export type Figures = {
  readonly population: Population;
  readonly existing?: number;
  readonly beside: readonly Beside[];
  readonly looked: { readonly at: number; readonly of: number };
};

export type FiguresDeps = Pick<Contact, 'settings' | 'segments' | 'now'> & {
  readonly table: Table;
  /** The journeys that are live. */
  readonly live: readonly Journey[];
  /** It is live for the first time. */
  readonly isNew: boolean;
};

/** Contacts that are looked at together. */
const AT_ONCE = 16;
/** Of fewer contacts nobody draws a share. */
const ENOUGH = 50;

type Question = {
  readonly journey: CompiledJourney;
  readonly others: readonly { readonly journey: CompiledJourney; readonly by: string }[];
  readonly topics: readonly string[];
  /** What may be asked of anybody, by how population figures name it. */
  readonly conditions: ReadonlyMap<string, Condition>;
  readonly existing: boolean;
};
type Answer = {
  readonly consents: readonly string[];
  readonly language: string | undefined;
  readonly satisfies: readonly string[];
  readonly existing: boolean;
  readonly starts: boolean;
  /** Journeys beside it that would take them, too. */
  readonly also: readonly string[];
};

/** Looks at the contacts of a sample, each once, and says what they come to. */
export class FigureCount {
  readonly #question: Question;
  readonly #deps: FiguresDeps;
  readonly #answers: Answer[] = [];

  constructor(journey: Journey, deps: FiguresDeps) {
    this.#question = questionOf(journey, deps);
    this.#deps = deps;
  }

  async look(profiles: readonly Profile[]): Promise<void> {
    for (let at = 0; at < profiles.length; at += AT_ONCE) {
      const some = profiles.slice(at, at + AT_ONCE).map((profile) => {
        const facts = new ContactFacts(this.#deps.table, partsOf(profile));
        return facts.settle(() => answer(this.#question, { ...this.#deps, profile, facts }));
      });
      this.#answers.push(...(await Promise.all(some)));
    }
  }

  /** `contacts`: all there are. */
  sum(contacts: number): Figures {
    return summed(this.#question, this.#answers, Math.max(contacts, this.#answers.length));
  }
}

function questionOf(journey: Journey, { live, isNew }: FiguresDeps): Question {
  const { trigger, topic = 'marketing' } = journey;
  const places = stepPlaces(journey);
  const sends = places.flatMap(({ step }) => (step.type === 'send' ? [step.topic ?? topic] : []));
  const asked = conditionPlaces(journey, places).filter(({ use }) => use === 'entry' || use === 'ask');
  const whole = asked.filter(({ condition }) => isOfAnybody(condition)).map(({ condition }) => condition);
  const segments = asked.flatMap(({ leaves }) => leaves.flatMap(({ leaf }) => ('segment' in leaf ? leaf.segment : [])));
  return {
    journey: compile({ ...journey, status: 'live' }, 0),
    others: live.flatMap((other) => {
      const by = other.id === journey.id ? undefined : sharedBy(journey, other);
      return by === undefined ? [] : [{ journey: compile(other, 0), by }];
    }),
    topics: [...new Set(sends)],
    conditions: new Map([
      ...whole.map((condition) => [textOf(condition), condition] as const),
      ...segments.map((id) => [`segment:${id}`, { segment: id }] as const),
    ]),
    existing: isNew && 'existing' in trigger && trigger.existing === true,
  };
}

/** What it asks does not hang on a passage, an event at hand or the hour. */
const isOfAnybody = (condition: Condition): boolean =>
  !/"(trigger|step|data|entry|now)"/.test(JSON.stringify(condition)) &&
  leavesOf(condition, [], 'contact').every(
    ({ leaf, use }) => use === 'where' || !('message' in leaf || 'sample' in leaf || 'now' in leaf),
  );

function sharedBy({ trigger: one }: Journey, { trigger: other }: Journey): string | undefined {
  if ('segment' in one && 'segment' in other)
    return one.segment === other.segment ? `the segment "${one.segment}"` : undefined;
  if (one.type !== 'event' || other.type !== 'event') return undefined;
  const types = [one.event].flat().filter((type) => [other.event].flat().includes(type));
  return types.length > 0 ? types.join(', ') : undefined;
}

function answer({ journey, others, topics, conditions, existing }: Question, contact: Contact): Answer {
  const scope = contactScope(contact);
  const locale = contact.profile.traits['locale'];
  const starts = others.length > 0 && isStarted(journey, contact);
  return {
    consents: topics.filter((topic) => evaluate({ consent: topic }, scope)),
    language: typeof locale === 'string' ? locale : undefined,
    satisfies: [...conditions].flatMap(([name, condition]) => (evaluate(condition, scope) ? [name] : [])),
    existing: existing && isTrueAlready(journey, contact),
    starts,
    also: starts ? others.flatMap((other) => (isStarted(other.journey, contact) ? [other.journey.id] : [])) : [],
  };
}

function summed(
  { journey, others, topics, conditions, existing }: Question,
  answers: readonly Answer[],
  of: number,
): Figures {
  const at = answers.length;
  const scaled = (n: number): number => (at === 0 ? 0 : Math.round((n / at) * of));
  const count = (is: (one: Answer) => boolean): number => answers.filter(is).length;
  const started = count(({ starts }) => starts);
  const entering = scaled(count((one) => one.existing));
  const beside = others.map((other) => {
    const both = count(({ also }) => also.includes(other.journey.id));
    return { journey: other.journey.id, by: other.by, ...(started >= FEW && { share: both / started }) };
  });
  const shares = beside.flatMap(({ journey: id, share }) =>
    share === undefined ? [] : [[`${journey.id}/${id}`, share]],
  );
  return {
    population: {
      ...(at >= ENOUGH && { ...sharesOf(answers, topics), ...satisfying(answers, conditions, of) }),
      ...(at > 0 && existing && { existing: { [journey.id]: entering } }),
      ...(at > 0 && { looked: { at, of }, both: Object.fromEntries(shares) }),
    },
    ...(at > 0 && existing && { existing: entering }),
    beside,
    looked: { at, of },
  };
}

/** Of fewer nobody says how many others take. */
const FEW = 10;

function sharesOf(answers: readonly Answer[], topics: readonly string[]): Population {
  const share = (is: (one: Answer) => boolean): number => answers.filter(is).length / answers.length;
  const languages = new Set(answers.flatMap(({ language }) => language ?? []));
  return {
    consenting: Object.fromEntries(topics.map((topic) => [topic, share(({ consents }) => consents.includes(topic))])),
    reading: Object.fromEntries([...languages].map((one) => [one, share(({ language }) => language === one)])),
  };
}

/** By how many of those that were looked at, so that nobody and everybody are not a matter of rounding. */
function satisfying(answers: readonly Answer[], conditions: Question['conditions'], contacts: number): Population {
  const counts = [...conditions.keys()].map((name) => {
    const n = answers.filter(({ satisfies }) => satisfies.includes(name)).length;
    return [name, n === answers.length ? contacts : n] as const;
  });
  return { contacts, satisfying: Object.fromEntries(counts) };
}
