import * as z from 'zod';
import type { Block } from '#shared/import/graph.ts';
import type { Ids } from '#shared/import/ids.ts';
import type { Source } from '#shared/import/source.ts';
import type { KlaviyoAsking } from './conditions.ts';
import type { Day } from './waits.ts';

/** What all actions of one flow share. */

/** What all actions of one flow share. */
export type KlaviyoFlow = {
  readonly asking: KlaviyoAsking;
  readonly ids: Ids;
  readonly idOf: (action: string) => string;
  readonly status: string | undefined;
  readonly day: Day | undefined;
  /** The action that leads here, if it is one only. */
  readonly before: (action: string) => Source | undefined;
};

export type Make = (action: Source, key: string, flow: KlaviyoFlow) => Omit<Block, 'key'>;

const text = z.string().min(1);

export const next = (action: Source) => ({ next: action.at('links').at('next').take(text) });

export const target = (action: Source, name: string) => action.at('links').at(name).take(text);

export const keyOf = (action: Source): string | undefined =>
  action.at('id').take(text) ?? action.at('temporary_id').take(text);
