import type { Step } from '#shared/journey/journey.ts';
import { daysOf } from './durations.ts';
import { listsOf } from './walk.ts';

/** When what happens, for somebody who walks a journey as most do. */
export type Rhythm = {
  /** Sends with the days since entry. */
  readonly sends: readonly { readonly id: string; readonly day: number }[];
  /** Days that it lasts. */
  readonly days: number;
};

/** Of arms, the one with the most mails is walked; of waits, what they say in numbers; who is waited for does not come. */
export function rhythmOf(steps: readonly Step[], from = 0): Rhythm {
  let days = from;
  const sends: Rhythm['sends'][number][] = [];
  for (const step of steps) {
    if (step.type === 'end' || step.type === 'skip') break;
    if (step.type === 'send') sends.push({ id: step.id, day: days });
    const inner = walked(step, days + pauseOf(step));
    sends.push(...inner.sends);
    days = inner.days;
  }
  return { sends, days };
}

const inDays = (duration: unknown): number => (typeof duration === 'string' ? daysOf(duration) : 0);

function pauseOf(step: Step): number {
  if (step.type === 'wait') return inDays(step.for);
  return step.type === 'waitFor' ? inDays(step.upTo) : 0;
}

function walked(step: Step, from: number): Rhythm {
  const passes = step.type === 'repeat' ? step.times : 1;
  let rhythm: Rhythm = { sends: [], days: from };
  for (let pass = 0; pass < passes; pass += 1) {
    const arms = listsOf(step).map(({ steps }) => rhythmOf(steps, rhythm.days));
    const fullest = arms.toSorted((a, b) => b.sends.length - a.sends.length || b.days - a.days)[0];
    if (!fullest) return rhythm;
    rhythm = { sends: [...rhythm.sends, ...fullest.sends], days: fullest.days };
  }
  return rhythm;
}
