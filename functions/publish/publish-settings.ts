import { checkSettings } from '#shared/publish/check-settings.ts';
import { hasErrors, inOrder } from '#shared/publish/remarks.ts';
import { putCatalogue, putSettings } from '#shared/store/journeys.ts';
import type { Upload } from '#shared/store/waiting.ts';
import { broken } from './held.ts';
import type { Outcome, PublishDeps } from './publish.ts';
import { standing } from './standing.ts';

/** Settings act at once, so they are held against every journey that acts on somebody first. */
export async function publishSettings(upload: Upload, text: string, deps: PublishDeps): Promise<Outcome | undefined> {
  const before = await standing(deps);
  const { stored, context, catalogue } = before;
  if (stored && stored.sequencer > upload.sequencer) return undefined;
  const { settings, remarks } = checkSettings(text);
  const live = stored !== undefined;
  if (!settings) return { report: { file: upload.key, remarks, live }, changed: false };
  const all = inOrder([...remarks, ...(await broken(before, { ...context, settings }, deps))]);
  const report = { file: upload.key, remarks: all, live };
  if (hasErrors(all)) return { report, changed: false };
  await deps.table.transact([putSettings(settings, upload.sequencer, stored?.sequencer), putCatalogue(catalogue)]);
  return { report, changed: true };
}
