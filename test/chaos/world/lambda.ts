import type { FunctionName } from '#functions/wiring.ts';
import type { Random } from '../random.ts';
import { Actor, type Around, type Ended } from './actor.ts';
import type { WorldDeps } from './world.ts';

/** Calls a function with what it works with; `done` is told how it ended, once, as its caller hears it. */
export type Invoke = <T>(
  name: FunctionName,
  work: (deps: WorldDeps) => Promise<T>,
  done: (ended: Ended<T>) => void,
) => void;

/** Milliseconds by which the clocks of machines differ. */
const SKEWS = [0, 0, 0, 0, -40, 40, 900] as const;
const UNHEARD = 4000;

/** Functions as Lambda calls them: as many at a time as are asked for, each on a machine with a clock of its own. */
export function lambda(around: Around, random: Random, depsOf: (actor: Actor) => WorldDeps): Invoke {
  const { scheduler, faults, told } = around;
  let numbered = 0;

  const begin = <T>(
    name: FunctionName,
    work: (deps: WorldDeps) => Promise<T>,
    done: (ended: Ended<T>) => void,
  ): void => {
    let open = true;
    const end = (ended: Ended<T>): void => {
      if (!open) return;
      open = false;
      scheduler.push(() => done(ended));
    };
    numbered += 1;
    const actor = new Actor(name, numbered, { around, skew: random.pick(SKEWS) }, (died) => end({ died }));
    work(depsOf(actor)).then(
      (result) => {
        if (!actor.dead) end({ result });
      },
      (error: unknown) => {
        if (!actor.dead) end({ error });
      },
    );
  };

  return (name, work, done) => {
    const fault = faults.of(name, 'invoke');
    if (fault) told(fault, name, 'invoke');
    if (fault === 'crash-before') scheduler.push(() => done({ died: 'crashed' }));
    else if (fault === 'slow') scheduler.after(random.below(UNHEARD), () => begin(name, work, done));
    else if (fault === 'unheard') {
      begin(name, work, () => {});
      scheduler.after(random.below(UNHEARD), () => done({ died: 'timed out' }));
    } else {
      if (fault === 'twice') begin(name, work, () => {});
      begin(name, work, done);
    }
  };
}
