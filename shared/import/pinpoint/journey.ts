import * as z from 'zod';
import type { Draft } from '#shared/import/draft.ts';
import type { Block } from '#shared/import/graph.ts';
import type { Ids } from '#shared/import/ids.ts';
import type { Source } from '#shared/import/source.ts';
import type { Asking } from './values.ts';

/** What all activities of one journey share. */

/** What all activities of one journey share. */
export type PinpointJourney = {
  readonly draft: Draft;
  readonly asking: Asking;
  readonly ids: Ids;
  /** The id that an activity's step gets. */
  readonly idOf: (activity: string) => string;
  /** `PT0S`: a message that may not go now is not sent at all. */
  readonly expires: string | undefined;
  readonly local: boolean;
};

const text = z.string().min(1);

const KINDS = [
  'EMAIL',
  'SMS',
  'PUSH',
  'CUSTOM',
  'ConditionalSplit',
  'MultiCondition',
  'RandomSplit',
  'Holdout',
  'Wait',
  'ContactCenter',
] as const;

export type ActivityKind = (typeof KINDS)[number];

export const kindOf = (activity: Source): ActivityKind | undefined => KINDS.find((kind) => activity.at(kind).value);

export type Make = (at: Source, key: string, journey: PinpointJourney, name: string | undefined) => Omit<Block, 'key'>;

export const next = (at: Source) => ({ next: at.at('NextActivity').take(text) });
