import type * as z from 'zod';
import { messageSchema } from '#shared/message/message.ts';
import { countedIn, NONE, type Reception, type Scope, stretchOf, sumOf } from '#shared/sending/breaker.ts';
import { dueShard, receptionKey } from '#shared/store/keys.ts';
import { readOnce } from '#shared/store/read-once.ts';
import { addingTo, type Received } from '#shared/store/receptions.ts';
import type { Table } from '#shared/store/table.ts';
import { type Instant, plusMillis } from '#shared/time/instant.ts';
import { countOnce } from './count-once.ts';
import type { Change } from './tally.ts';

const mailSchema = messageSchema.pick({
  ...{ journey: true, topic: true, lane: true, to: true, channel: true },
  ...{ facts: true, claim: true, hardBounced: true },
});
type Mail = z.infer<typeof mailSchema>;
const readMail = readOnce((row): Mail => mailSchema.parse(row));

/** What is told of a mail later than that says nothing of how mails are received now. */
const STALE = 8 * 86_400_000;

/** What each of these says is that the mail has gone: they come in any order. */
const GONE = ['sent', 'delivered', 'opened', 'clicked', 'bounced', 'complained'] as const;

const isGone = ({ facts }: Mail): boolean => GONE.some((fact) => facts[fact] !== undefined);

/** When it went: by who took it, whatever was said of it first. */
const wentAt = ({ claim, facts }: Mail): Instant | undefined =>
  claim?.at ?? GONE.flatMap((fact) => facts[fact] ?? []).sort()[0];

const standing = (mail: Mail | undefined): Reception =>
  mail && isGone(mail)
    ? {
        mails: 1,
        bounces: Number(mail.hardBounced !== undefined),
        complaints: Number(mail.facts.complained !== undefined),
      }
    : NONE;

export type Told = {
  readonly stretch: Instant;
  readonly scopes: readonly Scope[];
  readonly received: Reception;
  /** When the worst that is new in it was said. */
  readonly bad?: Instant | undefined;
};

/** What a mail's row says now of how it was received that it did not say before. */
export function receptionOf(before: Mail | undefined, after: Mail): Told | undefined {
  const [then, now] = [standing(before), standing(after)];
  const received = {
    mails: now.mails - then.mails,
    bounces: now.bounces - then.bounces,
    complaints: now.complaints - then.complaints,
  };
  const went = wentAt(after);
  if (went === undefined || (received.mails === 0 && received.bounces === 0 && received.complaints === 0))
    return undefined;
  const news = [
    ...(received.bounces > 0 ? [after.hardBounced] : []),
    ...(received.complaints > 0 ? [after.facts.complained] : []),
  ];
  const bad = news
    .flatMap((at) => at ?? [])
    .sort()
    .at(-1);
  if (bad !== undefined && bad > plusMillis(went, STALE)) return undefined;
  return { stretch: stretchOf(went), scopes: countedIn(after), received, bad };
}

/** Counts how mails were received. What is bad makes review look. */
export async function tallyReceptions(shard: string, changes: readonly Change[], table: Table): Promise<void> {
  const told = changes.flatMap(({ sequence, before, after }) => {
    const mail = after && readMail(after);
    const one = mail?.channel === 'email' ? receptionOf(before && readMail(before), mail) : undefined;
    return one ? [{ ...one, sequence }] : [];
  });
  for (const [stretch, group] of Map.groupBy(told, (one) => one.stretch))
    await countOnce(receptionKey(stretch, shard), group, table, (fresh, row) => {
      const bad = fresh
        .flatMap((one) => one.bad ?? [])
        .sort()
        .at(-1);
      const { set = [] } = addingTo(row, stretch, sumsOf(fresh));
      const due =
        bad === undefined
          ? []
          : ([
              [['duePk'], dueShard(0)],
              [['due'], bad],
            ] as const);
      return { set: [...set, ...due] };
    });
}

function sumsOf(told: readonly Told[]): Received {
  const sums = new Map<Scope, Reception>();
  for (const { scopes, received } of told)
    for (const scope of scopes) sums.set(scope, sumOf(sums.get(scope) ?? NONE, received));
  return Object.fromEntries(sums);
}
