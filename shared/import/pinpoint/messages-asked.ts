import type { Channel } from '#shared/event/event.ts';
import { own } from '#shared/import/choice.ts';
import type { MessageFact } from '#shared/message/message.ts';

/** What Pinpoint calls the fates of messages, and its channels. */

const MESSAGE_EVENTS: Readonly<Record<string, MessageFact>> = {
  ...{ '_email.send': 'sent', '_email.delivered': 'delivered', '_email.open': 'opened', '_email.click': 'clicked' },
  ...{ '_email.hardbounce': 'bounced', '_email.softbounce': 'bounced', '_email.complaint': 'complained' },
  ...{ '_email.unsubscribe': 'unsubscribed', '_email.rejected': 'failed', '_email.rendering_failure': 'failed' },
  ...{ '_SMS.SUCCESS': 'delivered', '_SMS.BUFFERED': 'sent', '_SMS.FAILURE': 'failed', '_SMS.OPTOUT': 'unsubscribed' },
  ...{ '_campaign.send': 'sent', '_campaign.opened_notification': 'opened' },
  ...{ '_campaign.received_foreground': 'delivered', '_campaign.received_background': 'delivered' },
  ...{ '_custom.success': 'delivered', '_custom.failure': 'failed' },
};

export const messageFact = (eventType: string): MessageFact | undefined => own(MESSAGE_EVENTS, eventType);

const CHANNELS: Readonly<Record<string, Channel>> = {
  ...{ EMAIL: 'email', SMS: 'sms', PUSH: 'push', GCM: 'push', APNS: 'push', APNS_SANDBOX: 'push', ADM: 'push' },
  ...{ BAIDU: 'push', IN_APP: 'inapp' },
};

export const channelOf = (name: string): Channel | undefined => own(CHANNELS, name);
