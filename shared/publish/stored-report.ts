import * as z from 'zod';
import { impactSchema } from './stored-impact.ts';

/** What became of a file, as it lies in the bucket for programs: `upload` is the version of the file that it is about. */
export const storedReportSchema = z.object({
  file: z.string(),
  remarks: z.array(
    z.object({
      line: z.int(),
      column: z.int(),
      code: z.string(),
      message: z.string(),
      severity: z.enum(['error', 'warning']),
    }),
  ),
  published: z.int().exactOptional(),
  live: z.union([z.int(), z.boolean()]).exactOptional(),
  draft: z.boolean().exactOptional(),
  unchanged: z.boolean().exactOptional(),
  closing: z.boolean().exactOptional(),
  paused: z.boolean().exactOptional(),
  /** For programs that show it; whoever reads a report back prints it. */
  impact: impactSchema.exactOptional(),
  codes: z.object({ added: z.int(), known: z.int(), refused: z.int() }).exactOptional(),
  upload: z.string().exactOptional(),
});
export type StoredReport = z.infer<typeof storedReportSchema>;

/** Where the reports about a file lie, but for their endings `.txt` and `.json`. */
export const reportKey = (file: string): string => `reports/${file.replaceAll('/', '.')}`;
