import * as z from 'zod';
import type { Upload } from '#shared/store/waiting.ts';
import type { Portion } from './publish-pool.ts';
import type { Round } from './retry.ts';

/** What publish is called with: S3's notice of an upload, or what it has left for itself. */

const uploadSchema = z.object({
  detail: z.object({
    object: z.object({
      key: z.string(),
      sequencer: z.string(),
      'version-id': z.string().optional(),
      /** In bytes. */
      size: z.number().optional(),
    }),
  }),
});
/** What publish leaves for itself. */
const roundSchema = z.object({ waiting: z.object({ after: z.string(), progress: z.boolean() }) });
const portionSchema = z.object({
  portion: z.object({
    key: z.string(),
    sequencer: z.string(),
    versionId: z.string().optional(),
    from: z.int(),
    added: z.int(),
  }),
});

export const roundOf = (input: unknown): Round | undefined => roundSchema.safeParse(input).data?.waiting;

/** What S3 tells of the size of a file, and from where on it is to be taken. */
export type More = { readonly size?: number; readonly portion?: Portion };

/** What is to be published: what S3 tells of, or what is left of it. */
export function told(input: unknown): { readonly upload: Upload } & More {
  const rest = portionSchema.safeParse(input);
  if (rest.success) {
    const { from, added, versionId: version, ...upload } = rest.data.portion;
    return { upload: { ...upload, ...(version !== undefined && { versionId: version }) }, portion: { from, added } };
  }
  const { object } = uploadSchema.parse(input).detail;
  const versionId = object['version-id'];
  // A greater sequencer is a later upload of the same key.
  const sequencer = object.sequencer.padEnd(32, '0');
  const { key, size } = object;
  return {
    upload: { key, sequencer, ...(versionId !== undefined && { versionId }) },
    ...(size !== undefined && { size }),
  };
}
