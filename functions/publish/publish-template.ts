import type { Journey } from '#shared/journey/journey.ts';
import { templateFacts } from '#shared/publish/facts.ts';
import { hasErrors, inOrder } from '#shared/publish/remarks.ts';
import { stepPlaces } from '#shared/publish/walk.ts';
import type { Settings } from '#shared/settings/settings.ts';
import { putCatalogue, putShelf, type Shelf } from '#shared/store/journeys.ts';
import { originOf, type Upload } from '#shared/store/waiting.ts';
import { compiledKey, variantName } from '#shared/template/library.ts';
import { linksIn } from '#shared/template/link-names.ts';
import { type CompiledTemplate, readTemplateKey } from '#shared/template/template.ts';
import { hasUnsubscribe } from '#shared/template/way-out.ts';
import { liveBrand, putSource, sourceHash } from './brand.ts';
import { checkTemplate } from './compile-template.ts';
import { broken } from './held.ts';
import { overtaken, refused } from './lacking.ts';
import type { Outcome, PublishDeps } from './publish.ts';
import { standing } from './standing.ts';

/** A template acts at once, so it is held against every journey that sends it first. What was compiled lies under its hash. */
export async function publishTemplate(upload: Upload, text: string, deps: PublishDeps): Promise<Outcome | undefined> {
  const { table, bucket, compiler } = deps;
  const before = await standing(deps);
  const { context, shelf, catalogue } = before;
  const brand = await liveBrand(shelf, bucket);
  const checked = await checkTemplate(upload.key, text, { settings: context.settings, compiler, brand });
  const { template, remarks, parts = [] } = checked;
  if (!template) {
    const asked = readTemplateKey(upload.key);
    const known = asked && shelf.templates[variantName(asked.id, asked.channel, asked.locale)];
    return refused({ file: upload.key, remarks, live: known !== undefined }, upload, deps);
  }
  const name = variantName(template.id, template.channel, template.locale);
  if ((shelf.templates[name]?.sequencer ?? '') > upload.sequencer) return overtaken(table, upload);
  const templates = {
    ...shelf.templates,
    [name]: {
      ...factsOf(template, checked, context.settings),
      sequencer: upload.sequencer,
      from: originOf(upload),
      ...(parts.length > 0 && { source: sourceHash(text) }),
    },
  };
  const then = { ...context, templates: templateFacts(templates) };
  const all = inOrder([...remarks, ...(await broken(before, then, deps, (journey) => sends(journey, template.id)))]);
  if (hasErrors(all))
    return { report: { file: upload.key, remarks: all, live: shelf.templates[name] !== undefined }, changed: false };
  if (parts.length > 0) await putSource(bucket, text);
  // First the object, then what points to it.
  await bucket.put(compiledKey(template.version), JSON.stringify(template), 'application/json');
  await table.transact([putShelf({ ...shelf, templates }), putCatalogue(catalogue)]);
  return { report: { file: upload.key, remarks: all }, changed: true };
}

/** What the shelf says of a template, beside where it comes from. */
export const factsOf = (
  template: CompiledTemplate,
  { guarded = [], parts = [] }: Awaited<ReturnType<typeof checkTemplate>>,
  settings: Settings,
): Omit<Shelf['templates'][string], 'sequencer'> => ({
  hash: template.version,
  guarded: [...guarded],
  ...(parts.length > 0 && { parts: [...parts] }),
  hasUnsubscribe: hasUnsubscribe(template, settings),
  variables: template.variables,
  links: [...linksIn(template.html)],
  ...(template.topic !== undefined && { topic: template.topic }),
});

export const sends = (journey: Journey, template: string): boolean =>
  stepPlaces(journey).some(({ step }) => step.type === 'send' && step.template === template);
