import { Dice } from '#apps/local/sample/dice.ts';
import { anyProduct, basket, SOURCE } from '#apps/local/sample/life.ts';
import type { Event, Identities } from '#shared/event/event.ts';
import type { Instant } from '#shared/time/instant.ts';

/** How the sample shop's customers answer a mail. The message's id decides, so a second run has the same answers. */

export const REACTIONS = [
  'delivered',
  'bounced',
  'opened',
  'clicked',
  'complained',
  'unsubscribed',
  'purchase',
  'confirmed',
] as const;

/** `after` is in milliseconds since the mail was sent. `machine`: opened by the mail program, seen by nobody. */
export type Reaction = { readonly after: number; readonly kind: (typeof REACTIONS)[number]; readonly machine?: true };

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** What follows a mail, in order of time. An address that is dead bounces every time; `purchase` follows a click only. */
export function reactionsTo(mail: { readonly messageId: string; readonly email: string }): Reaction[] {
  const address = new Dice('address', mail.email.toLowerCase());
  const dice = new Dice('message', mail.messageId);
  const arrives = Math.round(dice.around(4 * SECOND, 0.8));
  if (address.chance(0.012)) return [{ after: arrives, kind: 'bounced' }];
  const [proxied, keenness] = [address.chance(0.3), address.between(0.1, 0.7)];
  const seenByMachine = proxied
    ? [{ after: arrives + dice.whole(1, 20) * SECOND, kind: 'opened', machine: true } as const]
    : [];
  return [
    { after: arrives, kind: 'delivered' } as const,
    ...seenByMachine,
    ...readersReactions(dice, keenness, arrives),
  ].sort((a, b) => a.after - b.after);
}

/** Who has just signed up waits for the mail that asks to confirm; one in four has mistyped, forgets, or thinks again. */
export function reactionsToSignUp(mail: { readonly messageId: string }): Reaction[] {
  const dice = new Dice('message', mail.messageId);
  const arrives = Math.round(dice.around(4 * SECOND, 0.8));
  const opened = arrives + Math.round(Math.min(dice.around(3 * MINUTE, 1.2), 48 * HOUR));
  const looks: Reaction[] = dice.chance(0.85) ? [{ after: opened, kind: 'opened' }] : [];
  const says: Reaction[] =
    looks.length > 0 && dice.chance(0.9) ? [{ after: opened + dice.whole(5, 60) * SECOND, kind: 'confirmed' }] : [];
  return [{ after: arrives, kind: 'delivered' }, ...looks, ...says];
}

function readersReactions(dice: Dice, keenness: number, arrives: number): Reaction[] {
  if (!dice.chance(keenness)) return [];
  const opened = arrives + Math.round(Math.min(dice.around(90 * MINUTE, 1.3), 72 * HOUR));
  const reactions: Reaction[] = [{ after: opened, kind: 'opened' }];
  const soon = () => opened + dice.whole(5, 180) * SECOND;
  if (dice.chance(0.0008)) return [...reactions, { after: soon(), kind: 'complained' }];
  if (dice.chance(0.006)) return [...reactions, { after: soon(), kind: 'unsubscribed' }];
  if (!dice.chance(0.28)) return reactions;
  const clicked = soon();
  reactions.push({ after: clicked, kind: 'clicked' });
  if (dice.chance(0.2)) reactions.push({ after: clicked + dice.whole(2, 45) * MINUTE, kind: 'purchase' });
  return reactions;
}

/** The order that a reaction `purchase` stands for. */
export function orderAfterClick(click: {
  readonly messageId: string;
  readonly identities: Identities;
  readonly at: Instant;
}): Event {
  const dice = new Dice('order', click.messageId);
  const items = Array.from({ length: dice.whole(1, 3) }, () => ({ ...anyProduct(dice), quantity: 1 }));
  const { at, identities, messageId } = click;
  const data = { orderId: `after-${messageId}`, ...basket(items) };
  return { id: `${SOURCE}:after:${messageId}`, type: 'purchase', at, source: SOURCE, identities, data };
}
