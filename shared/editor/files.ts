import type * as z from 'zod';
import { journeySchema } from '#shared/journey/journey.ts';
import { settingsSchema } from '#shared/settings/settings.ts';

/** The kinds of files that marketers write, with what publish reads each by. */
export const FILES: Readonly<Record<string, z.ZodType>> = { journey: journeySchema, settings: settingsSchema };
