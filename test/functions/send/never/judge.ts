import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';

export const DAYS = 4;

/** The contact: to the shop, on the page of preferences, by the link of a confirmation. */
const CONTACTS = ['no', 'yes', 'no-topic', 'no-on-page', 'signs-up', 'confirms'] as const;
/** The shop and its mailbox providers. `resume` lets all go again. */
const HALTS = ['pause', 'halt', 'halt-topic', 'halt-journey', 'resume'] as const;
export type Word = (typeof CONTACTS)[number] | (typeof HALTS)[number] | 'suppressed';

type Cap = { count: number; per?: string; topic?: string };
type Quiet = { from: string; to: string };
export type Given = {
  zone: string | undefined;
  caps: Cap[];
  quiet: Quiet[];
  journeys: { priority: number; topic: string; expires: string; waits: string; own: Cap[]; best: boolean }[];
  /** After so many minutes somebody says or does this; in the midst of a sending, or between two. */
  words: { after: number; says: Word; amid: boolean }[];
  /** News ask for double opt-in. */
  double: boolean;
  /** Marketing mails a day, while a new domain is made known. */
  warm: number | undefined;
  seed: number;
};

const cap = fc.record(
  { count: fc.nat({ max: 2 }), per: fc.constantFrom('PT6H', 'P1D', 'PT36H'), topic: fc.constantFrom('offers', 'news') },
  { requiredKeys: ['count', 'per'] },
);
export const given: fc.Arbitrary<Given> = fc.record({
  zone: fc.constantFrom('Europe/Warsaw', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Auckland', undefined),
  caps: fc.array(cap, { maxLength: 2 }),
  quiet: fc.array(fc.constantFrom({ from: '21:00', to: '09:00' }, { from: '12:00', to: '15:30' }), { maxLength: 2 }),
  journeys: fc.array(
    fc.record({
      priority: fc.constantFrom(20, 50, 80),
      topic: fc.constantFrom('offers', 'news'),
      expires: fc.constantFrom('PT0S', 'PT12H', 'P1D', 'P3D'),
      waits: fc.constantFrom('PT1M', 'PT3H', 'PT11H', 'P1D'),
      own: fc.array(cap, { maxLength: 1 }),
      best: fc.boolean(),
    }),
    { minLength: 2, maxLength: 4 },
  ),
  words: fc.array(
    fc.record({
      // Most mails leave early.
      after: fc.oneof(fc.nat({ max: 300 }), fc.nat({ max: 1700 }), fc.nat({ max: DAYS * 1440 })),
      says: fc.oneof(
        fc.constantFrom(...CONTACTS),
        fc.constantFrom(...HALTS),
        fc.constantFrom(...CONTACTS, 'suppressed' as const),
      ),
      amid: fc.boolean(),
    }),
    { maxLength: 6 },
  ),
  double: fc.boolean(),
  warm: fc.constantFrom(undefined, undefined, 1, 2),
  seed: fc.nat(),
});

export type Left = {
  at: Temporal.Instant;
  journey: string;
  topic: string;
  /** Whether the contact's words allowed it when it was claimed. */
  permitted: boolean;
  /** What stood still when its sender took a slot. */
  halted: readonly string[];
};

const dateOf = (at: Temporal.Instant): string => at.toString().slice(0, 10);

/** The page: what the language says of a marketing mail that leaves. */
export function faults(all: readonly Left[], { zone = 'Europe/Warsaw', caps, quiet, journeys, warm }: Given): string[] {
  return all.flatMap((mail, i) => {
    const local = mail.at.toZonedDateTimeISO(zone);
    const clock = local.toPlainTime().toString().slice(0, 5);
    const isQuiet = quiet.some(({ from, to }) =>
      from < to ? from <= clock && clock < to : from <= clock || clock < to,
    );
    const bearing = [
      ...caps,
      ...(journeys[Number(mail.journey.slice(1))]?.own ?? []).map((one) => ({ ...one, own: true })),
    ];
    const full = bearing.filter((one) => {
      if (one.topic !== undefined && one.topic !== mail.topic) return false;
      const counted = all.slice(0, i + 1).filter((other) => {
        if (one.topic !== undefined && other.topic !== one.topic) return false;
        if ('own' in one && other.journey !== mail.journey) return false;
        const over = other.at.toZonedDateTimeISO(zone).add(one.per ?? 'P99Y');
        return Temporal.Instant.compare(over.toInstant(), mail.at) > 0;
      });
      return counted.length > one.count;
    });
    const halts = mail.halted.filter((part) =>
      ['all', `topic/${mail.topic}`, `journey/${mail.journey}`].includes(part),
    );
    const today = all.slice(0, i + 1).filter(({ at }) => dateOf(at) === dateOf(mail.at)).length;
    return [
      ...halts.map((part) => `${mail.journey} left while ${part} stood still, ${local}`),
      ...(warm !== undefined && today > warm
        ? [`${mail.journey} is the ${today}th of a day that has room for ${warm}`]
        : []),
      ...(mail.permitted ? [] : [`${mail.journey} left without permission at ${local}`]),
      ...(isQuiet ? [`${mail.journey} left in quiet time, ${local}`] : []),
      ...full.map((one) => `${mail.journey} left over ${JSON.stringify(one)} at ${local}`),
    ];
  });
}
