import { readPath } from '#shared/condition/lookup.ts';
import { zoneOf } from '#shared/contact/zone.ts';
import { describeCondition } from '#shared/diagram/words/conditions.ts';
import { sayTrigger } from '#shared/diagram/words/trigger.ts';
import { quoted } from '#shared/diagram/words/values.ts';
import type { Journey } from '#shared/journey/journey.ts';
import { REFUSAL_WORDS } from '#shared/report/refusals.ts';
import type { ContactPlay } from '#shared/simulation/contact-play.ts';
import type { Line, PassageLine } from '#shared/simulation/line.ts';
import type { Instant } from '#shared/time/instant.ts';
import type { Print } from './run-tests.ts';
import type { Happening, Story, TestFile } from './story.ts';
import { sayStepLine } from './tell-step.ts';
import { type StoryShop, type Told, tellStory } from './tell-story.ts';
import { sayHappening, sayMoment, sayWithheld } from './words.ts';

/** One line of what happens: by the contact, as the story says, or by a journey. */
export type Row = {
  readonly at: Instant;
  readonly by: 'contact' | 'tropa';
  /** Of other journeys than the story's own. */
  readonly journey?: string;
  readonly step?: string;
  what: string;
  why: string;
};

export type Narrative = Told & { readonly rows: readonly Row[] };

/** Tells a story as a table: what happens when, and why. */
export function narrate(story: Story, setting: Omit<TestFile, 'tests'>, shop: StoryShop, print: Print): Narrative {
  const narrator = new Narrator(setting.journey, shop, print);
  const told = tellStory(story, setting, shop, {
    explains: true,
    tell: (line, play) => narrator.tell(line, play),
    happens: (one, at) => narrator.happens(one, at),
  });
  return { ...told, rows: narrator.told() };
}

class Narrator {
  readonly #rows: Row[] = [];
  readonly #own: string;
  readonly #shop: StoryShop;
  readonly #print: Print;
  /** Messages that steps have put out, until it is known whether they went. */
  readonly #leaving = new Map<string, Row>();
  /** The step that has ended each passage. */
  readonly #ended = new Map<string, string>();
  /** What each passage waits for, so that a look in between is no news. */
  readonly #waits = new Map<string, string>();

  constructor(own: string, shop: StoryShop, print: Print) {
    this.#own = own;
    this.#shop = shop;
    this.#print = print;
  }

  happens(one: Happening, at: Instant): void {
    this.#rows.push({ at, by: 'contact', what: sayHappening(one), why: lacking(one, this.#journey(this.#own)) });
  }

  tell(line: Line, play: ContactPlay): void {
    if (line.what === 'parked')
      this.#say({ ...line, journey: this.#own }, `${line.type} goes nowhere`, 'events in a circle');
    if ('key' in line) this.#ofPassage(line, play);
  }

  /** By time: what the story makes happen is known before what was due until then. */
  told(): readonly Row[] {
    const rows = this.#rows.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
    for (const [i, row] of rows.entries())
      if (row.by === 'contact' && !rows.slice(i + 1).some(({ at, by }) => by === 'tropa' && at === row.at))
        row.why ||= 'nothing comes of it yet';
    return rows;
  }

