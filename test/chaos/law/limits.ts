import type { Message } from '#shared/message/message.ts';
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

/** What was in force at any moment in which this claim may have been decided. */
function inForceAt(now: number, { shop }: World, { inForce }: Ledger): Settings[] {
  const all = [{ since: 0, settings: shop.settings }, ...inForce];
  return all.filter((_, i) => (all[i + 1]?.since ?? now) >= now - HONOURED).map(({ settings }) => settings);
}

/** Marketing is claimed just now, for a contact who is all these. */
export function checkLimits(message: Message, parts: readonly string[], world: World, ledger: Ledger): void {
  const { millis } = world.scheduler;
  const mine = parts.flatMap((part) => ledger.claims.get(part) ?? []);
  const gone = mine.filter((one) => one.message !== message.id && ledger.taken.has(one.message));
  const refusals = inForceAt(millis, world, ledger).map((settings) => {
    const traits = world.table.read(profileKey(parts[0] ?? ''))?.['traits'] as Traits;
    const zone = traits?.timeZone ?? settings.shop.timeZone;
    return fullCap(message, gone, millis, settings) ?? quietTime(millis, zone, settings);
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

function fullCap({ topic }: Message, gone: readonly Claim[], now: number, { caps }: Settings): Refusal | undefined {
  for (const { count, per = '', topic: of } of caps) {
    if (of !== undefined && of !== topic) continue;
    const span = (SPANS[per] ?? 0) - BEFORE;
    const counted = new Set(
      gone.filter((one) => one.at > now - span && (of === undefined || one.topic === of)).map((one) => one.message),
    );
    if (counted.size >= count) return ['nobody gets more than the caps allow', `${counted.size} went in ${per}`];
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
