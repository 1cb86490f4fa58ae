import type { Act } from '#apps/local/answers.ts';
import type { Engagement } from '#apps/local/inbox.ts';
import type { MailEntry } from '#apps/local/mails.ts';
import type { Runtime } from '#apps/local/runtime.ts';
import { orderAfterClick, reactionsTo, reactionsToSignUp } from '#apps/local/sample/behaviour.ts';
import { respond } from '#functions/respond/respond.ts';
import { entryOf } from '#shared/event/put.ts';
import { sign } from '#shared/link/token.ts';
import type { Mail } from '#shared/ports.ts';
import { loadMessage } from '#shared/store/messages.ts';

/** The example that asks to confirm. */
const SIGN_UP = 'confirm';

const KINDS = {
  delivered: 'Delivery',
  bounced: 'Bounce',
  opened: 'Open',
  clicked: 'Click',
  complained: 'Complaint',
  unsubscribed: 'unsubscribe',
  purchase: 'purchase',
  confirmed: 'confirm',
} as const;

/** What becomes of a mail to somebody who is none of the sample shop's: a person in the inbox decides the rest. */
const UNREAD: Engagement = [{ after: 2000, kind: 'Delivery' }];

/** How the customers of the sample shop, by their addresses, answer a mail; to others it is only delivered. */
export const readers =
  (addresses: ReadonlySet<string>) =>
  (mail: Mail): Engagement =>
    addresses.has(mail.to.toLowerCase()) ? engage(mail) : UNREAD;

function engage({ tags, to: email }: Mail): Engagement {
  const messageId = tags['message'] ?? '';
  const reactions = tags['journey'] === SIGN_UP ? reactionsToSignUp({ messageId }) : reactionsTo({ messageId, email });
  return reactions.map(({ after, kind, machine }) => ({ after, kind: machine ? 'ProxyOpen' : KINDS[kind] }));
}

/** What a customer of the sample shop does after reading: posts the mail's one-click link, confirms, or buys. */
export async function act(what: Act, mail: MailEntry, runtime: Runtime): Promise<void> {
  const { contact = '', message: id = '' } = mail.tags;
  if (what === 'purchase') {
    const order = orderAfterClick({ messageId: id, identities: { email: mail.to }, at: runtime.clock.now() });
    await runtime.bus.put([entryOf(order)]);
    return;
  }
  const message = await loadMessage(runtime.table, contact, id);
  const [secret = ''] = await runtime.deps.secrets.get(runtime.deps.linkSecretId);
  if (!message) return;
  const token = sign({ contact, message: id, topic: message.topic, act: what }, secret);
  const http = { method: 'POST' };
  const form = what === 'confirm' ? { body: 'act=confirm&topic=tastings' } : {};
  await respond(
    { headers: {}, pathParameters: { token }, requestContext: { http }, isBase64Encoded: false, ...form },
    runtime.deps,
  );
}
