import * as z from 'zod';
import { type Draft, type Imported, runImport } from '#shared/import/draft.ts';
import type { Block } from '#shared/import/graph.ts';
import { type Ids, openIds } from '#shared/import/ids.ts';
import { nestedSteps } from '#shared/import/nested-journey.ts';
import type { Source } from '#shared/import/source.ts';
import { blockOf } from './actions.ts';
import { edgesOf } from './edges.ts';
import { exitsOf, goalOf, maskingOf } from './goal.ts';
import { triggerOf } from './triggers.ts';
import type { Workflow } from './workflow.ts';

/**
 * PostHog workflows: what `GET /api/projects/{id}/hog_flows/{id}/` answers, one or several in a list.
 * https://posthog.com/docs/workflows
 */
export function importPostHog(json: unknown): Imported {
  return runImport(json, (draft) => {
    const ids = openIds();
    for (const document of Array.isArray(json) ? draft.source.items() : [draft.source]) {
      const results = document.at('results').items();
      if (results.length > 0) draft.notes.drop(document, ['count', 'next', 'previous'], 'pages of the answer');
      for (const flow of results.length > 0 ? results : [document]) {
        if (flow.at('actions').items().length > 0) journey(draft, flow, ids);
      }
    }
  });
}

const text = z.string().min(1);

const ADMIN = [
  'id',
  'team_id',
  'version',
  'created_at',
  'updated_at',
  'created_by',
  'billable_action_types',
  'short_id',
];

export function journey(draft: Draft, flow: Source, journeyIds: Ids): void {
  const { notes } = draft;
  notes.drop(flow, ADMIN, 'versions here carry their own time and author');
  const status = flow.at('status').take(text);
  if (status !== undefined && status !== 'draft')
    notes.changed(flow.at('status'), `It was ${status}; here it is a draft.`);
  const name = flow.at('name').take(text) ?? 'Workflow';
  const note = flow.at('description').take(text);
  const id = journeyIds.claim(name, 'journey');
  for (const variable of flow.at('variables').items())
    notes.lost(variable, "Variables are not kept; a step's own fields can be read.");
  if (flow.at('abort_action').value)
    notes.lost(flow.at('abort_action'), 'There is no step for what fails; a call has "otherwise".');
  const config = configOf(flow);
  const start = triggerOf(draft, flow, config);
  const masking = maskingOf(draft, flow.at('trigger_masking'));
  const goal = goalOf(draft, flow);
  const steps = stepsOf(draft, flow);
  const entry = { ...(start.if && { if: start.if }), again: masking.again, ...(masking.key && { key: masking.key }) };
  draft.journey(flow, {
    ...{ id, name, ...(note && { note }), status: 'draft', trigger: start.trigger, entry },
    ...(goal && { goal }),
    ...exitsOf(flow, start.matched),
    steps,
  });
}

/** The trigger stands once at the top and once among the actions. */
function configOf(flow: Source): Source {
  const action = flow
    .at('actions')
    .items()
    .find((at) => at.at('type').value === 'trigger');
  const top = flow.at('trigger');
  if (!action) return top;
  if (JSON.stringify(top.value) === JSON.stringify(action.at('config').value)) top.whole();
  return action.at('config').value ? action.at('config') : top;
}

const TRIGGER = ['id', 'name', 'description', 'type', 'created_at', 'updated_at', 'filters', 'on_error'];

function stepsOf(draft: Draft, flow: Source) {
  const ids = openIds();
  const listed = flow.at('actions').items();
  const actions = new Map(listed.map((at) => [String(at.at('id').value ?? at.place), at]));
  const [trigger, triggerAt] = [...actions].find(([, at]) => at.at('type').value === 'trigger') ?? [];
  if (triggerAt) draft.notes.drop(triggerAt, TRIGGER, 'the trigger is no step here');
  const edges = edgesOf(draft, flow, (key) => actions.has(key));
  const entry = trigger === undefined ? [...actions.keys()].find((key) => !edges.isLedTo(key)) : edges.leads(trigger);
  const order = reading(entry, edges.onward, actions);
  for (const [key, at] of actions) {
    if (!order.includes(key) && key !== trigger) draft.notes.lost(at, 'Nothing leads to this action.');
  }
  const nameOf = (key: string) => String(actions.get(key)?.at('name').value ?? key);
  const given = new Map(order.map((key) => [key, ids.claim(nameOf(key), 'step')] as const));
  const workflow: Workflow = {
    ...{ draft, ids, leads: edges.leads },
    idOf: (key) => given.get(key) ?? ids.claim(key, 'step'),
  };
  const blocks = order.flatMap((key): [string, Block][] => {
    const at = actions.get(key);
    return at ? [[key, blockOf(at, key, workflow)]] : [];
  });
  edges.reportUnused(order);
  return nestedSteps(draft, { entry, blocks: new Map(blocks) }, ids, (key) => actions.get(key) ?? flow);
}

export function reading(
  entry: string | undefined,
  onward: (key: string) => readonly string[],
  actions: ReadonlyMap<string, Source>,
): string[] {
  const seen = new Set<string>();
  const visit = (key: string): void => {
    if (seen.has(key) || !actions.has(key)) return;
    seen.add(key);
    onward(key).forEach(visit);
  };
  if (entry !== undefined) visit(entry);
  return [...seen];
}
