import type { Condition } from '#shared/condition/condition.ts';
import { eventTypesOf, walk } from '#shared/condition/leaves.ts';
import { describeCondition } from '#shared/diagram/words/conditions.ts';
import { sayTrigger } from '#shared/diagram/words/trigger.ts';
import type { Journey, Trigger } from '#shared/journey/journey.ts';
import { ownOf } from '#shared/own-of.ts';
import type { Settings, ValueType } from '#shared/settings/settings.ts';
import type { Json } from '#shared/store/table.ts';
import type { StoryShop } from '#shared/story/tell-story.ts';

/** What to write when nothing is told: a command that fits the journey's trigger. */

const VALUES: { readonly [T in ValueType]: Json } = {
  text: 'abc',
  number: 10,
  flag: true,
  date: '2026-03-05',
  duration: 'P30D',
  texts: ['abc'],
  numbers: [10],
};

export function whatToWrite(journey: Journey, shop: StoryShop, named: string): string {
  const words = EXAMPLES[journey.trigger.type](journey.trigger, journey, shop);
  return [
    `Say what happens. "${journey.id}" starts: ${sayTrigger(journey.trigger).join(', ')}. For example:`,
    '',
    `  npx tropa simulate ${named} ${words.command}`,
    '',
    ...(words.remark === undefined ? [] : [words.remark]),
    `More of it: --event and --message as often as you like, --contact for whom it happens to, or a whole file: --story.`,
  ].join('\n');
}

type Example = { readonly command: string; readonly remark?: string };
const NONE: Example = { command: '--story story.json' };
type ExampleOf = (trigger: Trigger, journey: Journey, shop: StoryShop) => Example;
const EXAMPLES: { readonly [T in Trigger['type']]: ExampleOf } = {
  event: (trigger, _, shop) => (trigger.type === 'event' ? eventExample(trigger, shop.settings) : NONE),
  segment: (trigger, { id }, { segments, settings }) =>
    trigger.type === 'segment' ? segmentExample(id, trigger.segment, ownOf(segments, trigger.segment), settings) : NONE,
  date: (trigger) => {
    if (trigger.type !== 'date' || trigger.trait === undefined) return NONE;
    const day = trigger.every === undefined ? '2026-08-05' : '1990-08-05';
    return { command: `--contact '${JSON.stringify({ traits: { [trigger.trait]: day } })}' --until P1Y` };
  },
  schedule: (trigger) => {
    const day = trigger.type === 'schedule' ? trigger.at.slice(0, -6) : '';
    return { command: `--contact '{"traits":{}}'${day === '' ? '' : ` --start ${day}T00:00`}` };
  },
  manual: (trigger, { id }) => {
    const data = trigger.type === 'manual' ? trigger.data : undefined;
    const filled = Object.fromEntries(
      Object.entries(data ?? {}).map(([name, type]) => [name, ownOf<Json>(VALUES, type) ?? VALUES.text]),
    );
    return { command: `--enrol '${id}@PT0S${jsonOf(filled)}'` };
  },
};

/** By an event that the segment asks about; else somebody changes the contact, which only a file can tell. */
function segmentExample(id: string, segment: string, condition: Condition | undefined, settings: Settings): Example {
  const types = condition ? eventTypesOf(condition) : [];
  const [type] = types === 'any' ? Object.keys(settings.events) : types;
  const consents = { email: Object.keys(settings.topics) };
  const story = {
    journey: id,
    contact: { consents },
    tests: [{ timeline: [{ at: 'PT1H', profile: { tag: ['abc'] } }] }],
  };
  const meaning = condition ? ` has: ${describeCondition(condition)}` : ' is not there yet';
  return type === undefined
    ? {
        command: '--story story.json',
        remark: `with this in story.json:\n\n  ${JSON.stringify(story)}\n\nThe segment "${segment}"${meaning}.`,
      }
    : { ...eventExample({ type: 'event', event: type }, settings), remark: `The segment "${segment}"${meaning}.` };
}

function eventExample({ event, where }: Extract<Trigger, { type: 'event' }>, settings: Settings): Example {
  const [type = ''] = [event].flat();
  const data: Record<string, Json> = {};
  for (const [path, kind] of Object.entries(ownOf(settings.events, type) ?? {})) put(data, path, VALUES[kind]);
  for (const [path, value] of where ? wanted(where) : []) put(data, path, value);
  return { command: `--event '${type}@PT0S${jsonOf(data)}'` };
}

const jsonOf = (data: object): string => (Object.keys(data).length === 0 ? '' : ` ${JSON.stringify(data)}`);

/** Of `items.productId` the last name lies within the first; what is given as a list lies in a list of one. */
function put(data: Record<string, Json>, path: string, value: Json): void {
  const [first = '', ...rest] = path.split('.');
  const inner = rest.join('.');
  const before = data[first];
  const inList = Array.isArray(before) || (Array.isArray(value) && inner !== '');
  const [one = null] = [value].flat();
  const within = { ...fieldsOf(Array.isArray(before) ? before[0] : before), [inner]: inList ? one : value };
  data[first] = inner === '' ? value : inList ? [within] : within;
}

const fieldsOf = (value: Json | undefined): object =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};

/** Values with which the simple parts of a `where` are true. */
function wanted(where: Condition): [string, Json][] {
  return [...walk(where)].flatMap((leaf): [string, Json][] => {
    if (!('data' in leaf)) return [];
    const [is] = [leaf.is ?? []].flat();
    if (typeof is === 'string' || typeof is === 'number' || typeof is === 'boolean') return [[leaf.data, is]];
    if (typeof leaf.gte === 'number') return [[leaf.data, leaf.gte]];
    return typeof leaf.gt === 'number' ? [[leaf.data, leaf.gt + 10]] : [];
  });
}
