import * as z from 'zod';
import type { Condition } from '#shared/condition/condition.ts';
import { chosen } from '#shared/import/choice.ts';
import { about, allOf, anyOf, lostCondition, oneOrList } from '#shared/import/conditions.ts';
import type { Source } from '#shared/import/source.ts';
import { channelOf, messageFact } from './messages-asked.ts';
import { type Asking, EXCLUSIVE, INCLUDED, values } from './values.ts';

const text = z.string();

const texts = z.array(z.string());

/** EventDimensions as the events themselves: their types, and what their data must say. */
export function eventsOf(
  asking: Asking,
  dimensions: Source,
): { types: string[]; where: Condition | undefined; isNot: boolean } {
  const eventType = dimensions.at('EventType');
  return {
    types: eventType.at('Values').take(texts) ?? [],
    isNot: eventType.at('DimensionType').take(INCLUDED) === EXCLUSIVE,
    where: allOf(values(asking, 'data', dimensions)),
  };
}

/** An EventCondition: what became of a message of this journey, or whether an event has happened. */
export function eventCondition(asking: Asking, source: Source): Condition {
  const activity = source.at('MessageActivity').take(text);
  const { types, where, isNot } = eventsOf(asking, source.at('Dimensions'));
  const facts = types.flatMap((type) => messageFact(type) ?? []);
  const others = types.filter((type) => messageFact(type) === undefined);
  const step = activity === undefined ? 'any' : asking.stepOf(activity);
  if (activity !== undefined && step === undefined) {
    return lostCondition(
      asking.notes,
      source,
      `It asks for the message of "${activity}", which is not in the journey.`,
    );
  }
  const asked = [
    ...(facts.length > 0 ? [{ message: step ?? 'any', is: oneOrList([...new Set(facts)]) }] : []),
    ...(others.length > 0
      ? [{ event: oneOrList(others.map((t) => asking.needs.event(source, t))), ...(where && { where }) }]
      : []),
  ];
  if (facts.length > 0 && where) {
    asking.notes.lost(source.at('Dimensions').at('Attributes'), 'Attributes of message events cannot be asked for.');
  }
  const found = anyOf(asked);
  if (!found) return lostCondition(asking.notes, source, 'It asks for no event.');
  return isNot ? { not: found } : found;
}

const RECENCY: Readonly<Record<string, string>> = { HR_24: 'PT24H', DAY_7: 'P7D', DAY_14: 'P14D', DAY_30: 'P30D' };

const TRAITS: Readonly<Record<string, string>> = {
  AppVersion: 'device.appVersion',
  DeviceType: 'device.type',
  Make: 'device.make',
  Model: 'device.model',
  Platform: 'device.os',
};

function set(dimension: Source, path: string): Condition {
  const found = dimension.at('Values').take(texts) ?? [];
  const isNot = dimension.at('DimensionType').take(INCLUDED) === EXCLUSIVE;
  return about('trait', path, isNot ? { isNot: oneOrList(found) } : { is: oneOrList(found) });
}

function channels(asking: Asking, dimension: Source): Condition {
  const wanted = dimension.at('Values').take(texts) ?? [];
  const isNot = dimension.at('DimensionType').take(INCLUDED) === EXCLUSIVE;
  const known = [...new Set(wanted.flatMap((name) => channelOf(name) ?? []))];
  const unknown = wanted.filter((name) => !channelOf(name));
  if (known.length === 0 || unknown.length > 0) {
    return lostCondition(asking.notes, dimension, `There is no channel ${unknown.join(', ')} here.`);
  }
  const reachable: Condition = { reachable: oneOrList(known) };
  if (known.length < wanted.length) asking.notes.changed(dimension, `${wanted.join(', ')} are one channel here.`);
  return isNot ? { not: reachable } : reachable;
}

/** SegmentDimensions: all of them must hold. */
export function contactCondition(asking: Asking, dimensions: Source): Condition | undefined {
  const recency = dimensions.at('Behavior').at('Recency');
  const active: Condition = { event: 'any', within: chosen(recency.at('Duration'), RECENCY) ?? 'P30D' };
  const inactive = recency.at('RecencyType').take(z.enum(['ACTIVE', 'INACTIVE'])) === 'INACTIVE';
  const demographic = dimensions.at('Demographic');
  const location = dimensions.at('Location');
  const gps = location.at('GPSPoint');
  const asked = [
    ...values(asking, 'trait', dimensions),
    ...(recency.value ? [inactive ? { not: active } : active] : []),
    ...(demographic.at('Channel').value ? [channels(asking, demographic.at('Channel'))] : []),
    ...Object.entries(TRAITS).flatMap(([key, path]) =>
      demographic.at(key).value ? [set(demographic.at(key), path)] : [],
    ),
    ...(location.at('Country').value ? [set(location.at('Country'), 'location.country')] : []),
    ...(gps.value
      ? [
          lostCondition(
            asking.notes,
            gps,
            'Distances from a place cannot be asked for.',
            'Keep the nearest shop as a trait.',
          ),
        ]
      : []),
  ];
  return allOf(asked);
}

/** A SimpleCondition, or one of the conditions within it. */
function oneCondition(asking: Asking, source: Source): Condition {
  const segment = source.at('SegmentCondition').at('SegmentId').take(text);
  const found = [
    ...(source.at('EventCondition').value ? [eventCondition(asking, source.at('EventCondition'))] : []),
    ...(segment === undefined ? [] : [{ segment: asking.needs.segment(source, segment) }]),
    ...[contactCondition(asking, source.at('SegmentDimensions'))].flatMap((c) => c ?? []),
  ];
  return allOf(found) ?? lostCondition(asking.notes, source, 'This condition is of a kind that is not known.');
}

export const simpleCondition = (asking: Asking, source: Source): Condition => oneCondition(asking, source);

/** The condition of a yes/no split: several, of which all or any must hold. */
export function splitCondition(asking: Asking, source: Source): Condition {
  const conditions = source
    .at('Conditions')
    .items()
    .map((c) => oneCondition(asking, c));
  const operator = source.at('Operator').take(z.enum(['ALL', 'ANY'])) ?? 'ALL';
  const found = operator === 'ANY' ? anyOf(conditions) : allOf(conditions);
  return found ?? lostCondition(asking.notes, source, 'The split asks for nothing.');
}
