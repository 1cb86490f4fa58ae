import type { Call } from '#shared/call/call.ts';
import { momentOf, sinceStart } from './compare.ts';
import type { ExpectedCall } from './story.ts';
import type { Told } from './tell-story.ts';

/** What endpoints were told otherwise than a test expects it, in words. */
export function callFaults(expected: readonly ExpectedCall[], made: readonly Call[], told: Told): string[] {
  const names = (steps: readonly { readonly step: string }[]) =>
    steps.map(({ step }) => `"${step}"`).join(', ') || 'none';
  if (names(expected) !== names(made)) return [`expected the calls ${names(expected)}, got ${names(made)}`];
  return expected.flatMap((wanted, i) => (made[i] ? fieldFaults(wanted, made[i], told) : []));
}

function fieldFaults({ step, at, endpoint, body = {} }: ExpectedCall, made: Call, told: Told): string[] {
  const late = at !== undefined && momentOf(at, told) !== made.queuedAt;
  return [
    ...(late ? [`expected the call "${step}" at ${at}, got it after ${sinceStart(made.queuedAt, told)}`] : []),
    ...(endpoint === undefined || endpoint === made.endpoint
      ? []
      : [`expected the call "${step}" to "${endpoint}", got it to "${made.endpoint}"`]),
    ...Object.entries(body).flatMap(([name, value]) => {
      const is = JSON.stringify(made.body[name]);
      const wanted = JSON.stringify(value);
      return is === wanted ? [] : [`expected "${step}" to tell "${name}": ${wanted}, got ${is ?? 'nothing'}`];
    }),
  ];
}
