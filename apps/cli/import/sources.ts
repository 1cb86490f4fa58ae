import type { Imported } from '#shared/import/draft.ts';
import { importKlaviyo } from '#shared/import/klaviyo/klaviyo.ts';
import { importMautic } from '#shared/import/mautic/mautic.ts';
import { importPinpoint } from '#shared/import/pinpoint/pinpoint.ts';
import { importPostHog } from '#shared/import/posthog/posthog.ts';

/** Tools that journeys can be brought over from. */
export const IMPORTS = {
  pinpoint: importPinpoint,
  klaviyo: importKlaviyo,
  posthog: importPostHog,
  mautic: importMautic,
} as const satisfies Record<string, (json: unknown) => Imported>;
export type ToolName = keyof typeof IMPORTS;
export const isTool = (name: string): name is ToolName => Object.hasOwn(IMPORTS, name);
