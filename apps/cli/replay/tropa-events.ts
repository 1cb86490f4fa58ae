import type { Fields } from '#apps/cli/replay/rows.ts';
import type { Derived, Placed, Rejection, Source, Subject } from '#apps/cli/replay/source.ts';
import { type Event, IDENTITY_KINDS, postedEventSchema } from '#shared/event/event.ts';

/** Events as a storefront posts them, one a line of JSON: with addresses and consents of their own. */

const NAME = 'events';

type Posted = Subject & { readonly event: Event };

export function tropaEvents(files: readonly string[]): Source<Posted> {
  return {
    name: NAME,
    addresses: 'own',
    consents: 'none',
    inputs: files.map((file) => ({ file, format: { kind: 'jsonl' }, columns: [] })),
    read: readEvent,
    derive: eventsOf,
  };
}

function readEvent({ source = NAME, ...posted }: Fields): Posted | Rejection {
  const { data } = postedEventSchema.safeParse(posted);
  if (!data || typeof source !== 'string') return { reject: 'bad-event' };
  const kind = IDENTITY_KINDS.find((one) => data.identities[one] !== undefined);
  return { contact: `${kind}:${kind && data.identities[kind]}`, at: data.at, event: { ...data, source } };
}

function* eventsOf(rows: Iterable<Placed<Posted>>): Generator<Derived> {
  for (const { event, place } of rows) yield { event, place, uses: [place] };
}
