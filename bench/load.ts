import { BY_BROWSER } from './load/busy-hour.ts';
import { check } from './load/check.ts';
import { deployed } from './load/deployed.ts';
import { profileOf, totalOf } from './load/hour.ts';
import { plantOf } from './load/plant.ts';
import { checkTable, demandTable, spell, stageTable, timeline, wallTable } from './load/print.ts';
import { QUOTAS } from './load/quotas.ts';
import { simulate } from './load/simulate.ts';
import { type Told, told } from './load/tell.ts';
import { demandOf } from './load/watched-hour.ts';

/** Events whose work is measured, and those a second of the hour and of its bursts. */
const [SAMPLE, BASE, BURST] = [4000, 500, 10_000];

/**
 * An hour of a shop's busiest day against the quotas of AWS, in virtual time: what queues, where, for how long. What events ask
 * for is measured with the real functions on the laptop; the hour itself is simulated, with what the templates configure.
 */
export async function run({
  events: sample = SAMPLE,
  base = BASE,
  burst = BURST,
}: {
  events?: number;
  base?: number;
  burst?: number;
}): Promise<object> {
  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  const demand = await demandOf(sample);
  say(`${sample} events of the sample shop's busy hour were watched:\n${demandTable(demand)}`);
  const profile = profileOf(base, burst, BY_BROWSER);
  const { played, simulated } = await check(demand, deployed());
  say(`\nThe laptop under the same limits, 200 times smaller, beside the model:\n${checkTable(played, simulated)}`);
  const results = QUOTAS.map((quotas) => {
    const { sesRate, ...stage } = quotas.stage;
    const templates = deployed({ sesRate, ...stage });
    const plant = plantOf(quotas, templates, demand, sesRate);
    const result = told(simulate(plant, profile), plant, quotas, demand, templates);
    say(`\n${quotas.name}: ${quotas.of}\n${textOf(result)}`);
    return result;
  });
  return {
    bench: 'load',
    sample,
    profile: { ...profile, events: totalOf(profile) },
    demand,
    check: { played, simulated },
    results: results.map(({ minutes: _, ...result }) => result),
  };
}

function textOf(result: Told): string {
  const { recorded, events, waiting, lost, refused, alarms, restedAfterSeconds } = result;
  const { secondsToRecorded: record, secondsToOrderMail: order, secondsCartsWereLate: carts } = result;
  return [
    timeline(result),
    stageTable(result),
    wallTable(result),
    `${events} events: ${recorded} recorded, ${waiting} wait, ${lost.refusedForGood} refused for good, ${lost.dead} dead letters.`,
    `Refused at the door ${refused.status429} times with 429, ${refused.status503} times with 503.`,
    `Recorded after ${spell(record.p50)} (p50), ${spell(record.p99)} (p99); order mails handed over after ${spell(order.p50)}, ${spell(order.p99)}; carts judged ${spell(carts.p50)}, ${spell(carts.p99)} late.`,
    `${result.cartsMisjudged} carts were judged before the purchase was recorded that had come in time.`,
    `Alarms: ${
      Object.entries(alarms)
        .map(([name, minute]) => `${name} after ${minute} min`)
        .join(', ') || 'none'
    }.`,
    restedAfterSeconds === undefined
      ? 'It had not come to rest after six hours.'
      : `All had come to rest after ${spell(restedAfterSeconds)}.`,
  ].join('\n');
}
