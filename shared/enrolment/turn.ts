import type { Scope } from '#shared/condition/scope.ts';
import type { CompiledJourney, Node } from '#shared/journey/compile.ts';
import type { Message } from '#shared/message/message.ts';
import type { Json } from '#shared/store/table.ts';
import type { Instant } from '#shared/time/instant.ts';
import type { Enrolment } from './enrolment.ts';

/** A trait or tag that a passage changes on its contact. */
export type ProfileChange =
  | { readonly kind: 'set'; readonly path: string; readonly value: Json }
  | { readonly kind: 'unset'; readonly path: string }
  | { readonly kind: 'add'; readonly path: string; readonly by: number }
  | { readonly kind: 'append'; readonly path: string; readonly value: Json }
  | { readonly kind: 'remove'; readonly path: string; readonly value: Json }
  | { readonly kind: 'tag'; readonly tag: string }
  | { readonly kind: 'untag'; readonly tag: string };

/** What one turn did: the passage as it is now, and what has to be written and put out with it. */
export type TurnResult = {
  readonly enrolment: Enrolment;
  readonly messages: readonly Message[];
  readonly changes: readonly ProfileChange[];
};

/** Everything a turn may look at. It reads no clock, no store and no chance. */
export type TurnInput = {
  readonly journey: CompiledJourney;
  readonly enrolment: Enrolment;
  readonly now: Instant;
  /** The contact's zone. */
  readonly zone: string;
  /** A scope for conditions with the passage, and what this turn has changed on the contact, as they stand by then. */
  readonly scope: (enrolment: Enrolment, changes: readonly ProfileChange[], since?: Instant) => Scope;
};

/** What one step says should come now. */
export type Outcome =
  | { readonly go: string | null; readonly left?: Readonly<Record<string, Json>> }
  | { readonly pause: Instant; readonly phase?: 'for' | 'until' }
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
  readonly waiting?: { readonly wakeAt: Instant; readonly phase?: 'for' | 'until' | undefined };
  readonly send: (message: Message) => void;
  readonly change: (change: ProfileChange) => void;
};
