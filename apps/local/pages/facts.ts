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

export const OPENED_BY_PROGRAM = 'opened by a program';
export const CLICKED_BY_PROGRAM = 'clicked by a program';

/** What people did, and beside it what programs did by themselves, which counts for nothing. */
const inOrder = ({ facts, machineOpened, machineClicked }: Message): (readonly [string, Instant])[] =>
  [
    ...MESSAGE_FACTS.map((fact) => [fact, facts[fact]] as const),
    [OPENED_BY_PROGRAM, machineOpened] as const,
    [CLICKED_BY_PROGRAM, machineClicked] as const,
  ]
    .flatMap(([what, at]) => (at === undefined ? [] : [[what, at] as const]))
    .sort(([, a], [, b]) => (a < b ? -1 : a > b ? 1 : 0));

/** What became of a mail, in the order in which it happened. */
export function story(message: Message | undefined, zone: string): Markup {
  if (!message || inOrder(message).length === 0) return html`<p>Nothing is known of this mail yet.</p>`;
  return html`<table class="pairs">
${inOrder(message).map(([fact, at]) => html`<tr><th scope="row">${fact}</th><td>${time(at, zone)}</td></tr>`)}
</table>`;
}
