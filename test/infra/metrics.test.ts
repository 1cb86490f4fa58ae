import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { ALARMS } from '#test/runbooks/alarms.ts';
import { resourcesOf, synthesize } from './synthesized.ts';

/** What alarms look at is what the functions of their own stage count. */

const { templates } = synthesize();

const functions = new Map<string, { readonly namespace: string }>(
  resourcesOf(templates, 'AWS::Lambda::Function').map(({ Properties }) => [
    Properties.FunctionName.replace('tropa-test-', ''),
    { namespace: Properties.Environment.Variables.METRIC_NAMESPACE },
  ]),
);

/** What AWS counts of the log of the API. */
const OF_THE_API = 'Tropa/test/api';

const own = ALARMS.flatMap(({ name: alarm, asked }) =>
  asked
    .filter(({ namespace }) => !namespace.startsWith('AWS/') && namespace !== OF_THE_API)
    .map((one) => ({ alarm, ...one, service: one.dimensions['service'] ?? '' })),
);

/** The text of a file and of all that it imports here. */
function textWith(file: string, seen = new Set<string>()): string {
  if (seen.has(file) || !existsSync(file)) return '';
  seen.add(file);
  const text = readFileSync(file, 'utf8');
  const imported = [...text.matchAll(/from '([#.][^']+)'/g)].map(([, name = '']) =>
    name.startsWith('#') ? name.slice(1) : join(dirname(file), name),
  );
  return [text, ...imported.map((one) => textWith(one, seen))].join('\n');
}

it.each(own.map((one) => [one.alarm, one.name, one.service, one] as const))(
  '%s looks at %s where %s of this stage counts it',
  (_, name, service, { namespace }) => {
    expect(namespace).toBe('Tropa/test');
    expect(functions.get(service)?.namespace).toBe(namespace);
    expect(textWith(`functions/${service}/handler.ts`)).toMatch(new RegExp(`\\.count\\([^;]*'${name}'`));
  },
);

/** Every namespace that a stage names, be it where functions count, in a filter, in an alarm or on the dashboard. */
function namespacesOf(stage: string): Set<string> {
  const text = Object.values(synthesize({ stage }).templates).map((template) => JSON.stringify(template.toJSON()));
  const named = text.join('\n').matchAll(/"(?:\w*_)?(?:Metric)?namespace":"([^"]+)"|\\"(Tropa\b[^"\\]*)\\"/gi);
  return new Set([...named].map(([, name, onDashboard]) => name ?? onDashboard ?? ''));
}

it('two stages of one account have no metric in common but those of AWS', () => {
  const [one, two] = ['test', 'other'].map((stage) => [...namespacesOf(stage)]);
  expect(one).toEqual(expect.arrayContaining(['Tropa/test', 'Tropa/test/api']));
  expect(one?.filter((name) => two?.includes(name) && !name.startsWith('AWS/'))).toEqual([]);
});

it('no alarm is left out', () => expect(own.length).toBeGreaterThan(20));
