import { checkPart } from '#functions/publish/brand.ts';
import { checkTemplate } from '#functions/publish/compile-template.ts';
import { mjmlCompiler } from '#shared/adapters/mjml/compiler.ts';
import type { Condition } from '#shared/condition/condition.ts';
import { poolNamed, readPool } from '#shared/coupon/pool-file.ts';
import { type Journey, journeySchema } from '#shared/journey/journey.ts';
import { checkJourney } from '#shared/publish/check.ts';
import { nameOfFile } from '#shared/publish/check-file.ts';
import { checkSegment } from '#shared/publish/check-segment.ts';
import { checkSettings } from '#shared/publish/check-settings.ts';
import type { CheckContext, TemplateFacts } from '#shared/publish/context.ts';
import { journeyFacts, templateFacts } from '#shared/publish/facts.ts';
import { readFile } from '#shared/publish/parse.ts';
import type { Report } from '#shared/publish/print.ts';
import { MISFIT, type Remark, remark, TOP } from '#shared/publish/remarks.ts';
import { isTest } from '#shared/publish/test-key.ts';
import { segmentSchema } from '#shared/segment/segment.ts';
import { type Settings, settingsSchema } from '#shared/settings/settings.ts';
import { defaultSettings } from '#shared/store/journeys.ts';
import { printerOf } from '#shared/story/print.ts';
import type { StoryShop } from '#shared/story/tell-story.ts';
import { isBrand } from '#shared/template/brand.ts';
import { variantName } from '#shared/template/library.ts';
import { linksIn } from '#shared/template/link-names.ts';
import type { CompiledTemplate } from '#shared/template/template.ts';
import { hasUnsubscribe } from '#shared/template/way-out.ts';
import type { Instant } from '#shared/time/instant.ts';
import { brandIn } from './brand.ts';
import { testsIn, testsOf } from './tests.ts';

export type File = { readonly key: string; readonly body: string };

const isIn =
  (folder: string) =>
  ({ key }: File) =>
    key.startsWith(`${folder}/`) && !isTest(key);

/**
 * What publish would say of all files of a folder if they were uploaded at once, in the order of `files`. Files are held
 * against each other as they stand, those with faults too: a journey may name one that has an error of its own.
 */
export const checkFolder = async (files: readonly File[], now: Instant): Promise<Report[]> =>
  (await checkShop(files, now)).reports;

/** The same, and what the folder's stories are played in. */
export async function checkShop(files: readonly File[], now: Instant) {
  const journeys = files.filter(isIn('journeys')).flatMap(journeyIn);
  const named = files.filter(isIn('journeys')).map(({ key }) => nameOfFile(key));
  const outline: CheckContext = {
    settings: defaultSettings(),
    templates: {},
    segments: Object.fromEntries(files.filter(isIn('segments')).flatMap(segmentIn)),
    journeys: Object.fromEntries(journeys.map((journey) => [journey.id, journeyFacts(journey)])),
    pools: files.flatMap(({ key }) => poolNamed(key) ?? []),
    // What does not fit the grammar is still a file that others may name.
    coming: named.filter((id) => !journeys.some((journey) => journey.id === id)),
    now,
  };
  const said = new Map<string, readonly Remark[]>();
  const settings = ofSettings(files, outline, said);
  const { templates, compiled, faulty } = await ofTemplates(files.filter(isIn('templates')), settings, said);
  const shop: StoryShop = { settings, segments: outline.segments, journeys };
  const print = printerOf(compiled, settings);
  const tests = testsIn(files, journeys, named);
  for (const [key, remarks] of tests.said) said.set(key, remarks);
  const context = { ...outline, settings, templates, faulty, tests: testsOf(tests.playable, shop, print) };
  const zone = settings.shop.timeZone;
  for (const { key, body } of files.filter(isIn('pools'))) said.set(key, readPool(key, body, { zone, now }).remarks);
  for (const { key, body } of files.filter(isIn('segments'))) said.set(key, checkSegment(key, body, context).remarks);
  for (const { key, body } of files.filter(isIn('journeys'))) {
    said.set(key, [...twins(key, files), ...checkJourney(key, body, context).remarks]);
  }
  const reports = files.flatMap(({ key }): Report[] => {
    const remarks = said.get(key);
    return remarks ? [{ file: key, remarks, checked: true }] : [];
  });
  return { reports, shop, print, playable: tests.playable, stuck: tests.stuck };
}

/** What fits the grammar, whatever else is wrong with it. */
function journeyIn({ body }: File): Journey[] {
  const { data } = journeySchema.safeParse(readFile(body).value);
  return data ? [data] : [];
}

function segmentIn({ body }: File): [string, Condition][] {
  const { data } = segmentSchema.safeParse(readFile(body).value);
  return data ? [[data.id, data.if]] : [];
}

function ofSettings(files: readonly File[], context: CheckContext, said: Map<string, readonly Remark[]>): Settings {
  const file = files.find(({ key }) => key === 'settings.json');
  if (!file) return context.settings;
  const { settings, remarks } = checkSettings(file.body, { context });
  said.set(file.key, remarks);
  return settings ?? readableOf(file.body) ?? context.settings;
}

/** Of settings with errors, what stands in them without: others are not to be told that a topic is missing which is there. */
function readableOf(body: string): Settings | undefined {
  const { value } = readFile(body);
  if (typeof value !== 'object' || value === null) return undefined;
  const issues = settingsSchema.safeParse({ ...defaultSettings(), ...value }).error?.issues ?? [];
  const wrong = issues.flatMap((issue) =>
    issue.path.length === 0 && issue.code === 'unrecognized_keys' ? issue.keys : [String(issue.path[0])],
  );
  const right = Object.entries(value).filter(([key]) => !wrong.includes(key));
  return settingsSchema.safeParse({ ...defaultSettings(), ...Object.fromEntries(right) }).data;
}

async function ofTemplates(
  files: readonly File[],
  settings: Settings,
  said: Map<string, readonly Remark[]>,
): Promise<{
  templates: Record<string, TemplateFacts>;
  compiled: readonly CompiledTemplate[];
  faulty: Record<string, string>;
}> {
  const faulty: Record<string, string> = {};
  const compiled: CompiledTemplate[] = [];
  const variants: Parameters<typeof templateFacts>[0][string][] = [];
  const names: string[] = [];
  const brand = brandIn(files);
  for (const { key, body } of files) {
    if (isBrand(key)) {
      said.set(key, checkPart(key, body, brand, settings));
      continue;
    }
    const { template, guarded, remarks } = await checkTemplate(key, body, { compiler: mjmlCompiler, settings, brand });
    said.set(key, remarks);
    if (!template) {
      faulty[key.split('/')[1] ?? ''] = key;
      continue;
    }
    compiled.push(template);
    const { id, channel, locale, variables, topic } = template;
    names.push(variantName(id, channel, locale));
    const links = linksIn(template.html);
    variants.push({ variables, guarded, topic, links, hasUnsubscribe: hasUnsubscribe(template, settings) });
  }
  return {
    compiled,
    faulty,
    templates: templateFacts(Object.fromEntries(variants.map((one, i) => [names[i] ?? '', one]))),
  };
}

/** Of two files of one journey nobody can tell which is the newer. */
function twins(key: string, files: readonly File[]): Remark[] {
  const other = files.find(
    (file) => file.key !== key && isIn('journeys')(file) && nameOfFile(file.key) === nameOfFile(key),
  );
  if (!other || other.key > key) return [];
  const text = `The journey "${nameOfFile(key)}" comes from ${other.key} already. Keep one of the two files and remove the other.`;
  return [remark(MISFIT, TOP, text)];
}
