import type { SourceName } from '#shared/source/sources.ts';
import type { Instant } from '#shared/time/instant.ts';
import { signStandardWebhook } from '#shared/webhook/standard-webhooks.ts';

type Sender = {
  readonly secret: string;
  /** Headers of a delivery that is signed as it should be, and of what kind it is. */
  readonly headers: (body: string, now: Instant) => Readonly<Record<string, string>>;
  /** What it may post, as JSON. */
  readonly samples: readonly object[];
};

const WHSEC = `whsec_${Buffer.from('a secret of the shop, long enough').toString('base64')}`;

/** How each source posts: a new one does not compile until it is here, and tried with everything that is hostile. */
export const SENDERS: Readonly<Record<SourceName, Sender>> = {
  generic: {
    secret: WHSEC,
    headers: (body, now) => signStandardWebhook('m1', now, body, WHSEC),
    samples: [
      {
        ...{ id: 'e1', type: 'purchase', at: '2026-03-02T09:00:00Z', identities: { email: 'ann@shop.example' } },
        data: { total: 40, items: [{ productId: '17', category: 'tea' }] },
        consents: [
          {
            ...{ channel: 'email', topic: 'news', state: 'granted', at: '2026-03-02T09:00:00Z' },
            ...{ source: 'form', wording: 'Yes' },
          },
        ],
      },
    ],
  },
};
