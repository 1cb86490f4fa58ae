import { isReport, isTest } from '#apps/local/inbox.ts';
import type { MailEntry } from '#apps/local/mails.ts';
import { MESSAGE_FACTS, type Message, type MessageFact } from '#shared/message/message.ts';
import { loadMessage } from '#shared/store/messages.ts';
import type { Table } from '#shared/store/table.ts';
import type { Instant } from '#shared/time/instant.ts';
import { time } from './layout.ts';
import { html, type Markup } from './markup.ts';

/** What Tropa knows of a mail: the message that its tags name. Undefined once nothing is known any more. */
export async function messageOf(table: Table, { tags }: MailEntry): Promise<Message | undefined> {
  const { contact, message } = tags;
  return contact && message ? loadMessage(table, contact, message) : undefined;
}

/** Which step of which journey has sent a mail, or that it tells an author of a file, or tries a template. */
export const sourceOf = (entry: MailEntry): string =>
  isReport(entry)
    ? 'report to the author'
    : isTest(entry)
      ? `test of ${entry.tags['test']}`
      : `${entry.journey} / ${entry.step}`;

/** The one that a reader wants to see first comes last. */
const BY_WEIGHT: readonly MessageFact[] = [
  'sent',
  'delivered',
  'opened',
  'clicked',
  'answered',
  'unsubscribed',
  'bounced',
  'complained',
];
const BAD: readonly MessageFact[] = ['unsubscribed', 'bounced', 'complained', 'failed'];

/** The fact that says most, as a word; its look only repeats it. */
export function badge(message: Message | undefined): Markup {
  const fact = BY_WEIGHT.findLast((name) => message?.facts[name] !== undefined);
  if (fact === undefined) return html``;
  return html`<span class="badge ${BAD.includes(fact) ? 'bad' : fact}">${fact}</span>`;
}

const inOrder = (message: Message): [MessageFact, Instant][] =>
  MESSAGE_FACTS.flatMap((fact): [MessageFact, Instant][] => {
    const at = message.facts[fact];
    return at === undefined ? [] : [[fact, at]];
  }).sort(([, a], [, b]) => (a < b ? -1 : a > b ? 1 : 0));

/** What became of a mail, in the order in which it happened. */
export function story(message: Message | undefined, zone: string): Markup {
  if (!message || inOrder(message).length === 0) return html`<p>Nothing is known of this mail yet.</p>`;
  return html`<table class="pairs">
${inOrder(message).map(([fact, at]) => html`<tr><th scope="row">${fact}</th><td>${time(at, zone)}</td></tr>`)}
</table>`;
}
