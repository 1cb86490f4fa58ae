import * as z from 'zod';
import type { Draft } from '#shared/import/draft.ts';
import { durationOf, unitOf } from '#shared/import/durations.ts';
import type { Block } from '#shared/import/graph.ts';
import type { Ids } from '#shared/import/ids.ts';
import type { Source } from '#shared/import/source.ts';

/** What all actions of one workflow share. */

/** What all actions of one workflow share. */
export type Workflow = {
  readonly draft: Draft;
  readonly ids: Ids;
  readonly idOf: (action: string) => string;
  /** Where an action leads: on, or by a branch with this index. */
  readonly leads: (action: string, index?: number) => string | undefined;
};

export type Make = (action: Source, key: string, workflow: Workflow) => Omit<Block, 'key'>;

const text = z.string().min(1);

export const nameOf = (action: Source) => action.at('name').take(text);

export const on = (key: string, { leads }: Workflow) => ({ next: leads(key) });

/** `1.5d`, `30m`. */
export function spanOf(value: string | undefined): string | undefined {
  const [, count, unit = ''] = /^-?(\d*\.?\d+)([dhms])$/.exec(value ?? '') ?? [];
  const units = { d: 'day', h: 'hour', m: 'minute', s: 'second' } as const;
  const found = unit === 'd' || unit === 'h' || unit === 'm' || unit === 's' ? units[unit] : unitOf(unit);
  return count === undefined || !found ? undefined : durationOf(Number(count), found);
}
