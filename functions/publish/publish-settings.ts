import { checkSettings } from '#shared/publish/check-settings.ts';
import { hasErrors, inOrder } from '#shared/publish/remarks.ts';
import { definitionOf } from '#shared/segment/watched.ts';
import { type LiveJourney, putCatalogue, putSettings } from '#shared/store/journeys.ts';
import type { Upload } from '#shared/store/waiting.ts';
import { redefinedWrites } from './calendar.ts';
import { broken, brokenSegments } from './held.ts';
import { overtaken, refused } from './lacking.ts';
import type { Outcome, PublishDeps } from './publish.ts';
import { standing } from './standing.ts';

/** Settings act at once, so they are held against every journey that acts on somebody first. */
export async function publishSettings(upload: Upload, text: string, deps: PublishDeps): Promise<Outcome | undefined> {
  const before = await standing(deps);
  const { stored, context, catalogue } = before;
  if (stored && stored.sequencer > upload.sequencer) return overtaken(deps.table, upload);
  const { settings, remarks } = checkSettings(text, { context, domains: deps.domains, colleagues: deps.colleagues });
  const live = stored !== undefined;
  if (!settings) return refused({ file: upload.key, remarks, live }, upload, deps);
  const then = { ...context, settings };
  const all = inOrder([...remarks, ...(await broken(before, then, deps)), ...brokenSegments(before, then)]);
  const report = { file: upload.key, remarks: all, live };
  if (hasErrors(all)) return { report, changed: false };
  const isSame = Object.keys(context.segments).every(
    (id) => definitionOf(id, context.segments, settings) === definitionOf(id, context.segments, context.settings),
  );
  const started = ({ starts }: LiveJourney): boolean => starts === 'segment';
  const walks = isSame ? [] : redefinedWrites(catalogue, started, upload.sequencer, deps.clock.now());
  await deps.table.transact([putSettings(settings, upload, stored?.sequencer), putCatalogue(catalogue), ...walks]);
  return { report, changed: true };
}
