import { describeCondition } from '#shared/diagram/words/conditions.ts';
import { sayIso } from '#shared/diagram/words/times.ts';
import { quoted } from '#shared/diagram/words/values.ts';
import type { Outcome } from '#shared/enrolment/turn.ts';
import type { Step } from '#shared/journey/journey.ts';
import type { PassageLine } from '#shared/simulation/line.ts';
import type { Instant } from '#shared/time/instant.ts';
import { sayHold, sayWhole } from './words.ts';

type StepLine = Extract<PassageLine, { what: 'step' }>;
type Gone = Extract<Outcome, { go: unknown }>;

/** `waits`: what the passage waits for now. Without `what` there is nothing to tell. */
type Said = {
  readonly what?: string;
  readonly why?: string;
  readonly waits?: string;
  readonly ends?: boolean;
  /** A message is about to go; whether it does is told later. */
  readonly leaving?: boolean;
};

/** What came of a step. `before`: what the passage was waiting for. */
export function sayStepLine(line: StepLine, before: string | undefined, moment: (at: Instant) => string): Said {
  const { step, came, because } = line;
  if (came === 'passed-over') return { what: `passes over ${quoted(step.id)}`, why: because.join('; ') };
  if ('pause' in came) {
    const waits = `${step.id}@${came.pause}`;
    return waits === before ? { waits } : { waits, ...sayPause(step, came, moment) };
  }
  return 'end' in came ? { ends: true } : sayGone(line, came, before?.startsWith(`${step.id}@`) ?? false);
}

function sayPause(step: Step, { pause, hold }: Extract<Outcome, { pause: Instant }>, moment: (at: Instant) => string) {
  const until = moment(pause);
  if (step.type === 'send') return { what: `holds ${quoted(step.template)} back until ${until}`, why: sayHold(hold) };
  if (step.type === 'call') return { what: `calls ${quoted(step.endpoint)}`, why: 'and waits for what comes of it' };
  if (step.type === 'waitFor')
    return { what: `waits until ${until} at most`, why: `${quoted(step.id)}: until ${describeCondition(step.for)}` };
  return { what: `waits until ${until}`, why: `${quoted(step.id)}: ${sayWhole(step)}` };
}

function sayGone(line: StepLine, came: Gone, hasWaited: boolean): Said {
  const { step, because } = line;
  const left = came.left ?? {};
  switch (step.type) {
    case 'send':
      return { what: `sends ${quoted(step.template)}`, leaving: true };
    case 'wait':
      return hasWaited ? {} : { what: `does not wait at ${quoted(step.id)}`, why: `${sayWhole(step)}: that is now` };
    case 'waitFor':
      return {
        what: `${quoted(step.id)}: ${left['happened'] === true ? 'in time' : `not within ${sayUpTo(step)}`}`,
        why: because.join('; '),
      };
    case 'call':
      if (!hasWaited) return { what: `calls ${quoted(step.endpoint)}`, why: `${quoted(step.id)}: nobody waits for it` };
      return {
        what: `${quoted(step.endpoint)} ${left['ok'] === true ? 'has taken it' : 'refuses'}`,
        why: quoted(step.id),
      };
    case 'branch':
      return {
        what: `${quoted(step.id)}: takes ${line.took ? quoted(line.took) : 'the others’ way'}`,
        why: because.join('; '),
      };
    case 'split':
      return {
        what: `${quoted(step.id)}: takes the arm ${quoted(String(left['arm']))}`,
        why: shareOf(step, left['arm']),
      };
    case 'repeat':
      return came.go === step.steps[0]?.id
        ? { what: `${quoted(step.id)}: ${left['pass']} of ${step.times}`, why: because.join('; ') }
        : { what: `${quoted(step.id)}: done`, why: because.join('; ') || `${step.times} times` };
    case 'coupon':
      return typeof left['code'] === 'string'
        ? { what: `gives the code ${left['code']}`, why: sayWhole(step) }
        : { what: `gives no code`, why: `no code is left in ${quoted(step.pool)}` };
    default:
      return { what: sayWhole(step), why: step.name ?? '' };
  }
}

const sayUpTo = ({ upTo }: Extract<Step, { type: 'waitFor' }>): string =>
  typeof upTo === 'string' ? sayIso(upTo) : 'its time';

function shareOf({ arms }: Extract<Step, { type: 'split' }>, arm: unknown): string {
  const share = arms.find(({ name }) => name === arm)?.weight;
  return `one of ${arms.length} arms, ${share} % go here`;
}
