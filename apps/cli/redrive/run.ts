import { PARKED, PASSAGES, type RedriveRuns } from '#apps/cli/redrive/request.ts';
import { withTarget } from '#apps/cli/target/open.ts';
import { withState } from '#apps/local/with-state.ts';
import { lyingOnLaptop, redriveLaptop } from './letters-laptop.ts';
import { lyingOnStage, redriveStage } from './letters-stage.ts';
import { lyingParked, redriveParked } from './parked.ts';
import { redrivePassages } from './passages.ts';

/** Looks at what lies aside on a laptop or a stage, and brings it back. Throws BadInput where there is no such target. */
export const redriveRuns: RedriveRuns = {
  overview: async (target) => {
    const letters =
      'stage' in target
        ? await lyingOnStage(target.stage)
        : await withState(target.data, async (runtime) => lyingOnLaptop(runtime));
    return [...letters, await withTarget(target, ({ table }) => lyingParked(table))];
  },
  redrive: async ({ target, ...request }, watch) => {
    if (request.what === PARKED) return withTarget(target, (opened) => redriveParked(request, opened, watch));
    if (request.what === PASSAGES)
      return withTarget(target, (opened) => redrivePassages(request, opened, watch, 'data' in target));
    if ('stage' in target) return redriveStage(target.stage, request, watch);
    return withState(target.data, (runtime) => redriveLaptop(runtime, request));
  },
};
