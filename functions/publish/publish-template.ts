import { hasErrors, inOrder } from '#shared/publish/remarks.ts';
import { loadShelf, putShelf } from '#shared/store/journeys.ts';
import { compiledKey, variantName } from '#shared/template/library.ts';
import { hasUnsubscribe } from '#shared/template/template.ts';
import { checkTemplate } from './compile-template.ts';
import { broken, checkContext, templateFacts } from './held.ts';
import { notePending, overtaken } from './pending.ts';
import type { Outcome, PublishDeps, Upload } from './publish.ts';

/** A template acts at once, so it is held against every live journey first. What was compiled lies under its hash. */
export async function publishTemplate(
  upload: Upload,
  text: string,
  { table, bucket, compiler }: PublishDeps,
): Promise<Outcome | undefined> {
  const context = await checkContext(table);
  const { template, remarks } = await checkTemplate(upload.key, text, { settings: context.settings, compiler });
  const shelf = await loadShelf(table);
  if (!template) {
    await notePending(table, upload, true);
    const live = Object.keys(shelf.templates).some((name) => upload.key.startsWith(`templates/${name}.`));
    return { report: { file: upload.key, remarks, live }, changed: false };
  }
  const name = variantName(template.id, template.channel, template.locale);
  if ((shelf.templates[name]?.sequencer ?? '') > upload.sequencer) return overtaken(table, upload);
  const { version, topic, variables } = template;
  const entry = {
    hash: version,
    sequencer: upload.sequencer,
    hasUnsubscribe: hasUnsubscribe(template),
    variables,
    ...(topic !== undefined && { topic }),
  };
  const templates = { ...shelf.templates, [name]: entry };
  const all = inOrder([
    ...remarks,
    ...(await broken(table, context, { ...context, templates: templateFacts(templates) })),
  ]);
  if (hasErrors(all)) {
    await notePending(table, upload, false);
    return { report: { file: upload.key, remarks: all, live: shelf.templates[name] !== undefined }, changed: false };
  }
  // First the object, then what points to it.
  await bucket.put(compiledKey(version), JSON.stringify(template), 'application/json');
  await table.write(putShelf({ ...shelf, templates }));
  await notePending(table, upload, false);
  return { report: { file: upload.key, remarks: all }, changed: true };
}
