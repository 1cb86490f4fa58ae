import { templateFacts } from '#shared/publish/facts.ts';
import { hasErrors, inOrder, NO_PART, OLD_LOOK, type Remark, remark, TOP } from '#shared/publish/remarks.ts';
import type { Settings } from '#shared/settings/settings.ts';
import { putCatalogue, putShelf, type Shelf } from '#shared/store/journeys.ts';
import { originOf, type Upload } from '#shared/store/waiting.ts';
import { type Brand, calledBy, readBrandKey } from '#shared/template/brand.ts';
import { compiledKey } from '#shared/template/library.ts';
import type { CompiledTemplate } from '#shared/template/template.ts';
import { checkPart, liveBrand, putSource, readSource, sourceHash, withPart } from './brand.ts';
import { checkTemplate } from './compile-template.ts';
import { broken } from './held.ts';
import { overtaken, refused } from './lacking.ts';
import type { Outcome, PublishDeps } from './publish.ts';
import { factsOf, sends } from './publish-template.ts';
import { standing } from './standing.ts';

type Entry = Shelf['templates'][string];
/** A template as it is with the new part, or what is against it. */
type Made = {
  readonly name: string;
  readonly entry: Entry;
  readonly template?: CompiledTemplate;
  readonly remarks: Remark[];
};

/**
 * A part of the brand acts at once in every mail that takes it in: those are made anew, and held against every journey
 * that sends one. If one of them does not go with it, all stay as they are.
 */
export async function publishBrand(upload: Upload, text: string, deps: PublishDeps): Promise<Outcome | undefined> {
  const { table, bucket } = deps;
  const before = await standing(deps);
  const { context, shelf, catalogue } = before;
  const part = readBrandKey(upload.key) ?? '';
  const known = shelf.brand?.[part];
  const live = known !== undefined;
  if ((known?.sequencer ?? '') > upload.sequencer) return overtaken(table, upload);
  const brand = await liveBrand(shelf, bucket);
  const then = withPart(brand, part, text);
  const own = checkPart(upload.key, text, then, context.settings);
  if (hasErrors(own)) return refused({ file: upload.key, remarks: own, live }, upload, deps);
  const made = await madeAnew(shelf, part, { before: brand, then, settings: context.settings }, deps);
  const templates = { ...shelf.templates, ...Object.fromEntries(made.map(({ name, entry }) => [name, entry])) };
  const ids = new Set(made.map(({ name }) => name.split('/')[0] ?? ''));
  const facts = { ...context, templates: templateFacts(templates) };
  const held = await broken(before, facts, deps, (journey) => [...ids].some((id) => sends(journey, id)));
  const all = inOrder([...own, ...made.flatMap(({ remarks }) => remarks), ...held]);
  if (hasErrors(all)) return refused({ file: upload.key, remarks: all, live }, upload, deps);
  await putSource(bucket, text);
  for (const { template } of made)
    if (template) await bucket.put(compiledKey(template.version), JSON.stringify(template), 'application/json');
  const parts = {
    ...shelf.brand,
    [part]: { hash: sourceHash(text), sequencer: upload.sequencer, from: originOf(upload) },
  };
  await table.transact([putShelf({ ...shelf, templates, brand: parts }), putCatalogue(catalogue)]);
  return { report: { file: upload.key, remarks: all }, changed: true };
}

type Looks = { readonly before: Brand; readonly then: Brand; readonly settings: Settings };

/** One after the other: MJML takes all of a processor. */
async function madeAnew(shelf: Shelf, part: string, looks: Looks, deps: PublishDeps): Promise<Made[]> {
  const all: Made[] = [];
  for (const [name, entry] of Object.entries(shelf.templates)) {
    const { parts, source } = entry;
    if (parts?.includes(calledBy(part)) && source) all.push(await make(name, { ...entry, source }, looks, deps));
  }
  return all;
}

async function make(
  name: string,
  entry: Entry & { readonly source: string },
  { before, then, settings }: Looks,
  deps: PublishDeps,
): Promise<Made> {
  const key = entry.from?.file ?? `templates/${name}.mjml`;
  const text = await readSource(deps.bucket, entry.source);
  const { compiler } = deps;
  const checked = await checkTemplate(key, text, { settings, compiler, brand: then });
  const { template } = checked;
  if (template) return { name, entry: { ...entry, ...factsOf(template, checked, settings) }, template, remarks: [] };
  const said = checked.remarks.find(({ severity }) => severity === 'error')?.message ?? '';
  // What does not go with the old look either is not the fault of the new one.
  const old = await checkTemplate(key, text, { settings, compiler, brand: before });
  const remarks = old.template
    ? [remark(NO_PART, TOP, `${key} would break: ${said}`)]
    : [remark(OLD_LOOK, TOP, `${key} keeps its old look, since it has an error of its own: ${said}`)];
  return { name, entry, remarks };
}
