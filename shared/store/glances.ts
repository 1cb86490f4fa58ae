import * as z from 'zod';
import type { Click } from '#shared/engagement/clicks.ts';
import type { Message } from '#shared/message/message.ts';
import { canonicalInstantSchema, type Instant, plusMillis, toEpochSeconds } from '#shared/time/instant.ts';
import { duePlace } from './due.ts';
import { glanceKey } from './keys.ts';
import type { Row, Write } from './table.ts';

/** Clicks on a mail in its first minutes, which wait until it is known whose they are. They stay as evidence for two days. */

/** An attribute each, so that two clicks at a time lose none, and one that is told twice stands once. */
const CLICK = 'click:';
/** A person clicks less; whoever clicks more is known for a machine by then. */
const MOST_CLICKS = 40;
const KEPT_FOR = 2 * 86_400_000;

const glanceSchema = z.object({
  contact: z.string(),
  message: z.string(),
  mailed: canonicalInstantSchema,
  due: canonicalInstantSchema.optional(),
  /** Grows with each click. */
  n: z.int(),
});
export type Glance = z.infer<typeof glanceSchema> & { readonly clicks: readonly (Click & { providerId: string })[] };

const clickSchema = z.object({ at: canonicalInstantSchema, link: z.string(), providerId: z.string() });

export function readGlance(row: Row | undefined): Glance | undefined {
  if (!row) return undefined;
  const clicks = Object.keys(row).flatMap((name) => (name.startsWith(CLICK) ? [clickSchema.parse(row[name])] : []));
  return { ...glanceSchema.parse(row), clicks: clicks.toSorted((a, b) => (a.at < b.at ? -1 : 1)) };
}

/** Whether there is anything new in a click, and room for it. */
export const isNewTo = (glance: Glance | undefined, { at, link }: Click): boolean =>
  !glance ||
  (glance.clicks.length < MOST_CLICKS && !glance.clicks.some((known) => known.at === at && known.link === link));

/** Notes a click, and that review looks at it at `due`, if it does not sooner. */
export function noteClick(
  { contact, id }: Message,
  click: Click & { readonly providerId: string },
  { mailed, due }: { readonly mailed: Instant; readonly due: Instant },
): Write {
  return {
    kind: 'update',
    key: glanceKey(contact, id),
    change: {
      set: [
        [[`${CLICK}${click.at} ${click.link}`], { ...click }],
        [['expires'], toEpochSeconds(plusMillis(due, KEPT_FOR))],
      ],
      setIfAbsent: [
        [['v'], 1],
        [['contact'], contact],
        [['message'], id],
        [['mailed'], mailed],
        [['duePk'], duePlace(contact)],
        [['due'], due],
      ],
      add: [[['n'], 1]],
    },
  };
}

/** All clicks so far are settled, or it is looked again at `due`. Fails when there is another click since. */
export const settleGlance = ({ contact, message, n }: Glance, due: Instant | undefined): Write => ({
  kind: 'update',
  key: glanceKey(contact, message),
  change: due === undefined ? { remove: [['duePk'], ['due']] } : { set: [[['due'], due]] },
  if: { equals: { n } },
});
