import { addressOf, sendStep } from '#shared/import/letters.ts';
import type { Act } from './act.ts';
import { named } from './act.ts';
import { channelOf } from './conditions.ts';
import { idAt, textAt } from './events.ts';

/** Mautic's mails, text messages and notifications. */

const EDITED = 'the text is brought over by hand';

/** A mail, a text message, a notification. */
export const sends =
  (kind: string, ...keys: string[]): Act =>
  (properties, event, campaign) => {
    const { draft, names } = campaign;
    const id = idAt(properties, ...keys) ?? idAt(event.at, 'channel_id', 'channelId') ?? 'unknown';
    draft.notes.drop(properties, ['priority', 'attempts'], "how often it is tried is the sender's affair");
    const letter = names.message(kind, id);
    const subject = letter && textAt(letter, 'subject', 'heading');
    const preheader = letter && textAt(letter, 'preheader_text', 'preheaderText');
    const title = (letter && textAt(letter, 'name')) ?? `${kind} ${id}`;
    const email =
      letter && addressOf(textAt(letter, 'from_address', 'fromAddress'), textAt(letter, 'from_name', 'fromName'));
    const replyTo = letter && addressOf(textAt(letter, 'reply_to_address', 'replyToAddress'));
    const text = letter && kind !== 'email' ? textAt(letter, 'message') : undefined;
    if (letter)
      draft.notes.drop(
        letter,
        letter.fields().map(([key]) => key),
        EDITED,
      );
    const { id: stepId, name } = { name: undefined, ...named(event, campaign) };
    const step = sendStep(draft, {
      ...{ source: event.at, id: stepId, name, channel: channelOf(kind) },
      letter: { name: title, origin: `the Mautic ${kind} "${title}"`, subject, preheader, text },
      transactional: textAt(properties, 'email_type') === 'transactional',
      from: { email, replyTo },
    });
    return [step];
  };

/** A marketing message takes the channel that the contact prefers. */
export const preferred: Act = (properties, event, campaign) => {
  const steps = sends('email', 'marketingMessage', 'message')(properties, event, campaign);
  campaign.draft.notes.changed(
    event.at,
    'The channel was the one that the contact prefers; here the first of the list that reaches them.',
    'Write "channel": ["push", "email"].',
  );
  return steps;
};

export const toUser: Act = (properties, event, campaign) => {
  const { draft } = campaign;
  const to = textAt(properties, 'to') ?? 'team@shop.example';
  const [first = to, ...more] = to.split(/[,;]\s*/);
  if (more.length > 0)
    draft.notes.lost(
      properties.at('to'),
      `A call goes to one address; ${more.join(', ')} get nothing.`,
      'Use an address for several people.',
    );
  if (properties.at('to_owner').value) draft.notes.lost(properties.at('to_owner'), 'Owners have no address here.');
  draft.notes.drop(
    properties,
    ['useremail', 'user_id', 'cc', 'bcc'],
    "a call to a person is a plain mail with the step's body",
  );
  const endpoint = draft.needs.endpoint(event.at, first.split('@')[0] ?? 'team', { email: first });
  return [{ type: 'call', ...named(event, campaign), endpoint }];
};
