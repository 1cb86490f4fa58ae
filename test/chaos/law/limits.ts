import type { Message } from '#shared/message/message.ts';
import type { Cap } from '#shared/sending/caps.ts';
import { type Settings, settingsSchema } from '#shared/settings/settings.ts';
import { profileKey, settingsKey } from '#shared/store/keys.ts';
import type { Changed } from '../world/memory-table.ts';
import type { World } from '../world/world.ts';
import type { Ledger } from './ledger.ts';

/**
 * How much marketing a contact gets, and when, told in other words than the product's. Of the caps and quiet times of the
 * shop's settings those are asked that the worlds have: a count in a span, for all or for a topic, and hours of the day.
 */

/** Settings as they went live. */
export type InForce = { readonly since: number; readonly settings: Settings };
/** A claim of a marketing mail, as its contact's caps count it. */
export type Claim = { readonly message: string; readonly topic: string; readonly at: number };

const HOUR = 3_600_000;
/** A day that begins clocks' summer is an hour shorter. */
const SPANS: Readonly<Record<string, number>> = { PT6H: 6 * HOUR, P1D: 23 * HOUR, P3D: 71 * HOUR };
/** What is cached of settings, and as long as a function may take. */
const HONOURED = 70_000;
/** As far as clocks differ, and as long as a function may take between its question and the claim. */
const [BEFORE, BEHIND] = [2 * 60_000, 2000];

export function noteSettings({ key, after }: Changed, { scheduler }: World, ledger: Ledger): void {
  if (key.pk !== settingsKey.pk || key.sk !== settingsKey.sk || !after) return;
  ledger.inForce.push({ since: scheduler.millis, settings: settingsOf(String(after['settings'])) });
}

const known = new Map<string, Settings>();
export function settingsOf(text: string): Settings {
  const settings = known.get(text) ?? settingsSchema.parse(JSON.parse(text));
  known.set(text, settings);
  return settings;
}

const historyOf = ({ shop }: World, { inForce }: Ledger): InForce[] => [
  { since: 0, settings: shop.settings },
  ...inForce,
];

/** What was in force at any moment in which this claim may have been decided. */
const inForceAt = (now: number, all: readonly InForce[]): Settings[] =>
  all.filter((_, i) => (all[i + 1]?.since ?? now) >= now - HONOURED).map(({ settings }) => settings);

/** A cap counts what went since one like it, or a wider one, holds: what went before is not remembered for as long. */
function countsSince(cap: Cap, all: readonly InForce[]): number {
  const isAsWide = (other: Cap): boolean =>
    (other.topic === undefined || other.topic === cap.topic) && spanOf(other) >= spanOf(cap);
  const last = all.findLastIndex(({ settings }) => !settings.caps.some(isAsWide));
  const since = all[last + 1]?.since ?? Number.POSITIVE_INFINITY;
  return since === 0 ? 0 : since + HONOURED;
}

const spanOf = ({ per = '' }: Cap): number => SPANS[per] ?? 0;

/** Marketing is claimed just now, for a contact who is all these. */
export function checkLimits(message: Message, parts: readonly string[], world: World, ledger: Ledger): void {
  const { millis } = world.scheduler;
  const mine = parts.flatMap((part) => ledger.claims.get(part) ?? []);
  const gone = mine.filter((one) => one.message !== message.id && ledger.taken.has(one.message));
  const history = historyOf(world, ledger);
  const refusals = inForceAt(millis, history).map((settings) => {
    const traits = world.table.read(profileKey(parts[0] ?? ''))?.['traits'] as Traits;
    const zone = traits?.timeZone ?? settings.shop.timeZone;
    return fullCap(message, gone, millis, { settings, history }) ?? quietTime(millis, zone, settings);
  });
  const [refusal] = refusals;
  if (refusal !== undefined && !refusals.includes(undefined))
    ledger.broken(refusal[0], `${message.journey}/${message.step} to ${message.contact}: ${refusal[1]}`);
  ledger.claims.set(message.contact, [
    ...(ledger.claims.get(message.contact) ?? []),
    { message: message.id, topic: message.topic, at: millis },
  ]);
}

type Traits = { readonly timeZone?: string } | undefined;
type Refusal = readonly [law: string, seen: string];

function fullCap(
  { topic }: Message,
  gone: readonly Claim[],
  now: number,
  { settings, history }: { settings: Settings; history: readonly InForce[] },
): Refusal | undefined {
  for (const cap of settings.caps) {
    if (cap.topic !== undefined && cap.topic !== topic) continue;
    const from = Math.max(now - spanOf(cap) + BEFORE, countsSince(cap, history));
    const counted = gone.filter((one) => one.at > from && (cap.topic === undefined || one.topic === cap.topic));
    const { size } = new Set(counted.map(({ message }) => message));
    if (size >= cap.count) return ['nobody gets more than the caps allow', `${size} went in ${cap.per}`];
  }
  return undefined;
}

const clocks = new Map<string, Intl.DateTimeFormat>();
function clockAt(millis: number, zone: string): string {
  const options = { timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  const clock = clocks.get(zone) ?? new Intl.DateTimeFormat('en-GB', options);
  clocks.set(zone, clock);
  return clock.format(millis);
}

function quietTime(now: number, zone: string, { quiet }: Settings): Refusal | undefined {
  for (const { from = '00:00', to = '24:00' } of quiet) {
    const isQuiet = (millis: number): boolean => {
      const clock = clockAt(millis, zone);
      return from < to ? from <= clock && clock < to : from <= clock || clock < to;
    };
    if ([now - BEFORE, now, now + BEHIND].every(isQuiet))
      return ['marketing keeps to the hours of its contact', `${clockAt(now, zone)} in ${zone}`];
  }
  return undefined;
}
