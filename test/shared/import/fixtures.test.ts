import { describe, expect, it } from 'vitest';
import { IMPORTS, type ToolName } from '#apps/cli/import/sources.ts';
import { checkTemplate } from '#functions/publish/compile-template.ts';
import { mjmlCompiler } from '#shared/adapters/mjml/compiler.ts';
import type { Condition } from '#shared/condition/condition.ts';
import { conditionSchema } from '#shared/condition/condition.ts';
import type { Imported } from '#shared/import/draft.ts';
import { checkJourney } from '#shared/publish/check.ts';
import { nameOfFile } from '#shared/publish/check-file.ts';
import { checkSettings } from '#shared/publish/check-settings.ts';
import type { TemplateFacts } from '#shared/publish/context.ts';
import type { JourneyFacts } from '#shared/publish/facts.ts';
import { NOT_YET } from '#shared/publish/remarks.ts';
import { segmentSchema } from '#shared/segment/segment.ts';
import { type Settings, settingsSchema } from '#shared/settings/settings.ts';
import { readTemplateKey } from '#shared/template/template.ts';
import { facts } from '#test/build/checked.ts';
import { FIXTURES, filesBelow, fixture, journeysOf } from './fixtures.ts';
import { allSteps } from './walk-graph.ts';

const imported = (tool: ToolName, file: string): Imported => IMPORTS[tool](fixture(file));

const settingsOf = ({ files }: Imported): Settings =>
  settingsSchema.parse(JSON.parse(files.find(({ path }) => path === 'settings.json')?.text ?? '{}'));

/** What a journey needs to know of the stubs: their channels, and that each has the way out. */
function templatesOf(result: Imported): Record<string, TemplateFacts> {
  const facts: Record<string, TemplateFacts> = {};
  for (const { path } of filesBelow(result, 'templates/')) {
    const key = readTemplateKey(path);
    if (!key) throw new Error(`${path} is no template's key`);
    facts[key.id] = { channels: [...(facts[key.id]?.channels ?? []), key.channel], hasUnsubscribe: true };
  }
  return facts;
}

/** Journeys that come over by themselves, as the report says. */
const othersOf = (result: Imported): Record<string, JourneyFacts> => {
  const steps = journeysOf(result).flatMap((journey) => allSteps(journey.steps));
  const named = steps.flatMap((step) => (step.type === 'enrol' || step.type === 'leave' ? [step.journey].flat() : []));
  return Object.fromEntries(named.map((id) => [id, facts({ trigger: 'manual' })]));
};

const segmentsOf = (result: Imported): Record<string, Condition> =>
  Object.fromEntries(
    filesBelow(result, 'segments/').map(({ text }) => {
      const { id, if: condition } = segmentSchema.parse(JSON.parse(text));
      return [id, condition];
    }),
  );

/** Journeys, and messages that the source sends on some way through it. */
const EXPECTED: Readonly<Record<string, { journeys: number; sends: number }>> = {
  'docs/import/pinpoint-welcome.json': { journeys: 1, sends: 4 },
  'test/shared/import/fixtures/pinpoint/cart.json': { journeys: 1, sends: 5 },
  'test/shared/import/fixtures/pinpoint/segments.json': { journeys: 3, sends: 3 },
  'test/shared/import/fixtures/klaviyo/cart.json': { journeys: 1, sends: 4 },
  'test/shared/import/fixtures/klaviyo/birthday.json': { journeys: 1, sends: 3 },
  'test/shared/import/fixtures/klaviyo/list.json': { journeys: 1, sends: 2 },
  'test/shared/import/fixtures/posthog/trial.json': { journeys: 1, sends: 5 },
  'test/shared/import/fixtures/posthog/broadcast.json': { journeys: 3, sends: 1 },
  'test/shared/import/fixtures/posthog/simple.json': { journeys: 1, sends: 2 },
  'test/shared/import/fixtures/mautic/nurture.json': { journeys: 1, sends: 3 },
  'test/shared/import/fixtures/mautic/everything.json': { journeys: 1, sends: 2 },
  'test/shared/import/fixtures/mautic/simple.json': { journeys: 1, sends: 3 },
};

/**
 * What a person must decide before a draft goes live: waits for what cannot be heard of, answers that are not asked for,
 * and data that the trigger does not bring.
 */
const LEFT_OPEN = ['E23', 'E25', 'E43'];

describe.each(FIXTURES)('%s: %s', (tool, file) => {
  const result = imported(tool, file);
  const journeys = journeysOf(result);

  it('has every journey as a draft, and every message of it once', () => {
    const sends = journeys.flatMap((j) => allSteps(j.steps)).filter((step) => step.type === 'send');
    expect({ journeys: journeys.length, sends: sends.length }).toEqual(EXPECTED[file]);
    expect(new Set(journeys.map((j) => j.status))).toEqual(new Set(['draft']));
  });

  it('passes the checks of publish, but for what is not available yet', () => {
    const context = {
      settings: settingsOf(result),
      templates: templatesOf(result),
      segments: segmentsOf(result),
      journeys: othersOf(result),
      coming: filesBelow(result, 'journeys/').map(({ path }) => nameOfFile(path)),
    };
    for (const { path, text } of filesBelow(result, 'journeys/')) {
      const { remarks } = checkJourney(path, text, context);
      const left = remarks.filter((r) => r.severity === 'error' && ![NOT_YET, ...LEFT_OPEN].includes(r.code));
      expect(left).toEqual([]);
    }
  });

  it('brings settings that are good but for what is not available yet', () => {
    const text = result.files.find(({ path }) => path === 'settings.json')?.text ?? '';
    expect(checkSettings(text).remarks.filter((r) => r.severity === 'error' && r.code !== NOT_YET)).toEqual([]);
  });

  it('brings segments whose conditions fit the language', () => {
    for (const { path, text } of filesBelow(result, 'segments/')) {
      const segment = JSON.parse(text);
      expect(path).toBe(`segments/${segment.id}.json`);
      expect(conditionSchema.safeParse(segment.if).error).toBeUndefined();
    }
  });

  it('brings mails that can be compiled as they are', async () => {
    const deps = { compiler: mjmlCompiler, settings: settingsOf(result) };
    for (const { path, text } of filesBelow(result, 'templates/').filter((f) => f.path.endsWith('.mjml'))) {
      const { remarks } = await checkTemplate(path, text, deps);
      // What the other tool did not give away is to be written: the preheader, and what stands for a missing name.
      expect(remarks.filter(({ code }) => !['W61', 'W63'].includes(code))).toEqual([]);
    }
  });

  it('says where in the source each remark belongs', () => {
    for (const { place, what } of result.remarks) {
      expect(place).toMatch(/^\$/);
      expect(what).toMatch(/^\S.*\S$/s);
    }
  });

  it('comes out the same when it is read again', () => {
    expect(imported(tool, file)).toEqual(result);
  });
});
