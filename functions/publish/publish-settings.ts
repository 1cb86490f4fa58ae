import { checkSettings } from '#shared/publish/check-settings.ts';
import { hasErrors, inOrder } from '#shared/publish/remarks.ts';
import { loadStoredSettings, putSettings } from '#shared/store/journeys.ts';
import { broken, checkContext } from './held.ts';
import type { Outcome, PublishDeps, Upload } from './publish.ts';

/** Settings act at once, so they are held against every live journey first. */
export async function publishSettings(
  upload: Upload,
  text: string,
  { table }: PublishDeps,
): Promise<Outcome | undefined> {
  const stored = await loadStoredSettings(table);
  if (stored && stored.sequencer > upload.sequencer) return undefined;
  const { settings, remarks } = checkSettings(text);
  const live = stored !== undefined;
  if (!settings) return { report: { file: upload.key, remarks, live }, changed: false };
  const context = await checkContext(table);
  const all = inOrder([...remarks, ...(await broken(table, context, { ...context, settings }))]);
  const report = { file: upload.key, remarks: all, live };
  if (hasErrors(all)) return { report, changed: false };
  await table.write(putSettings(settings, upload.sequencer, stored?.sequencer));
  return { report, changed: true };
}
