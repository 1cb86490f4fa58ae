import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { QUEUES } from '#functions/wiring.ts';
import { TABLE } from '#shared/store/keys.ts';
import { commandsIn } from '#test/build/documented.ts';
import { ALARMS, namesOf, SOURCES } from '#test/runbooks/alarms.ts';
import { resourcesOf, synthesize } from './synthesized.ts';

/** What the page on operating says to type, against what is deployed. Nobody has typed it at an account. */

const page = readFileSync('docs/operations.md', 'utf8');
const aws = commandsIn(page, 'aws');
const { stacks, templates } = synthesize();
const [table] = resourcesOf(templates, 'AWS::DynamoDB::Table');

describe('the table of alarms', () => {
  it('names each alarm, with the runbook that its mail names', () => {
    const rows = [...page.matchAll(/^\| \[([\w-]+)\]\(runbooks\.md#([\w-]+)\) \| (.+?) \|/gm)];
    const named = rows.flatMap(([, text, anchor = '', alarms = '']) => {
      expect(text).toBe(anchor);
      const names = [...alarms.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
      // `-failing` stands for the queue of the one before it.
      return names
        .map((name) => (name.startsWith('-') ? names[0]?.replace(/-late$/, name) : name))
        .flatMap((name = '') =>
          name.includes('<source>') ? SOURCES.map((source) => name.replace('<source>', source)) : [name],
        )
        .map((name) => `${name} ${anchor}`);
    });
    const anchorIn = (text: string) => text.split('docs/runbooks.md#')[1];
    expect(named.toSorted()).toEqual(ALARMS.map(({ name, text }) => `${name} ${anchorIn(text)}`).toSorted());
  });
});

it('the table of queues says who works each off, and how often it is tried', () => {
  const rows = [...page.matchAll(/^\| `(\w+)` +\| `(\w+)` +\| .+ \| (\d+) times \|$/gm)].map(([, ...cells]) => cells);
  const wired = Object.values(QUEUES).map(({ name, consumer, receives }) => [name, consumer, String(receives)]);
  expect(rows.toSorted()).toEqual(wired.toSorted());
});

describe('taking it down', () => {
  it('unprotects and destroys each stack before those that it needs', () => {
    const [, listed = ''] = /^ *for stack in (.+); do$/m.exec(page) ?? [];
    expect(listed.split(' ')).toEqual(Object.keys(stacks).toReversed());
    for (const [name, stack] of Object.entries(stacks)) {
      expect(stack.terminationProtection, name).toBe(true);
      expect(stack.stackName).toBe(`tropa-test-${name}`);
      for (const needed of stack.dependencies)
        expect(Object.values(stacks).indexOf(needed as never)).toBeLessThan(Object.keys(stacks).indexOf(name));
    }
  });

  it('says of what stays that it stays, and how it goes', () => {
    expect(table?.Properties.DeletionProtectionEnabled).toBe(true);
    expect(aws).toContain('dynamodb update-table --table-name "$TABLE" --no-deletion-protection-enabled');
    const secrets = resourcesOf(templates, 'AWS::SecretsManager::Secret');
    expect(secrets.every(({ Properties }) => Properties.Name === undefined && Properties.Description !== '')).toBe(
      true,
    );
  });
});

describe('restoring', () => {
  it('gives a table what DynamoDB leaves out: stream, expiry, recovery and protection, as the stack has them', () => {
    const StreamViewType = table?.Properties.StreamSpecification.StreamViewType;
    expect(page).toContain(`--stream-specification StreamEnabled=true,StreamViewType=${StreamViewType}`);
    expect(page).toContain(`--time-to-live-specification Enabled=true,AttributeName=${TABLE.ttl}`);
    expect(page).toContain('--point-in-time-recovery-specification PointInTimeRecoveryEnabled=true');
    expect(table?.Properties.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled).toBe(true);
  });

  it('stops the audit before rows are put back, and starts it again before the copy is deleted', () => {
    const [, section = ''] = /^### Rows that are gone\n([\s\S]+?)^### /m.exec(page) ?? [];
    const order = [
      'events disable-rule --name tropa-prod-audit-clock',
      'dynamodb put-item',
      'events enable-rule --name tropa-prod-audit-clock',
      'dynamodb delete-table',
    ];
    expect(order.map((one) => section.indexOf(one)).every((at, n, all) => at > (all[n - 1] ?? 0))).toBe(true);
    const rules = namesOf('AWS::Events::Rule', 'Name');
    const named = aws.flatMap(
      (line) => /^events (?:dis|en)able-rule --name tropa-prod-([\w-]+)$/.exec(line)?.[1] ?? [],
    );
    expect(named).toEqual(['audit-clock', 'audit-clock']);
    expect(rules).toEqual(expect.arrayContaining(named));
    // The page says for how long a run that is under way goes on.
    const audit = resourcesOf(templates, 'AWS::Lambda::Function').find(
      ({ Properties }) => Properties.FunctionName === 'tropa-test-audit',
    );
    expect(audit?.Properties.Timeout).toBe(4 * 60);
  });

  it('stops all that the clock and failed executions would start', () => {
    const rules = namesOf('AWS::Events::Rule', 'Name');
    const lists = [...page.matchAll(/for rule in (.+?); do aws events disable-rule --name tropa-prod-\$rule/g)];
    expect(lists).toHaveLength(2);
    for (const [, listed = ''] of lists) {
      const named = listed.split(' ');
      expect(named.filter((name) => !rules.includes(name))).toEqual([]);
      expect(named).toEqual([...rules.filter((name) => name.endsWith('-clock')), 'stranded'].toSorted(byPage(named)));
    }
  });
});

const byPage =
  (order: readonly string[]) =>
  (a: string, b: string): number =>
    order.indexOf(a) - order.indexOf(b);
