import * as z from 'zod';
import type { Channel } from '#shared/event/event.ts';
import { chosen } from '#shared/import/choice.ts';
import { addressOf, sendStep } from '#shared/import/letters.ts';
import { type Make, nameOf, on } from './workflow.ts';

const text = z.string().min(1);

/** PostHog's mails, text messages and push messages. */

const CHANNELS: Readonly<Record<string, Channel>> = {
  function_email: 'email',
  function_sms: 'sms',
  function_push: 'push',
};

export const message: Make = (action, key, workflow) => {
  const { draft, idOf } = workflow;
  const config = action.at('config');
  const channel = chosen(action.at('type'), CHANNELS) ?? 'email';
  const inputs = config.at('inputs');
  const mail = inputs.at('email').at('value');
  const said = (name: string) => inputs.at(name).at('value').take(text);
  const from = mail.at('from');
  const email = addressOf(from.take(text) ?? from.at('email').take(text), from.at('name').take(text));
  if (from.at('integrationIds').items().length > 1)
    draft.notes.lost(
      from.at('integrationIds'),
      'Senders do not take turns.',
      'Settings have senders; a send names one.',
    );
  draft.notes.drop(from, ['integrationId', 'integrationIds'], 'senders stand in the settings');
  if (config.at('tracking_enabled').take(z.boolean()) === false)
    draft.notes.lost(config.at('tracking_enabled'), 'Tracking cannot be switched off for one step.');
  const template = config.at('template_uuid').take(text);
  const title = nameOf(action) ?? template ?? key;
  const letter = {
    name: title,
    origin: template ? `the PostHog template ${template} ("${title}")` : `the PostHog step "${title}"`,
    ...{ subject: mail.at('subject').take(text) ?? said('title'), preheader: mail.at('preheader').take(text) },
    text: said('body') ?? said('message'),
  };
  draft.notes.drop(
    mail,
    ['to', 'html', 'text', 'design', 'replyTo', 'cc', 'bcc'],
    "the text is brought over by hand, the address is the contact's",
  );
  draft.notes.drop(config, ['template_id', 'mappings', 'message_category_id'], 'which function of PostHog sends it');
  for (const [name, input] of inputs.fields())
    if (name !== 'email') draft.notes.drop(inputs, [name], 'inputs of the function that sent it');
    else draft.notes.drop(input, ['templating', 'bytecode', 'order'], "PostHog's own reading of an input");
  const transactional =
    config.at('message_category_type').take(z.enum(['marketing', 'transactional'])) === 'transactional';
  const name = nameOf(action);
  const step = sendStep(draft, {
    source: action,
    id: idOf(key),
    name,
    channel,
    letter,
    transactional,
    from: { email },
  });
  return { steps: [step], ...on(key, workflow) };
};
