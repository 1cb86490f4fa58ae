import type { Draft } from '#shared/import/draft.ts';
import type { Ids } from '#shared/import/ids.ts';
import type { Source } from '#shared/import/source.ts';
import type { MauticEvent } from './events.ts';

/** What all events of one campaign share. */

/** What all events of one campaign share. */
export type Campaign = {
  readonly draft: Draft;
  readonly ids: Ids;
  readonly names: MauticNames;
  readonly idOf: (event: string) => string;
  /** The step that sends the mail which this event hangs below. */
  readonly sentBefore: (event: MauticEvent) => string | undefined;
  readonly propertiesOf: (event: MauticEvent) => Source;
};

export type MauticNames = {
  segment(at: Source, id: string): string;
  form(id: string): string;
  journey(id: string): string;
  /** A message by its id, where the export has it. */
  message(kind: string, id: string): Source | undefined;
};
