import * as z from 'zod';
import type { Condition } from '#shared/condition/condition.ts';
import type { Source } from '#shared/import/source.ts';
import type { Step } from '#shared/journey/journey.ts';
import { filterOf } from './conditions.ts';
import { keyOf, type Make, target } from './flow.ts';

const text = z.string().min(1);

/** Klaviyo's splits. */

const branched = (id: string, condition: Condition, to: readonly (string | undefined)[]) => ({
  id,
  to,
  build: ([yes = [], no = []]: readonly (readonly Step[])[]): Step => ({
    ...{ type: 'branch', id, cases: [{ name: 'yes', if: condition, steps: [...yes] }] },
    otherwise: [...no],
  }),
});

export const split =
  (filter: string, subject: 'trait' | 'trigger'): Make =>
  (action, key, flow) => {
    const data = action.at('data');
    flow.asking.notes.drop(data, ['trigger_id', 'trigger_type', 'trigger_subtype'], "the trigger is the flow's own");
    const asked = filterOf(data.at(filter), flow.asking, subject) ?? {
      sample: 0,
      note: 'TODO: the split asks for nothing.',
    };
    const to = [target(action, 'next_if_true'), target(action, 'next_if_false')];
    return { steps: [], fork: branched(flow.idOf(key), asked, to) };
  };

const WORDS = { click: 'clicked', open: 'opened', deliver: 'delivered', bounce: 'bounced' } as const;

/** What became of the message before it is waited for; what a call answered is a question. */
export const outputSplit: Make = (action, key, flow) => {
  const id = flow.idOf(key);
  const before = flow.before(key);
  const previous = before && keyOf(before);
  const filter = action.at('data').at('action_output_filter');
  const to = [target(action, 'next_if_true'), target(action, 'next_if_false')];
  const isMessage =
    String(before?.at('type').value ?? '').startsWith('send-') && before?.at('type').value !== 'send-webhook';
  const asked = JSON.stringify(filter.value) ?? '';
  const fact = Object.entries(WORDS).find(([word]) => asked.includes(word))?.[1];
  if (previous === undefined || !isMessage || !fact) {
    const answering =
      before?.at('type').value === 'send-webhook' && previous !== undefined ? flow.idOf(previous) : undefined;
    const condition = filterOf(filter, { ...flow.asking, answering }) ?? {
      sample: 0,
      note: 'TODO: the split asks for nothing.',
    };
    return { steps: [], fork: branched(id, condition, to) };
  }
  flow.asking.notes.changed(filter, `It waits three days at most for "${fact}".`);
  filter.whole();
  const build = ([then = [], otherwise = []]: readonly (readonly Step[])[]): Step => ({
    ...{ type: 'waitFor', id, for: { message: flow.idOf(previous), is: fact }, upTo: 'P3D' },
    ...{ then: [...then], otherwise: [...otherwise] },
  });
  return { steps: [], fork: { id, to, waits: true, build } };
};

export const multiSplit: Make = (action, key, flow) => {
  const id = flow.idOf(key);
  const name = action.at('data').at('name').take(text);
  const branches = action.at('data').at('branches').items();
  const order = (branch: Source, i: number) => branch.at('order').take(z.number()) ?? i;
  const isElse = (branch: Source) => branch.at('is_else').take(z.boolean()) === true;
  const cases = branches
    .map((branch, i) => ({ branch, at: order(branch, i), otherwise: isElse(branch) }))
    .toSorted((a, b) => Number(a.otherwise) - Number(b.otherwise) || a.at - b.at);
  for (const { branch } of cases) flow.asking.notes.drop(branch, ['branch_id'], 'ids of the other tool');
  const asked = cases
    .filter((c) => !c.otherwise)
    .map(({ branch }) => ({
      name: branch.at('name').take(text),
      if: filterOf(branch.at('branch_filter'), flow.asking) ?? { sample: 0, note: 'TODO: this way asks for nothing.' },
      to: branch.at('links').at('next').take(text),
    }));
  const last = cases
    .find((c) => c.otherwise)
    ?.branch.at('links')
    .at('next')
    .take(text);
  if (asked.length === 0) return { steps: [], next: last };
  const build = (arms: readonly (readonly Step[])[]): Step => ({
    ...{ type: 'branch', id, ...(name && { name }) },
    cases: asked.map((c, i) => ({
      ...(c.name && { name: c.name.slice(0, 60) }),
      if: c.if,
      steps: [...(arms[i] ?? [])],
    })),
    otherwise: [...(arms.at(-1) ?? [])],
  });
  return { steps: [], fork: { id, to: [...asked.map(({ to }) => to), last], build } };
};
