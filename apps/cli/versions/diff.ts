import { withTarget } from '#apps/cli/target/open.ts';
import type { Target } from '#apps/cli/target/options.ts';
import { folderOr, isFileName } from '#apps/cli/which-folder.ts';
import { diffJourneys, type JourneyDiff } from '#shared/journey/diff.ts';
import { fileOf, liveOf, readSide, type Side, versionSide } from './sides.ts';

export type DiffRequest = {
  /** Its id, or its file. */
  readonly journey: string;
  /** Where its file lies: this folder without it, or that of the examples. */
  readonly folder: string | undefined;
  readonly target: Target;
  /** The version before: what is live without it. */
  readonly from?: number | undefined;
  /** The version after, or a file: that of the folder without it. */
  readonly to?: number | string | undefined;
};

type Named = Omit<Side, 'journey'>;
export type DiffResult = {
  readonly journey: string;
  readonly from: Named;
  readonly to: Named;
  readonly diff: JourneyDiff;
};
export type RunDiff = (request: DiffRequest) => Promise<DiffResult>;

/** What differs between two versions of a journey. Throws BadInput when one of them is nowhere. */
export const runDiff: RunDiff = ({ journey, folder, target: of, from, to }) =>
  withTarget(of, async (target) => {
    const named = isFileName(journey) ? readSide(journey) : undefined;
    const id = named?.journey.id ?? journey;
    const before = await versionSide(id, from ?? (await liveOf(id, target)).version, target);
    const after =
      typeof to === 'number'
        ? await versionSide(id, to, target)
        : to === undefined && named
          ? named
          : readSide(to ?? fileOf(id, folderOr(folder)));
    return { journey: id, from: nameOf(before), to: nameOf(after), diff: diffJourneys(before.journey, after.journey) };
  });

const nameOf = ({ journey: _, ...named }: Side): Named => named;
