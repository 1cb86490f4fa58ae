import type { Demand } from './demand.ts';
import type { Deployed } from './deployed.ts';
import { plantOf } from './plant.ts';
import { playSmall } from './played.ts';
import { QUOTAS } from './quotas.ts';
import { simulate } from './simulate.ts';
import { drained, type Figures, LASTS, PROFILE, SMALLER, STARTS } from './small.ts';
import { latencyOf } from './work.ts';

/** The model may be so far from what was played, of the larger. */
const TOLERANCE = 0.15;

/** The laptop with the same limits imposed, at a small scale, beside the model of it. Throws when they tell two stories. */
export async function check(demand: Demand, deployed: Deployed): Promise<{ played: Figures; simulated: Figures }> {
  const [played, simulated] = [await playSmall(), simulateSmall(demand, deployed)];
  for (const name of ['peak', 'p50', 'p99', 'drainedAfter', 'starts'] as const) {
    const [one, other] = [played[name], simulated[name]];
    if (Math.abs(one - other) > TOLERANCE * Math.max(one, other))
      throw new Error(
        `the model does not hold: ${name} is ${one} on the laptop and ${other} in the model. Were fewer than 1,000 events watched (--events)?`,
      );
  }
  if (played.dead + simulated.dead > 0) throw new Error(`${played.dead} events died on the laptop`);
  return { played, simulated };
}

/** The model, told of the same limits. What is not slowed on the laptop takes no time here. */
function simulateSmall(demand: Demand, deployed: Deployed): Figures {
  const [quotas] = QUOTAS;
  if (!quotas) throw new Error('there are no quotas');
  const endless = { perSecond: 1e6, burst: 1e6 };
  const waits = Object.entries(demand.work.enrol.calls).reduce(
    (sum, [call, n]) => sum + (call === 'putEvents' ? 0 : n * latencyOf(call)),
    0,
  );
  const plant = {
    ...plantOf(quotas, deployed, demand, 1),
    ...{ door: endless, bus: endless, sendTask: endless, transitions: endless, lambdas: 1e6, tableWrites: 1e9 },
    ...{ mailsPerSecond: 1e4, mailsPerDay: 1e9, startExecution: STARTS },
    ingest: { seconds: 0, units: 0 },
    enrol: { seconds: (waits * SMALLER) / 1000, units: 0 },
  };
  const backlog: number[] = [];
  const { recording } = simulate(plant, PROFILE, {
    most: LASTS,
    onStep: (now, { recording: { waiting } }) => {
      const second = Math.floor(now);
      backlog[second] = Math.max(backlog[second] ?? 0, waiting);
    },
  });
  const { p50, p99 } = recording.latency.told;
  const [starts, dead] = [recording.started, recording.dead.events + recording.dead.hints];
  return { peak: Math.max(...backlog), p50, p99, drainedAfter: drained(backlog), starts, dead };
}
