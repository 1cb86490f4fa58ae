import { CHANNELS, type Consent, type Event } from '#shared/event/event.ts';
import type { Settings } from '#shared/settings/settings.ts';
import type { Json } from '#shared/store/table.ts';
import type { Instant } from '#shared/time/instant.ts';
import { isZone } from '#shared/time/local.ts';
import type { StoryContact } from './story.ts';

/** Who a story is about when it says nothing: always the same, so that a hash always chooses the same arm. */
export const CONTACT = 'story';
const ADDRESS = 'contact@story.example';
/** Introduces the contact; no doing of theirs, so that no condition counts it. */
export const INTRODUCED = 'journey.story';

/** Whose clock the story goes by. */
export const zoneOf = ({ traits }: StoryContact, { shop }: Settings): string => {
  const own = traits?.['timeZone'];
  return typeof own === 'string' && isZone(own) ? own : shop.timeZone;
};

const textOf = (value: Json | undefined): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** What the shop knew of the contact before the story begins: it starts nothing. */
export function introduction({ traits = {}, consents, reachable }: StoryContact, at: Instant): Event {
  const { email, phone, externalId, ...others } = traits;
  const isReachable = reachable === undefined || reachable.includes('email');
  const address = textOf(email) ?? (isReachable ? ADDRESS : undefined);
  const [number, own] = [textOf(phone), textOf(externalId)];
  return {
    id: 'story-contact',
    type: INTRODUCED,
    at,
    source: 'story',
    identities: {
      externalId: own ?? CONTACT,
      ...(address !== undefined && { email: address }),
      ...(number !== undefined && { phone: number }),
    },
    traits: others,
    consents: said(consents, 'granted', at).map((one) => ({ ...one, confirmed: at })),
    data: {},
  };
}

/** Topics by channel, as statements of consent. */
export const said = (topics: StoryContact['consents'], state: Consent['state'], at: Instant): Consent[] =>
  CHANNELS.flatMap((channel) =>
    (topics?.[channel] ?? []).map(
      (topic): Consent => ({ channel, topic, state, at, source: 'story', wording: 'story' }),
    ),
  );
