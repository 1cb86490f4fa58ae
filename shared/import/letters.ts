import type { Channel } from '#shared/event/event.ts';
import type { SendStep } from '#shared/journey/journey.ts';
import type { Draft } from './draft.ts';
import type { SenderGiven } from './needs.ts';
import type { Source } from './source.ts';
import type { Letter } from './templates.ts';

/** What a source knows of one message that it sends. */
export type Sending = {
  readonly source: Source;
  readonly id: string;
  readonly name?: string | undefined;
  readonly channel: Channel;
  readonly letter: Letter;
  readonly transactional?: boolean | undefined;
  readonly from?: SenderGiven | undefined;
  readonly expires?: string | undefined;
};

/** The topic of all messages that need no consent; which of them are that, only the shop knows. */
const SERVICE = 'service';

/** The send step, and the template, topic and sender that it needs. */
export function sendStep({ needs }: Draft, given: Sending): SendStep {
  const topic = given.transactional ? needs.topic(SERVICE, 'transactional') : undefined;
  const address = given.from && Object.values(given.from).some((value) => value) ? given.from : undefined;
  const sender = address && needs.sender(senderName(address), address);
  const template = needs.template(given.source, given.channel, { ...given.letter, topic });
  return {
    type: 'send',
    id: given.id,
    ...(given.name !== undefined && given.name !== given.id && { name: given.name }),
    template,
    ...(given.channel !== 'email' && { channel: given.channel }),
    ...(topic !== undefined && { topic }),
    ...(sender !== undefined && { sender }),
    ...(given.expires !== undefined && { expires: given.expires }),
  };
}

/** `Anna <anna@shop.example>` is "Anna", `care@shop.example` is "care". */
function senderName({ email, sms }: SenderGiven): string {
  const [, label, address] = /^(?:(.+?)\s*<)?([^<>]+)>?$/.exec(email ?? '') ?? [];
  return label ?? address?.split('@')[0] ?? sms ?? 'sender';
}

/** An address with the name before it, as the settings have it; undefined where it is no address. */
export function addressOf(email: string | undefined, label?: string | undefined): string | undefined {
  const bare = /<([^<>]+)>/.exec(email ?? '')?.[1] ?? email;
  if (bare === undefined || !/^[^\s<>@]+@[^\s<>@]+\.[^\s<>@]+$/.test(bare)) return undefined;
  const name = (label ?? /^(.+?)\s*</.exec(email ?? '')?.[1])?.replace(/[<>"\r\n]/g, '').trim();
  return name ? `${name} <${bare}>` : bare;
}
