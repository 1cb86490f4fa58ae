import type { Call } from '#shared/call/call.ts';
import type { Scope } from '#shared/condition/scope.ts';
import type { GivenCode } from '#shared/coupon/coupon.ts';
import type { Event } from '#shared/event/event.ts';
import type { CompiledJourney, Node } from '#shared/journey/compile.ts';
import type { Message } from '#shared/message/message.ts';
import type { Hold } from '#shared/sending/hold.ts';
import type { Json } from '#shared/store/table.ts';
import type { Instant } from '#shared/time/instant.ts';
import type { Enrolment } from './enrolment.ts';

/** A trait, tag or consent that a passage changes on its contact. Consent is only ever withdrawn. */
export type ProfileChange =
  | { readonly kind: 'set'; readonly path: string; readonly value: Json }
  | { readonly kind: 'unset'; readonly path: string }
  | { readonly kind: 'add'; readonly path: string; readonly by: number }
  | { readonly kind: 'append'; readonly path: string; readonly value: Json }
  | { readonly kind: 'remove'; readonly path: string; readonly value: Json }
  | { readonly kind: 'tag'; readonly tag: string }
  | { readonly kind: 'untag'; readonly tag: string }
  | { readonly kind: 'deny'; readonly topic: string; readonly event: string };

/** What a turn does to the world, in the order in which its steps did it. */
export type Effects = {
  readonly messages: readonly Message[];
  readonly changes: readonly ProfileChange[];
  /** Events for the bus. Their ids are derived, so that a repetition meets itself. */
  readonly events: readonly Event[];
  readonly codes: readonly GivenCode[];
  /** What endpoints are to be told. */
  readonly calls: readonly Call[];
  /** Pools that had no code left. */
  readonly lacking: readonly string[];
};

/** What one turn did: the passage as it is now, and what has to be written and put out with it. */
export type TurnResult = Effects & { readonly enrolment: Enrolment };

/** Everything a turn may look at. It reads no clock, no store and no chance. */
export type TurnInput = {
  readonly journey: CompiledJourney;
  readonly enrolment: Enrolment;
  readonly now: Instant;
  /** The contact's zone. */
  readonly zone: string;
  /** A scope for conditions with the passage, and what this turn has changed on the contact, as they stand by then. */
  readonly scope: (enrolment: Enrolment, changes: readonly ProfileChange[], since?: Instant) => Scope;
  /** The journey is paused: goal and exits count, and no step is run. */
  readonly paused?: boolean | undefined;
  /** Arms by the id of their split, for a simulation that wants to see one; without it the hash decides. */
  readonly arms?: Readonly<Record<string, string>> | undefined;
  /** Told of each step what came of it and what it looked at, for whoever wants to show the way. */
  readonly trace?: ((node: Node, came: Outcome | 'passed-over', here: Scope) => void) | undefined;
};

/** The second part of a wait knows when it began, so that a date that moves is reckoned from there. */
export type Phase = 'for' | 'until';

/** What one step says should come now. */
export type Outcome =
  | { readonly go: string | null; readonly left?: Readonly<Record<string, Json>> }
  | { readonly pause: Instant; readonly phase?: Phase; readonly from?: Instant; readonly hold?: Hold }
  | { readonly end: string };

/** A step at work. */
export type StepContext = TurnInput & {
  readonly node: Node;
  /** The scope of this moment; events count from the step's beginning. */
  readonly here: Scope;
  /** When the step began, in this visit. */
  readonly began: Instant;
  readonly visit: number;
  /** Set when the step was already waiting: what it waited for. */
  readonly waiting?:
    | {
        readonly wakeAt: Instant;
        readonly phase?: Phase | undefined;
        readonly from?: Instant | undefined;
      }
    | undefined;
  /** When the turn came due, if it had to wait until its journey was no longer paused. */
  readonly stalled?: Instant | undefined;
  /** What this turn has put out so far. */
  readonly saying: () => readonly Message[];
  readonly send: (message: Message) => void;
  readonly change: (change: ProfileChange) => void;
  readonly emit: (event: Event) => void;
  /** Codes that this turn has given so far. */
  readonly giving: () => readonly GivenCode[];
  readonly give: (code: GivenCode) => void;
  readonly lack: (pool: string) => void;
  readonly call: (call: Call) => void;
};
