import * as z from 'zod';
import { type Draft, type Imported, runImport } from '#shared/import/draft.ts';
import { inWords } from '#shared/import/durations.ts';
import type { Block } from '#shared/import/graph.ts';
import { type Ids, openIds } from '#shared/import/ids.ts';
import { nestedSteps } from '#shared/import/nested-journey.ts';
import type { Source } from '#shared/import/source.ts';
import { blockOf } from './activities.ts';
import { appSettings } from './app-settings.ts';
import { ADMIN, isSegment, unpacked, VERSIONS } from './documents.ts';
import { entrance } from './entrance.ts';
import { kindOf, type PinpointJourney } from './journey.ts';
import { nameSegment, segmentFile } from './segments.ts';
import { capsOf, quietTimes } from './times.ts';
import type { Asking } from './values.ts';

/**
 * Amazon Pinpoint: what `aws pinpoint get-journey` and `get-segment` print, as one object or several in a list.
 * https://docs.aws.amazon.com/pinpoint/latest/apireference/apps-application-id-journeys-journey-id.html
 */
export function importPinpoint(json: unknown): Imported {
  return runImport(json, (draft) => {
    const documents = Array.isArray(json) ? draft.source.items() : [draft.source];
    const parts = documents.flatMap(unpacked);
    const ids = openIds();
    // Segments first, and of these first the names: whoever asks for one then finds it.
    const segments = parts.filter(isSegment);
    for (const part of segments) nameSegment(draft, part);
    for (const part of segments) segmentFile(draft, part);
    for (const part of parts) if (part.at('Activities').fields().length > 0) journey(draft, part, ids);
    for (const part of parts) appSettings(draft, part);
  });
}

const text = z.string().min(1);

const PACE = 'Sending is paced to the account; a broadcast has "over".';

export function journey(draft: Draft, at: Source, journeyIds: Ids): void {
  const { notes } = draft;
  notes.drop(at, ADMIN, VERSIONS);
  const state = at.at('State').take(text);
  if (state !== undefined && state !== 'DRAFT') notes.changed(at.at('State'), `It was ${state}; here it is a draft.`);
  const name = at.at('Name').take(text) ?? 'Journey';
  const local = at.at('LocalTime').take(z.boolean()) === true;
  const quiet = quietTimes(draft, at);
  const caps = capsOf(at.at('Limits'));
  const waits = at.at('WaitForQuietTime').take(z.boolean()) ?? false;
  limits(draft, at);
  const ids = openIds();
  const activities = at.at('Activities');
  const idOf = idsOf(activities, at.at('StartActivity').value, ids);
  const asking: Asking = {
    notes,
    needs: draft.needs,
    stepOf: (key) => (activities.at(key).value ? idOf(key) : undefined),
  };
  const shared: PinpointJourney = {
    draft,
    asking,
    ids,
    idOf,
    local,
    expires: quiet.length > 0 && !waits ? 'PT0S' : undefined,
  };
  const start = startOf(at, activities);
  const steps = stepsOf(shared, activities, start.activity);
  const note = at.at('StartCondition').at('Description').take(text);
  draft.journey(at, {
    id: journeyIds.claim(name, 'journey'),
    name,
    ...(note !== undefined && { note }),
    status: 'draft',
    ...entrance({ draft, asking, at, local, holdout: start.holdout }),
    ...(caps.length > 0 && { caps }),
    ...(quiet.length > 0 && { quiet }),
    steps,
  });
}

/** Ids are given from the first activity on, so that of two with one name the earlier gets it plain. */
function idsOf(activities: Source, start: unknown, ids: Ids): (key: string) => string {
  const given = new Map<string, string>();
  const nameOf = (key: string): [string, string] => {
    const activity = activities.at(key);
    const kind = kindOf(activity);
    const words = activity.at('Description').value ?? (kind && activity.at(kind).at('TemplateName').value);
    return [typeof words === 'string' ? words : wordsOf(activity, kind), 'step'];
  };
  const idOf = (key: string): string => {
    const id = given.get(key) ?? ids.claim(...nameOf(key));
    given.set(key, id);
    return id;
  };
  const seen = new Set<string>();
  const visit = (key: unknown): void => {
    if (typeof key !== 'string' || seen.has(key) || !activities.at(key).value) return;
    seen.add(key);
    idOf(key);
    const found = JSON.stringify(activities.at(key).value).matchAll(/"(?:\w+Activity)":"([^"]+)"/g);
    for (const [, onward] of found) visit(onward);
  };
  visit(start);
  return idOf;
}

const WORDS = {
  ConditionalSplit: 'which',
  MultiCondition: 'which',
  RandomSplit: 'split',
  CUSTOM: 'call',
  Wait: 'wait',
};

const hasWord = (kind: string): kind is keyof typeof WORDS => Object.hasOwn(WORDS, kind);

function wordsOf(activity: Source, kind: string | undefined): string {
  const span = activity.at('Wait').at('WaitTime').at('WaitFor').value;
  if (typeof span === 'string') return `wait ${inWords(span)}`;
  if (kind === undefined) return 'step';
  return hasWord(kind) ? WORDS[kind] : kind;
}

/** A holdout as the very first activity is the entry's. */
function startOf(at: Source, activities: Source): { activity: string | undefined; holdout: number | undefined } {
  const first = at.at('StartActivity').take(text);
  const holdout = first === undefined ? undefined : activities.at(first).at('Holdout');
  const share = holdout?.at('Percentage').take(z.number());
  if (first === undefined || !holdout || share === undefined) return { activity: first, holdout: undefined };
  activities.at(first).at('Description').take(text);
  return { activity: holdout.at('NextActivity').take(text), holdout: share };
}

function stepsOf(journeyOf: PinpointJourney, activities: Source, entry: string | undefined) {
  const { draft, ids } = journeyOf;
  const blocks = new Map<string, Block>();
  const read = (key: string): void => {
    if (blocks.has(key) || !activities.at(key).value) return;
    const block = blockOf(activities.at(key), key, journeyOf);
    blocks.set(key, block);
    for (const to of block.fork?.to ?? [block.next]) if (to !== undefined) read(to);
  };
  if (entry !== undefined) read(entry);
  for (const [key, activity] of activities.fields()) {
    const isHoldout = activities.at(key).at('Holdout').value && !blocks.has(key);
    if (!blocks.has(key) && !isHoldout) draft.notes.lost(activity, 'Nothing leads to this activity.');
  }
  return nestedSteps(draft, { entry, blocks }, ids, (key) => activities.at(key));
}

function limits({ notes }: Draft, at: Source): void {
  const rate = at.at('Limits').at('MessagesPerSecond');
  if (rate.value) notes.lost(rate, 'A rate of one journey cannot be expressed.', PACE);
  for (const method of at.at('TimezoneEstimationMethods').items()) {
    const isPhone = method.take(z.literal('PHONE_NUMBER')) !== undefined;
    if (isPhone)
      notes.changed(
        method,
        'The time zone comes from the phone number when the contact is recorded, for all journeys.',
      );
    else notes.lost(method, 'Time zones cannot be read from postal codes.', 'Send the time zone with the profile.');
  }
  const channels = at.at('JourneyChannelSettings');
  if (channels.value)
    notes.lost(channels, 'There are no voice calls here.', 'A "call" step can hand the contact to Connect.');
}
