import { type Call, callId, givenUpAt } from '#shared/call/call.ts';
import { fitting, keptOf, missingIn } from '#shared/enrolment/kept-data.ts';
import type { Outcome, StepContext } from '#shared/enrolment/turn.ts';
import type { CallStep } from '#shared/journey/journey.ts';
import { arm, onward, type Run, valuesOf } from './run.ts';

type Told = Pick<Call, 'state' | 'ok' | 'reply'>;

/** A body that is larger loses what does not fit. */
const BODY = 64 * 1024;

/** Whether the passage waits for what comes of it: for the answer, or to go the other way when it fails. */
const waits = ({ answer, otherwise = [] }: CallStep): boolean => answer === true || otherwise.length > 0;

/**
 * Puts out what an endpoint is to be told, once a visit: a passage that an edit has taken along has told it already. Nobody
 * waits for it unless the journey wants the answer, or says what should come otherwise; then the passage goes on as soon as
 * it is known, and at the end of the hour in any case.
 */
export const call: Run<'call'> = (step, at) => {
  const id = callId(at.enrolment.id, step.id, at.visit);
  const known = at.here.facts.call(id);
  if (!known && !at.waiting) at.call(draftOf(step, id, at));
  return waits(step) ? answered(known, at) : onward(at);
};

function answered(known: Told | undefined, at: StepContext): Outcome {
  if (known?.ok)
    return { go: at.node.next, left: { ...keptOf(known.reply ?? {}, at.enrolment), at: at.began, ok: true } };
  const until = givenUpAt({ queuedAt: at.began });
  if (known?.state !== 'done' && until > at.now) return { pause: until };
  return { go: arm(at, 'otherwise'), left: { at: at.began, ok: false } };
}

function draftOf(step: CallStep, id: string, at: StepContext): Call {
  const { enrolment, journey, here } = at;
  const { externalId } = here.profile.identities;
  const said = valuesOf(step.body, here);
  const body = fitting(said, BODY);
  const cut = missingIn(body, said);
  return {
    v: 1,
    id,
    contact: enrolment.contact,
    ...(externalId !== undefined && { externalId }),
    journey: journey.id,
    key: enrolment.key,
    n: enrolment.n,
    version: journey.version,
    step: step.id,
    titles: { journey: journey.definition.name, step: step.name ?? step.id },
    endpoint: step.endpoint,
    body,
    ...(cut.length > 0 && { cut }),
    waits: waits(step),
    answer: step.answer ?? false,
    queuedAt: at.now,
    state: 'queued',
    attempts: 0,
    next: at.now,
  };
}
