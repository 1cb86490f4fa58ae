import type { Condition } from '#shared/condition/condition.ts';
import type { Block, Graph } from '#shared/import/graph.ts';
import type { Step } from '#shared/journey/journey.ts';

/** Which arm each fork takes. Forks of these tests ask `{ "trigger": fork, "is": arm }`. */
export type Choices = Readonly<Record<string, number>>;

export const asks = (fork: string, arm: number): Condition => ({ trigger: fork, is: arm });

/** A block that sends, and leads to these blocks: none ends, one goes on, several fork. Undefined among them ends. */
export function sendingBlock(key: string, to: readonly (string | undefined)[], sends = true): Block {
  const send: Step = { type: 'send', id: `send-${key}`, template: 't' };
  const id = `fork-${key}`;
  const steps = sends || to.length < 2 ? [send] : [];
  if (to.length < 2) return { key, steps, next: to[0] };
  const build = (arms: readonly (readonly Step[])[]): Step => ({
    type: 'branch',
    id,
    cases: arms.slice(0, -1).map((arm, i) => ({ if: asks(key, i), steps: [...arm] })),
    otherwise: [...(arms.at(-1) ?? [])],
  });
  return { key, steps, fork: { id, to, build } };
}

export const graphOf = (blocks: readonly Block[]): Graph => ({
  entry: blocks[0]?.key,
  blocks: new Map(blocks.map((block) => [block.key, block])),
});

/** Templates in the order in which a passage through the graph sends them; at most so many. */
export function sendsOfGraph({ entry, blocks }: Graph, choices: Choices, most = 100): string[] {
  const sent: string[] = [];
  for (let key = entry; key !== undefined && sent.length < most; ) {
    const block: Block | undefined = blocks.get(key);
    if (!block) break;
    sent.push(...block.steps.filter((s) => s.type === 'send').map((s) => s.id));
    key = block.fork ? block.fork.to[Math.min(choices[block.key] ?? 0, block.fork.to.length - 1)] : block.next;
  }
  return sent;
}

const isTrue = (condition: Condition, choices: Choices): boolean => {
  if ('not' in condition) return !isTrue(condition.not, choices);
  if ('trigger' in condition) return (choices[condition.trigger] ?? 0) === condition.is;
  throw new Error(`not asked in these tests: ${JSON.stringify(condition)}`);
};

/** What a list came to: its end, the end of the passage, or a jump to a later step of a list around it. */
type Way = 'on' | 'end' | { readonly to: string };

function arm(step: Step, choices: Choices): readonly Step[] {
  if (step.type === 'branch') return step.cases.find((c) => isTrue(c.if, choices))?.steps ?? step.otherwise ?? [];
  if (step.type === 'repeat') return step.steps;
  return [];
}

/** A tiny interpreter of nested steps. */
export function sendsOfSteps(steps: readonly Step[], choices: Choices): string[] {
  const sent: string[] = [];
  const one = (step: Step): Way => {
    if (step.if && !isTrue(step.if, choices)) return 'on';
    if (step.type === 'send') sent.push(step.id);
    if (step.type === 'end') return 'end';
    if (step.type === 'skip') return { to: step.to };
    for (let pass = 0; pass < (step.type === 'repeat' ? step.times : 1); pass += 1) {
      const way = list(arm(step, choices));
      if (way !== 'on') return way;
    }
    return 'on';
  };
  const list = (inner: readonly Step[]): Way => {
    for (let i = 0; i < inner.length; i += 1) {
      const step = inner[i];
      const way: Way = step ? one(step) : 'on';
      if (way === 'end') return way;
      if (way === 'on') continue;
      const target = inner.findIndex((other, at) => at > i && other.id === way.to);
      if (target < 0) return way;
      i = target - 1;
    }
    return 'on';
  };
  const way = list(steps);
  if (typeof way === 'object') throw new Error(`nothing called ${way.to} comes later`);
  return sent;
}

/** All steps, those in arms too. */
export const allSteps = (steps: readonly Step[]): Step[] =>
  steps.flatMap((step) => {
    if (step.type === 'branch')
      return [step, ...allSteps([...step.cases.flatMap((c) => c.steps), ...(step.otherwise ?? [])])];
    if (step.type === 'split') return [step, ...allSteps(step.arms.flatMap((a) => a.steps))];
    if (step.type === 'waitFor') return [step, ...allSteps([...(step.then ?? []), ...(step.otherwise ?? [])])];
    if (step.type === 'repeat') return [step, ...allSteps(step.steps)];
    return [step, ...('otherwise' in step ? allSteps(step.otherwise ?? []) : [])];
  });
