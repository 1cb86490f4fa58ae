import { BadInput } from '#apps/cli/bad-input.ts';
import type { RunStatus } from '#apps/cli/commands/status.ts';
import type { RunWhy } from '#apps/cli/commands/why.ts';
import { findContact } from '#apps/cli/find-contact.ts';
import { lookWhereItRuns } from '#apps/cli/look.ts';
import { reportOf } from '#apps/cli/push/remote.ts';
import { withTarget } from '#apps/cli/target/open.ts';
import { isOurs } from '#apps/local/shop-files.ts';
import { loadShopCounts, summariseJourneys } from '#apps/local/summary.ts';
import type { Bucket } from '#shared/ports.ts';
import { nameOfFile } from '#shared/publish/check-file.ts';
import { isTest } from '#shared/publish/test-key.ts';
import { census } from '#shared/report/census.ts';
import { why } from '#shared/report/why.ts';
import { poolCounts } from '#shared/store/code-counts.ts';
import { defaultSettings, loadCatalogue, loadStoredSettings } from '#shared/store/journeys.ts';

export const runWhy: RunWhy = async ({ contact, journey, target }) => {
  const looked = await lookWhereItRuns(contact, journey, target);
  if ('look' in looked) return looked.look?.why;
  return withTarget(looked.elsewhere, async ({ table, published, clock }) => {
    const found = await findContact(contact, table);
    return why(found, journey, { table, published, now: clock.now() });
  });
};

export const runStatus: RunStatus = ({ target, journey }) =>
  withTarget(target, async ({ table, bucket, settle }) => {
    await settle();
    const [catalogue, counted, standing, drafted, stored] = [
      await loadCatalogue(table),
      await summariseJourneys(table),
      await census(table),
      await draftsIn(bucket),
      await loadStoredSettings(table),
    ];
    const wanted = (id: string): boolean => journey === undefined || id === journey;
    const named = Object.entries(catalogue.journeys).filter(([id]) => wanted(id));
    const drafts = drafted.filter(wanted);
    if (journey !== undefined && named.length + drafts.length === 0)
      throw new BadInput(`There is no journey "${journey}".`);
    return {
      zone: (stored?.settings ?? defaultSettings()).shop.timeZone,
      drafts,
      journeys: Object.fromEntries(named.map(([id, { version, status }]) => [id, { version, status, ...counted[id] }])),
      standing: standing.filter((one) => wanted(one.journey)),
      pools: poolCounts(await loadShopCounts(table)),
    };
  });

/** Ids of the journeys whose newest upload is a draft that was checked. */
async function draftsIn(bucket: Bucket): Promise<string[]> {
  const keys = (await bucket.list('journeys/')).filter((key) => isOurs(key) && !isTest(key));
  const reports = await Promise.all(keys.map((key) => reportOf(key, bucket)));
  return reports.flatMap((report) => (report?.draft ? [nameOfFile(report.file)] : [])).sort();
}
