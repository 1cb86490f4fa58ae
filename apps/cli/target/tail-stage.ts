import timers from 'node:timers/promises';
import * as z from 'zod';
import { BadInput } from '#apps/cli/bad-input.ts';
import { type Arrived, toldSchema } from '#apps/cli/webhook/arrived.ts';
import type { TailRequest } from '#apps/cli/webhook/tail.ts';
import { AwsError } from '#shared/adapters/aws/api-errors.ts';
import { type JsonApi, jsonApi } from '#shared/adapters/aws/json-api.ts';
import { ARRIVED } from '#shared/source/arrival.ts';
import { peopleOf, whatBecame } from '#shared/store/arrived.ts';
import type { Table } from '#shared/store/table.ts';
import { findStage, openStage } from './stage.ts';

/** Whoever says in its log what has arrived. */
const FUNCTIONS = ['ingest', 'collect', 'enrol', 'privacy'] as const;

/** Milliseconds between two questions: an account has a few a second for all who ask. */
const EVERY = 3000;
/** So late a line may come into the log behind others. */
const LATE = 60_000;
const MINUTE = 60_000;
/** How far back is looked for those that are there already, until there are enough of them. */
const BACK = [MINUTE, 15 * MINUTE, 4 * 60 * MINUTE, 24 * 60 * MINUTE];

const answerSchema = z.object({
  events: z.array(z.object({ eventId: z.string(), timestamp: z.number(), message: z.string() })).default([]),
  nextToken: z.string().optional(),
});
type Line = z.infer<typeof answerSchema>['events'][number];

const lineSchema = z.object({ at: z.string(), about: toldSchema });

/**
 * Tells what arrives at a stage: what its functions have logged of it, and what the table knows of each. Lines come seconds
 * late, as CloudWatch has them. Throws BadInput where the caller may not ask. `every`: milliseconds between two questions.
 */
export async function tailStage(
  name: string,
  { lines, follow, show }: Pick<TailRequest, 'lines' | 'follow' | 'show'>,
  tell: (arrived: Arrived) => void,
  every = EVERY,
): Promise<void> {
  const { options } = await findStage(name);
  const { table } = await openStage(name);
  const logs = jsonApi('logs', options);
  const seen = new Map<string, number>();
  const shown = async (found: readonly Line[]) => {
    for (const { eventId, timestamp } of found) seen.set(eventId, timestamp);
    for (const one of await told(found, table, show)) tell(one);
  };
  const began = Date.now();
  await shown(await already(logs, name, began, lines));
  for (let from = began; follow; from = Math.max(began, Date.now() - LATE)) {
    await timers.setTimeout(every);
    const found = await linesSince(logs, name, from);
    await shown(found.filter(({ eventId }) => !seen.has(eventId)));
    for (const [id, at] of seen) if (at < from - LATE) seen.delete(id);
  }
}

/** The last lines before this moment. */
async function already(logs: JsonApi, stage: string, now: number, most: number): Promise<Line[]> {
  let found: Line[] = [];
  for (const back of most === 0 ? [] : BACK) {
    found = await linesSince(logs, stage, now - back);
    if (found.length >= most) break;
  }
  return most === 0 ? [] : found.slice(-most);
}

async function linesSince(logs: JsonApi, stage: string, from: number): Promise<Line[]> {
  const all = await Promise.all(FUNCTIONS.map((name) => linesOf(logs, `/aws/lambda/tropa-${stage}-${name}`, from)));
  return all.flat().sort((a, b) => a.timestamp - b.timestamp);
}

/** Those of one log; none where there is no such log, as of a function that this stage does not have. */
async function linesOf(logs: JsonApi, logGroupName: string, startTime: number): Promise<Line[]> {
  const found: Line[] = [];
  let nextToken: string | undefined;
  do {
    const asked = { logGroupName, startTime, filterPattern: `{ $.message = "${ARRIVED}" }`, nextToken };
    const answer = await logs('FilterLogEvents', asked).catch((error) => {
      if (error instanceof AwsError && error.name === 'ResourceNotFoundException') return {};
      throw refusal(error, logGroupName);
    });
    const { events, nextToken: next } = answerSchema.parse(answer);
    found.push(...events);
    nextToken = next;
  } while (nextToken !== undefined);
  return found;
}

const refusal = (error: unknown, log: string): unknown =>
  error instanceof AwsError && error.name === 'AccessDeniedException'
    ? new BadInput(`This role may not read ${log}: it needs logs:FilterLogEvents.`, { cause: error })
    : error;

async function told(found: readonly Line[], table: Table, show: boolean): Promise<Arrived[]> {
  const read = found.flatMap(({ message }) => readLine(message));
  const known = await whatBecame(read, table);
  if (!show) return known;
  // The log names nobody: who it was stands in the table.
  return Promise.all(known.map(async (one) => ({ ...one, ...(await peopleOf(one.contact, table)) })));
}

/** Lines of other versions may say something else. */
function readLine(message: string): Arrived[] {
  try {
    const { at, about } = lineSchema.parse(JSON.parse(message));
    return [{ ...about, arrived: at }];
  } catch {
    return [];
  }
}
