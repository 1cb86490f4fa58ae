import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { program } from '#apps/cli/program.ts';
import { metricNamespaceOf } from '#infra/stage.ts';
import { commandsIn, faultOf, isThere, wordsOf } from '#test/build/documented.ts';
import { ALARMS, namesOf, SOURCES } from '#test/runbooks/alarms.ts';

/** The page of runbooks against the alarms of the templates, the command line, the functions and the tests that try them. */

const page = readFileSync('docs/runbooks.md', 'utf8');
const PARTS = ['Lost', 'Look', 'Causes', 'Do', 'Over', 'Not', 'Tried'];

const runbooks = page
  .split(/^## /m)
  .slice(1)
  .flatMap((text) => {
    const [, heading = ''] = /^`([\w-]+)`\n/.exec(text) ?? [];
    const [, listed = ''] = /^Alarms: (.+)$/m.exec(text) ?? [];
    // What is one alarm for each storefront.
    const alarms = [...listed.matchAll(/`([^`]+)`/g)].flatMap(([, name = '']) =>
      name.includes('<source>') ? SOURCES.map((source) => name.replace('<source>', source)) : [name],
    );
    return heading === '' ? [] : [{ heading, alarms, text: text.replace(/\n# [\s\S]*$/, '\n') }];
  });

const source = ['functions', 'shared']
  .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file}`))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => readFileSync(file, 'utf8'))
  .join('\n');

describe('the alarms', () => {
  it('have one runbook each, and no runbook is without its alarm', () => {
    const written = runbooks.flatMap(({ alarms }) => alarms).toSorted();
    expect(written).toEqual(ALARMS.map(({ name }) => name).toSorted());
    expect(new Set(runbooks.map(({ heading }) => heading)).size).toBe(runbooks.length);
  });

  it.each(ALARMS.map(({ name, text }) => [name, text]))('%s names its runbook in its mail', (name, text) => {
    const runbook = runbooks.find(({ alarms }) => alarms.includes(name));
    expect(text).toMatch(new RegExp(`\n\nRunbook: docs/runbooks.md#${runbook?.heading}$`));
  });
});

describe.each(runbooks.map((runbook) => [runbook.heading, runbook] as const))(
  'the runbook %s',
  (_, { text, alarms }) => {
    it('says what is lost, where to look, what causes it, what to do, when it is over, and what not to do', () => {
      const parts = [...text.matchAll(/^- \*\*(\w+)\*\*/gm)].map(([, part]) => part);
      expect(parts).toEqual(PARTS);
    });

    it('says honestly how it was tried, by a test that is there', () => {
      const [, said = '', file = '', title = ''] = /\*\*Tried\*\*: (.+?)\. `([^`]+)`: (.+)\n/.exec(text) ?? [];
      expect(isThere(file, title), `${file}: ${title}`).toBe(true);
      const asked = ALARMS.filter(({ name }) => alarms.includes(name)).flatMap((alarm) => alarm.asked);
      const own = asked.filter(({ namespace }) => namespace === metricNamespaceOf({ stage: 'test' }));
      expect(said.includes('on a laptop')).toBe(own.length > 0);
      expect(said.includes("AWS's own")).toBe(own.length < asked.filter(({ id }) => id !== 'calls').length);
    });
  },
);

describe('what the page says to type', () => {
  const typed = commandsIn(page, 'npx tropa');

  it.each([...new Set(typed)].map((line) => [line]))('npx tropa %s is a command', (line) => {
    expect(faultOf(wordsOf(line), program)).toBeUndefined();
  });

  it('would be told apart from what nobody knows', () => {
    expect(typed.length).toBeGreaterThan(40);
    expect(faultOf(['redrive', 'enrol', '--stag', 'prod'], program)).toBe('redrive has no --stag');
    expect(faultOf(['redrive', 'enroll'], program)).toBe('redrive knows no what like that');
    expect(faultOf(['mail', 'pause', '--stage', 'prod'], program)).toBe('pause wants --reason');
    expect(faultOf(['revive'], program)).toBe('there is no command revive');
  });

  it('runs scripts that there are', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
    for (const line of commandsIn(page, 'npm run')) expect(Object.keys(scripts)).toContain(wordsOf(line)[0]);
  });

  it('names parts of the stage that are deployed', () => {
    const there = new Set([
      ...namesOf('AWS::Lambda::Function', 'FunctionName').flatMap((name) => [name, `/aws/lambda/tropa-prod-${name}`]),
      ...namesOf('AWS::SQS::Queue', 'QueueName'),
      ...namesOf('AWS::Events::Rule', 'Name'),
      ...namesOf('AWS::StepFunctions::StateMachine', 'StateMachineName'),
      ...['api', 'path', 'data', 'ingest', 'delivery', 'journeys', 'monitoring', ''],
    ]);
    const named = [...page.matchAll(/tropa-prod-([\w-]*)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !there.has(name))).toEqual([]);
  });
});

describe('what the page quotes', () => {
  it('is a namespace in which the stage counts', () => {
    const namespaces = [...page.matchAll(/--namespace (\S+)/g)].map(([, name = '']) => name);
    expect(namespaces).toContain('Tropa/prod');
    const own = metricNamespaceOf({ stage: 'prod' });
    expect(namespaces.filter((name) => name !== own && !name.startsWith('AWS/'))).toEqual([]);
  });

  it('is a metric that functions count', () => {
    const metrics = [...page.matchAll(/--metric-name (\w+)/g)].map(([, name = '']) => name);
    expect(metrics.length).toBeGreaterThan(5);
    expect(metrics.filter((name) => !source.includes(`count('${name}'`))).toEqual([]);
  });

  it('is a line that functions log', () => {
    const lines = [...page.matchAll(/says "([^"]+)"/g)].map(([, line = '']) => line);
    expect(lines.length).toBeGreaterThan(8);
    const searched = [...page.matchAll(/--filter-pattern '\??"([^"]+)"/g)].map(([, words = '']) => words);
    const known = ['No dead letters.'];
    expect([...lines, ...searched].filter((line) => !known.includes(line) && !source.includes(line))).toEqual([]);
  });

  it('is a heading, where it links to one', () => {
    for (const [, file = '', anchor = ''] of page.matchAll(/\]\(([\w.]*)#([\w-]+)\)/g)) {
      const target = file === '' ? page : readFileSync(`docs/${file}`, 'utf8');
      const headings = [...target.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading));
      expect(headings, `${file}#${anchor}`).toContain(anchor);
    }
  });
});

/** As GitHub makes anchors of headings. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\w\s-]/g, '')
    .replaceAll(' ', '-');
