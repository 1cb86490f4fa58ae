import * as z from 'zod';
import { inWords } from '#shared/import/durations.ts';
import type { Source } from '#shared/import/source.ts';
import type { Step } from '#shared/journey/journey.ts';
import { simpleCondition, splitCondition } from './conditions.ts';
import type { Make, PinpointJourney } from './journey.ts';
import { waitStep } from './waits.ts';

const text = z.string().min(1);

/** Activities that part ways. */

/** Pinpoint waits before it looks; a waitFor would go on as soon as it is so. */
function evaluationWait(at: Source, journey: PinpointJourney): Step[] {
  const time = at.at('EvaluationWaitTime');
  const duration = time.at('WaitFor').value;
  const words = typeof duration === 'string' ? inWords(duration) : 'until then';
  const steps = waitStep(time, journey.ids.claim(`wait ${words}`, 'wait'), journey);
  const asksMessage = JSON.stringify(at.value).includes('EventCondition');
  if (steps.length > 0 && asksMessage) {
    journey.draft.notes.todo(
      time,
      'It waits before it looks, as Pinpoint did.',
      'A "waitFor" in the place of the wait and the branch goes on as soon as it happens.',
    );
  }
  return steps;
}

export const conditionalSplit: Make = (at, key, journey, name) => {
  const id = journey.idOf(key);
  const steps = evaluationWait(at, journey);
  const condition = splitCondition(journey.asking, at.at('Condition'));
  const to = [at.at('TrueActivity').take(text), at.at('FalseActivity').take(text)];
  const fork = {
    id,
    to,
    build: ([yes = [], no = []]: readonly (readonly Step[])[]): Step => ({
      ...{ type: 'branch', id, ...(name && { name }) },
      cases: [{ name: 'yes', if: condition, steps: [...yes] }],
      otherwise: [...no],
    }),
  };
  return { steps, fork };
};

export const multiCondition: Make = (at, key, journey, name) => {
  const id = journey.idOf(key);
  const steps = evaluationWait(at, journey);
  const branches = at.at('Branches').items();
  const conditions = branches.map((branch) => simpleCondition(journey.asking, branch.at('Condition')));
  const to = [...branches.map((b) => b.at('NextActivity').take(text)), at.at('DefaultActivity').take(text)];
  const build = (arms: readonly (readonly Step[])[]): Step => ({
    ...{ type: 'branch', id, ...(name && { name }) },
    cases: conditions.map((condition, i) => ({ if: condition, steps: [...(arms[i] ?? [])] })),
    otherwise: [...(arms.at(-1) ?? [])],
  });
  if (conditions.length === 0) return { steps, next: to.at(-1) };
  return { steps, fork: { id, to, build } };
};

const ABC = (i: number): string => String.fromCharCode(65 + (i % 26));

export const randomSplit: Make = (at, key, journey, name) => {
  const id = journey.idOf(key);
  const branches = at
    .at('Branches')
    .items()
    .map((branch, i) => ({
      name: ABC(i),
      weight: branch.at('Percentage').take(z.number()) ?? 0,
      to: branch.at('NextActivity').take(text),
    }));
  const rest = 100 - branches.reduce((sum, { weight }) => sum + weight, 0);
  if (rest > 0) journey.draft.notes.changed(at, `The shares made ${100 - rest}; the rest goes an empty way.`);
  const arms = [...branches, ...(rest > 0 ? [{ name: 'rest', weight: rest, to: undefined }] : [])];
  const build = (lists: readonly (readonly Step[])[]): Step => ({
    ...{ type: 'split', id, ...(name && { name }) },
    arms: arms.map((arm, i) => ({ name: arm.name, weight: arm.weight, steps: [...(lists[i] ?? [])] })),
  });
  return branches.length === 0 ? { steps: [] } : { steps: [], fork: { id, to: arms.map(({ to }) => to), build } };
};

/** In the middle of a journey; as the first activity it is the entry's. */
export const holdout: Make = (at, key, journey, name) => {
  const id = journey.idOf(key);
  const share = at.at('Percentage').take(z.number()) ?? 0;
  const end: Step = { type: 'end', id: journey.ids.claim(`${id}-end`, 'end'), outcome: 'holdout' };
  const build = ([on = []]: readonly (readonly Step[])[]): Step => ({
    ...{ type: 'split', id, ...(name && { name }) },
    arms: [
      { name: 'holdout', weight: share, steps: [end] },
      { name: 'goes on', weight: 100 - share, steps: [...on] },
    ],
  });
  return { steps: [], fork: { id, to: [at.at('NextActivity').take(text)], build } };
};
