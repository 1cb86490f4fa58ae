import type { Call } from '#shared/call/call.ts';
import type { Refusal } from '#shared/enrolment/entry.ts';
import type { Outcome, ProfileChange } from '#shared/enrolment/turn.ts';
import type { Step } from '#shared/journey/journey.ts';
import type { Message, MessageFact } from '#shared/message/message.ts';
import type { Instant } from '#shared/time/instant.ts';
import type { StepReason } from './reasons.ts';

/**
 * What happens in a simulation, told as it happens. `because`: in words, the parts of a condition that decided; only a
 * world that `explains` has them, but for a refusal, which always says why.
 */
export type Line = { readonly at: Instant } & (
  | { readonly what: 'event'; readonly type: string; readonly id: string; readonly ours: boolean }
  | { readonly what: 'parked'; readonly type: string; readonly reason: 'too-many-hops' }
  | { readonly what: 'fact'; readonly journey: string; readonly step: string; readonly fact: MessageFact }
  | ({ readonly journey: string; readonly key: string } & (
      | { readonly what: 'armed'; readonly until: Instant }
      | { readonly what: 'refused'; readonly reason: Refusal; readonly because: readonly string[] }
      | { readonly what: 'entered' | 'held' | 'retold'; readonly n: number; readonly because: readonly string[] }
      | ({ readonly what: 'step'; readonly step: Step; readonly came: Outcome | 'passed-over' } & StepReason)
      | { readonly what: 'changed'; readonly changes: readonly ProfileChange[] }
      | { readonly what: 'emitted'; readonly type: string }
      | { readonly what: 'sent'; readonly step: string; readonly message: Message }
      | { readonly what: 'withheld'; readonly step: string; readonly message: Message; readonly reason: string }
      | { readonly what: 'called'; readonly call: Call; readonly ok: boolean }
      | { readonly what: 'converted'; readonly value?: number | undefined }
      | { readonly what: 'ended'; readonly outcome: string; readonly n: number }
    ))
);
/** What one line tells of a passage. */
export type PassageLine = Extract<Line, { key: string }>;
