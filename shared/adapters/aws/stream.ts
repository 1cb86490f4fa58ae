import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import type { Row } from '#shared/store/table.ts';
import { fromItem } from './attributes.ts';

type Image = Record<string, AttributeValue>;
const imageSchema = z.custom<Image>((value) => typeof value === 'object' && value !== null).optional();

/** `shardId` is there when the stream is read in windows; the last call of a window may have no records. */
const eventSchema = z.object({
  shardId: z.string(),
  Records: z
    .array(
      z.object({
        dynamodb: z.object({ SequenceNumber: z.string(), OldImage: imageSchema, NewImage: imageSchema }),
      }),
    )
    .default([]),
});

/** Sequence numbers have up to 40 digits. */
const DIGITS = 40;

export type RowChange = {
  /** Padded, so that texts compare as the numbers do. */
  readonly sequence: string;
  readonly before: Row | undefined;
  readonly after: Row | undefined;
};

/** What an event of the table's stream tells, in order, and of which shard. Throws when it is no such event. */
export function changesIn(event: unknown): { readonly shard: string; readonly changes: RowChange[] } {
  const { shardId, Records } = eventSchema.parse(event);
  const changes = Records.map(({ dynamodb: { SequenceNumber, OldImage, NewImage } }) => ({
    sequence: SequenceNumber.padStart(DIGITS, '0'),
    before: OldImage && fromItem(OldImage),
    after: NewImage && fromItem(NewImage),
  }));
  return { shard: shardId, changes };
}
