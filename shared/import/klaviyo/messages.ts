import * as z from 'zod';
import type { Channel } from '#shared/event/event.ts';
import { chosen } from '#shared/import/choice.ts';
import { addressOf, sendStep } from '#shared/import/letters.ts';
import type { Source } from '#shared/import/source.ts';
import type { SendStep, Step } from '#shared/journey/journey.ts';
import { filterOf } from './conditions.ts';
import type { KlaviyoFlow } from './flow.ts';

const text = z.string().min(1);

const CHANNELS: Readonly<Record<string, Channel>> = {
  'send-email': 'email',
  'send-sms': 'sms',
  'send-mobile-push': 'push',
  'send-push': 'push',
};

/** Whether an action sends what can be sent here. */
export const isMessage = (action: Source): boolean => Object.hasOwn(CHANNELS, String(action.at('type').value));

const SMART = 'how often somebody may be written to are "caps" of the settings';

const TRACKED = 'links are tracked for all messages alike';

const LAYOUT = 'they belong to the text, which is brought over by hand';

/** A send-email, send-sms or send-mobile-push as a send step. */
export function messageStep(action: Source, id: string, flow: KlaviyoFlow): SendStep {
  const { notes } = flow.asking;
  const message = action.at('data').at('message');
  const channel = chosen(action.at('type'), CHANNELS) ?? 'email';
  const name = message.at('name').take(text);
  const template = message.at('template_id').take(text);
  const title = name ?? template ?? id;
  for (const key of ['cc_email', 'bcc_email']) {
    if (message.at(key).value)
      notes.lost(message.at(key), 'Copies cannot be sent.', 'A "call" to an e-mail endpoint tells a colleague.');
  }
  notes.drop(message, ['id'], 'ids of the other tool');
  notes.drop(message, ['smart_sending_enabled', 'respect_sending_window'], SMART);
  notes.drop(
    message,
    [
      'add_tracking_params',
      'custom_tracking_params',
      'shorten_links',
      'add_org_prefix',
      'add_info_link',
      'add_opt_out_language',
    ],
    TRACKED,
  );
  notes.drop(message, LAYOUT_KEYS, LAYOUT);
  const email = addressOf(message.at('from_email').take(text), message.at('from_label').take(text));
  const replyTo = addressOf(message.at('reply_to_email').take(text));
  const step = sendStep(flow.asking, {
    ...{ source: message.value ? message : action, id, name, channel },
    letter: {
      name: title,
      origin: template ? `the Klaviyo template ${template} ("${title}")` : `the Klaviyo message "${title}"`,
      subject: message.at('subject_line').take(text) ?? message.at('title').take(text),
      preheader: message.at('preview_text').take(text),
      text: message.at('body').take(text),
    },
    transactional: message.at('transactional').take(z.boolean()) ?? false,
    from: { email, ...(replyTo && replyTo !== email && { replyTo }) },
  });
  const only = filterOf(message.at('additional_filters'), flow.asking);
  return { ...step, ...(only && { if: only }) };
}

const LAYOUT_KEYS = [
  ...['image_id', 'dynamic_image', 'video_asset_id', 'sound', 'badge', 'badge_options', 'on_open', 'ios_link'],
  ...['android_link', 'web_url', 'push_type', 'kv_pairs', 'conversion_metric_id', 'action_buttons', 'url'],
];

/** An action that was not live in a live flow: here a step is switched off by its `if`. */
export function asItWas<S extends Step>(step: S, action: Source, flow: KlaviyoFlow): S {
  const status = action
    .at('data')
    .at('status')
    .take(z.enum(['draft', 'manual', 'live', 'disabled']));
  if (status === undefined || status === 'live' || flow.status !== 'live') return step;
  const what = status === 'manual' ? 'waited for a person to send it' : `was "${status}"`;
  flow.asking.notes.todo(
    action.at('data').at('status'),
    `This step ${what}: it is passed over.`,
    'Remove its "if" to let it run.',
  );
  return { ...step, if: { sample: 0, note: `TODO: this step ${what}.` } };
}
