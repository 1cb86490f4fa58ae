import * as z from 'zod';
import { nobody } from '#shared/import/conditions.ts';
import { inWords } from '#shared/import/durations.ts';
import type { Step } from '#shared/journey/journey.ts';
import { filterCondition } from './filters.ts';
import { type Make, nameOf, on, spanOf } from './workflow.ts';

const text = z.string().min(1);

/** PostHog's branches. */

export const branch: Make = (action, key, workflow) => {
  const { draft, idOf, leads, ids } = workflow;
  const config = action.at('config');
  const id = idOf(key);
  const name = nameOf(action);
  const cases = config
    .at('conditions')
    .items()
    .map((at, i) => ({
      name: at.at('name').take(text)?.slice(0, 60),
      if: filterCondition(draft, at.at('filters')) ?? nobody('the source asks for nothing'),
      to: leads(key, i),
    }));
  const patience = spanOf(config.at('delay_duration').take(text));
  if (patience)
    draft.notes.changed(
      config.at('delay_duration'),
      `It looked again for ${inWords(patience)}; here it waits, then looks once.`,
      'A "waitFor" goes on as soon as it happens.',
    );
  const steps: Step[] = patience
    ? [{ type: 'wait', id: ids.claim(`wait ${inWords(patience)}`, 'wait'), for: patience }]
    : [];
  if (cases.length === 0) return { steps, ...on(key, workflow) };
  const build = (arms: readonly (readonly Step[])[]): Step => ({
    ...{ type: 'branch', id, ...(name && { name }) },
    cases: cases.map((c, i) => ({ ...(c.name && { name: c.name }), if: c.if, steps: [...(arms[i] ?? [])] })),
    otherwise: [...(arms.at(-1) ?? [])],
  });
  return { steps, fork: { id, to: [...cases.map(({ to }) => to), leads(key)], build } };
};

export const cohorts: Make = (action, key, workflow) => {
  const { idOf, leads, draft } = workflow;
  const id = idOf(key);
  const name = nameOf(action);
  const given = action
    .at('config')
    .at('cohorts')
    .items()
    .map((at, i) => ({
      name: at.at('name').take(text)?.slice(0, 60) ?? String.fromCharCode(65 + i),
      weight: at.at('percentage').take(z.number()) ?? 0,
      to: leads(key, i),
    }));
  const total = given.reduce((sum, { weight }) => sum + weight, 0);
  if (given.length === 0 || total === 0) return { steps: [], ...on(key, workflow) };
  if (total !== 100) draft.notes.changed(action.at('config'), `The shares made ${total}; they are reckoned up to 100.`);
  const weights = shares(given.map(({ weight }) => weight / total));
  const build = (arms: readonly (readonly Step[])[]): Step => ({
    ...{ type: 'split', id, ...(name && { name }) },
    arms: given.map((arm, i) => ({ name: arm.name, weight: weights[i] ?? 0, steps: [...(arms[i] ?? [])] })),
  });
  return { steps: [], fork: { id, to: given.map(({ to }) => to), build } };
};

/** Hundredths of a percent that make 100 together. */
function shares(parts: readonly number[]): number[] {
  const rounded = parts.map((part) => Math.floor(part * 10_000) / 100);
  const rest = 100 - rounded.reduce((sum, share) => sum + share, 0);
  return rounded.map((share, i) => (i === 0 ? Math.round((share + rest) * 100) / 100 : share));
}
