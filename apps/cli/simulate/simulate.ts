import { journeyOf, namedBy } from '#apps/cli/backtest/shop.ts';
import { FaultyFile } from '#apps/cli/bad-input.ts';
import type { SimulateRequest } from '#apps/cli/commands/simulate.ts';
import { checkShop } from '#apps/cli/validate/check-folder.ts';
import { readFolder } from '#apps/cli/validate/read-folder.ts';
import { print, type Report } from '#shared/publish/print.ts';
import { hasErrors, NO_PASS } from '#shared/publish/remarks.ts';
import { sinceStart } from '#shared/story/compare.ts';
import { narrate, type Row } from '#shared/story/narrate.ts';
import type { StoryContact } from '#shared/story/story.ts';
import { sayMoment } from '#shared/story/words.ts';
import type { Instant } from '#shared/time/instant.ts';
import { checkEvents } from './known-events.ts';
import { askedOf } from './story.ts';

/** A row with its moment in the ways in which one reads it. */
export type TableRow = Row & { readonly local: string; readonly since: string };

/** What `--json` prints, kept stable. */
export type Simulated = {
  readonly journey: string;
  readonly name: string;
  readonly zone: string;
  readonly start: Instant;
  readonly end: Instant;
  readonly contact: StoryContact;
  readonly rows: readonly TableRow[];
  /** `inside`, `not-entered`, or how the newest passage ended; where it stands if it goes on. */
  readonly outcome: string;
  readonly step?: string;
  /** What could not happen as the story says. */
  readonly impossible: readonly string[];
};

/** Tells a story of one contact. Throws BadInput, or FaultyFile where a file is at fault. */
export async function simulate(request: SimulateRequest, now: Instant): Promise<Simulated> {
  const { folder, id } = namedBy(request);
  const { reports, shop, print: read } = await checkShop(readFolder({ folder }), now);
  refuseFaulty(reports, id);
  const journey = journeyOf(shop, id);
  const asked = askedOf(request, journey, shop);
  checkEvents(asked.story.timeline, journey, shop);
  const told = narrate(asked.story, asked.setting, shop, read);
  const passage = told.play.passages.findLast((one) => one.journey === id);
  const step = passage?.cursor?.step;
  return {
    journey: id,
    name: journey.name,
    zone: told.zone,
    start: told.start,
    end: told.end,
    contact: asked.contact,
    rows: told.rows.map((row) => ({ ...row, local: sayMoment(row.at, told.zone), since: sinceStart(row.at, told) })),
    outcome: !passage ? 'not-entered' : passage.state === 'inside' ? 'inside' : (passage.outcome ?? passage.state),
    ...(step !== undefined && { step }),
    impossible: told.impossible,
  };
}

/** That its tests fail is no reason: it may be what is being looked into. */
function refuseFaulty(reports: readonly Report[], id: string): void {
  const needed = reports.filter(({ file }) => file === 'settings.json' || file.startsWith(`journeys/${id}.json`));
  const faulty = needed.filter(({ remarks }) => hasErrors(remarks.filter(({ code }) => code !== NO_PASS)));
  if (faulty.length > 0) throw new FaultyFile(faulty.map(print).join(''));
}
