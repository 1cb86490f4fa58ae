import * as z from 'zod';
import type { Step } from '#shared/journey/journey.ts';
import { propertyPath } from './conditions.ts';
import { type Make, next } from './flow.ts';
import { asItWas } from './messages.ts';

const text = z.string().min(1);

/** What flows write to profiles and lists. */

export const update: Make = (action, key, flow) => {
  const set: Record<string, string | number | boolean> = {};
  const append: Record<string, string> = {};
  const remove: Record<string, string> = {};
  const unset: string[] = [];
  for (const operation of action.at('data').at('profile_operations').items()) {
    const path = flow.asking.needs.trait(operation, propertyPath(operation.at('property_key').take(text) ?? 'value'));
    const operator = operation.at('operator').take(z.enum(['create', 'update', 'delete']));
    operation.at('property_type').take(z.enum(['string', 'boolean', 'numeric', 'date', 'list']));
    const listed = operation.at('property_operation').take(z.enum(['add', 'remove']));
    const value = operation.at('property_value').take(z.union([z.string(), z.number(), z.boolean()]));
    if (operator === 'delete') unset.push(path);
    else if (listed === 'remove') remove[path] = String(value);
    else if (listed === 'add') append[path] = String(value);
    else if (value !== undefined) set[path] = value;
  }
  const filled = (part: object) => Object.keys(part).length > 0;
  const step: Step = {
    ...{ type: 'update', id: flow.idOf(key) },
    ...(filled(set) && { set }),
    ...(unset.length > 0 && { unset }),
    ...(filled(append) && { append }),
    ...(filled(remove) && { remove }),
  };
  return { steps: [asItWas(step, action, flow)], ...next(action) };
};

export const listUpdate: Make = (action, key, flow) => {
  const data = action.at('data');
  const { asking } = flow;
  const list = data.at('list_id').take(text) ?? 'list';
  const isAdded = data.at('on_execution').take(z.boolean()) ?? true;
  const name = data.at('name').take(text);
  const tag = asking.names.listTag(data, list);
  if (isAdded)
    asking.notes.changed(data, 'Only the contact can agree to a topic: being put into the list is a tag here.');
  const step: Step = {
    type: 'update',
    id: flow.idOf(key),
    ...(name && { name }),
    ...(isAdded ? { tag: [tag] } : { untag: [tag] }),
  };
  return { steps: [asItWas(step, action, flow)], ...next(action) };
};
