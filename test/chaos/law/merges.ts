import type { LinkPayload } from '#shared/link/token.ts';
import { laterOf, plusMillis } from '#shared/time/instant.ts';
import type { Changed } from '../world/memory-table.ts';
import type { World } from '../world/world.ts';
import type { Ledger } from './ledger.ts';
import { lastWords, partsOf, recordedOf, type Word } from './person.ts';

/**
 * What somebody has refused by a word that must not get lost: when they became one with another contact, or on a page. Only
 * what is said later than `until` takes it back.
 */
export type Refusal = {
  readonly topic: string;
  readonly until: string;
  readonly law: 'a merge loses no refusal' | 'what is said on a page holds at once';
};

/** By which the clocks of machines may differ. */
const SKEW = 2000;

/** Notes a no that a page has answered. A link of an order mail, and the button for all, say no to all advertising. */
export function noteAnswer({ contact, act, topic }: LinkPayload, by: string, world: World, ledger: Ledger): void {
  const isNo = (act === 'unsubscribe' && by !== 'undo') || by === 'off';
  const into = partsOf(world, contact)[0];
  if (!isNo || into === undefined) return;
  const isAll = by === 'off' || world.shop.settings.topics[topic]?.kind === 'transactional';
  const until = plusMillis(world.scheduler.now(), -SKEW);
  const refusal = { topic: isAll ? 'marketing' : topic, until, law: 'what is said on a page holds at once' } as const;
  ledger.refusals.set(into, [...(ledger.refusals.get(into) ?? []), refusal]);
}

/** Notes what the two have refused at the moment at which they become one. */
export function noteMerge({ after }: Changed, world: World, ledger: Ledger): void {
  const [from, into] = [String(after?.['contact']), String(after?.['mergedInto'])];
  const others = (after?.['aka'] as string[] | undefined) ?? [];
  const ofInto = world.table.read({ pk: `C#${into}`, sk: 'PROFILE' });
  const theirs = [from, ...others];
  const own = [into, ...((ofInto?.['aka'] as string[] | undefined) ?? [])].filter((part) => !theirs.includes(part));
  const [one, other] = [recordedOf(theirs, world), recordedOf(own, world)];
  const topics = new Set([...one, ...other].map(({ topic }) => topic));
  const found = [...topics].flatMap((topic): Refusal[] => {
    const words = [lastWords(one, topic), lastWords(other, topic)];
    const until = words.flat().reduce((latest, { at }) => laterOf(latest, at), '');
    return words.some(isRefusal) ? [{ topic, until, law: 'a merge loses no refusal' }] : [];
  });
  ledger.refusals.set(into, [...(ledger.refusals.get(into) ?? []), ...(ledger.refusals.get(from) ?? []), ...found]);
}

const isRefusal = (words: readonly Word[]): boolean =>
  words.length > 0 && words.every(({ state }) => state === 'denied');
