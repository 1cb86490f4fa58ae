import type { Table } from '#shared/store/table.ts';
import { toMillis } from '#shared/time/instant.ts';
import type { StillClock } from '#test/build/table.ts';

/** A table to be held to the contract, and the clock that it reads. */
export type Subject = { readonly table: Table; readonly clock: StillClock };

let partitions = 0;
/** A partition that no other test writes to. */
export const freshPk = (): string => `C#${++partitions}`;

/** Seconds since 1970 of the clock's time, moved by so many. */
export const secondsFrom = ({ clock }: Subject, seconds: number): number => toMillis(clock.time) / 1000 + seconds;