  #ofPassage(line: PassageLine, play: ContactPlay): void {
    const journey = this.#journey(line.journey);
    if (line.what === 'step') this.#step(line, play);
    else if (line.what === 'sent') this.#sent(line, play);
    else if (line.what === 'withheld')
      this.#left(line, `does not send ${quoted(line.message.template)}`, sayWithheld(line.reason));
    else if (line.what === 'armed')
      this.#say(line, `waits for quiet until ${this.#moment(line.until, play)}`, starts(journey));
    else if (line.what === 'refused')
      this.#say(line, 'does not enter', [REFUSAL_WORDS[line.reason], ...line.because].join('; '));
    else if (line.what === 'entered') this.#say(line, entering(line), line.because.join('; ') || starts(journey));
    else if (line.what === 'held') this.#say(line, 'is held out', 'to compare with: gets nothing');
    else if (line.what === 'converted') this.#say(line, `reaches the goal${worth(line.value)}`, goalOf(journey));
    else if (line.what === 'ended') this.#say(line, `leaves: ${line.outcome}`, this.#ending(line, journey));
  }

  #ending({ outcome, ...line }: Extract<PassageLine, { what: 'ended' }>, journey: Journey | undefined): string {
    const step = this.#ended.get(`${line.journey}#${line.key}`);
    return step === undefined ? ending(outcome, journey) : `${quoted(step)} ends it`;
  }

  #step(line: Extract<PassageLine, { what: 'step' }>, play: ContactPlay): void {
    const passage = `${line.journey}#${line.key}`;
    const before = this.#waits.get(passage);
    const said = sayStepLine(line, before, (at) => this.#moment(at, play));
    if (said.ends) this.#ended.set(passage, line.step.id);
    else this.#ended.delete(passage);
    if (said.waits === undefined) this.#waits.delete(passage);
    else this.#waits.set(passage, said.waits);
    if (said.what === undefined) return;
    const row = this.#say(line, said.what, said.why ?? '', line.step.id);
    if (said.leaving) this.#leaving.set(`${passage}#${line.step.id}`, row);
  }

  #sent(line: Extract<PassageLine, { what: 'sent' }>, play: ContactPlay): void {
    const { template, channel, topic, lane } = line.message;
    const [subject] = this.#print(line.message, play)?.split('\n') ?? [];
    const reads = subject === undefined ? '' : `: “${subject}”`;
    const right = lane === 'marketing' ? `they agreed to ${quoted(topic)}` : `${quoted(topic)} needs no consent`;
    this.#left(line, `sends ${quoted(template)} by ${channel === 'email' ? 'e-mail' : channel}${reads}`, right);
  }

  #left(line: Extract<PassageLine, { what: 'sent' | 'withheld' }>, what: string, why: string): void {
    const name = `${line.journey}#${line.key}#${line.step}`;
    const row = this.#leaving.get(name) ?? this.#say(line, what, why, line.step);
    this.#leaving.delete(name);
    row.what = this.#named(line.journey, what);
    row.why = why;
  }

  #say(
    { at, journey }: { readonly at: Instant; readonly journey: string },
    what: string,
    why: string,
    step?: string,
  ): Row {
    const row: Row = {
      at,
      by: 'tropa',
      ...(journey !== this.#own && { journey }),
      ...(step !== undefined && { step }),
      what: this.#named(journey, what),
      why,
    };
    this.#rows.push(row);
    return row;
  }

  readonly #named = (journey: string, what: string): string => (journey === this.#own ? what : `${journey}: ${what}`);
  readonly #journey = (id: string): Journey | undefined => this.#shop.journeys.find((journey) => journey.id === id);

  #moment(at: Instant, { profile }: ContactPlay): string {
    return sayMoment(at, profile ? zoneOf(profile, this.#shop.settings) : this.#shop.settings.shop.timeZone);
  }
}

/** An event that would start the journey, were it known for what. */
function lacking(one: Happening, journey: Journey | undefined): string {
  const key = journey?.entry?.key;
  if (!('event' in one) || journey?.trigger.type !== 'event' || key === undefined) return '';
  const isStart = [journey.trigger.event].flat().includes(one.event);
  return isStart && readPath(one.data ?? {}, key) === undefined ? `starts nothing without ${quoted(key)}` : '';
}

const starts = (journey: Journey | undefined): string =>
  journey ? `starts ${sayTrigger(journey.trigger).join(', ')}` : '';

const goalOf = (journey: Journey | undefined): string => (journey?.goal ? describeCondition(journey.goal.if) : '');
const worth = (value: number | undefined): string => (value === undefined ? '' : `, worth ${value}`);

const entering = ({ key, n }: { readonly key: string; readonly n: number }): string =>
  `enters${key === '' ? '' : ` for ${quoted(key)}`}${n > 1 ? `, for the ${n}. time` : ''}`;

const ENDINGS: Readonly<Record<string, string>> = {
  converted: 'the goal is reached',
  finished: 'the last step is done',
  unsubscribed: 'they withdrew consent',
  restarted: 'begins anew',
};

function ending(outcome: string, journey: Journey | undefined): string {
  const exit = journey?.exits?.find((one) => (one.outcome ?? 'left') === outcome);
  return exit ? describeCondition(exit.if) : (ENDINGS[outcome] ?? '');
}
