import type * as z from 'zod';
import { journeySchema } from '#shared/journey/journey.ts';
import { segmentSchema } from '#shared/segment/segment.ts';
import { settingsSchema } from '#shared/settings/settings.ts';
import { testFileSchema } from '#shared/story/story.ts';
import { frontSchema } from '#shared/template/front-data.ts';

/**
 * The kinds of files that marketers write, with what publish reads each by. Of a template it is the front data: what
 * stands between the "---" lines.
 */
export const FILES: Readonly<Record<string, z.ZodType>> = {
  journey: journeySchema,
  segment: segmentSchema,
  settings: settingsSchema,
  test: testFileSchema,
  template: frontSchema,
};
