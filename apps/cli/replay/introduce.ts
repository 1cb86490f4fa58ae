import { addressFor, type Source, type Subject } from '#apps/cli/replay/source.ts';
import type { Event } from '#shared/event/event.ts';

const WORDING = 'Taken as given for a replay: the file has no consents of its own.';

/**
 * What a contact's first event says besides: an address where the source has none and it is no mere browser, consent to every topic so that
 * journeys run, and what is known of them from elsewhere. Later events leave it out; it would be the same again.
 *
 * @param key the contact as the source names it
 */
export function introduce<R extends Subject>(
  event: Event,
  key: string,
  source: Source<R>,
  topics: readonly string[],
): Event {
  const { identities } = event;
  const id = identities.externalId ?? identities.device;
  const lacksAddress = source.addresses === 'none' && identities.email === undefined && id !== undefined;
  const traits = { ...source.about?.(key), ...event.traits };
  return {
    ...event,
    identities: lacksAddress ? { ...identities, email: addressFor(id, source.name) } : identities,
    ...(Object.keys(traits).length > 0 ? { traits } : {}),
    ...(source.consents === 'all' && topics.length > 0
      ? { consents: topics.map((topic) => granted(topic, event)) }
      : {}),
  };
}

const granted = (topic: string, { at }: Event) =>
  ({ channel: 'email', topic, state: 'granted', at, source: 'replay', wording: WORDING, confirmed: at }) as const;
