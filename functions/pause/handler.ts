import { ENVIRONMENTS } from '#functions/environment.ts';
import { systemClock } from '#shared/adapters/aws/clock.ts';
import { SfnExecutions } from '#shared/adapters/aws/executions.ts';
import { DynamoTable } from '#shared/adapters/aws/table.ts';
import { type PauseDeps, pause } from './pause.ts';

const env = ENVIRONMENTS.pause.parse(process.env);
const deps: PauseDeps = {
  table: new DynamoTable(env.TABLE_NAME, systemClock),
  clock: systemClock,
  executions: new SfnExecutions(env.STATE_MACHINE_ARN),
};

/** The state machine's Pause. It waits for the token and not for this answer, which says what was done with the token. */
export const handler = async (input: unknown): Promise<Awaited<ReturnType<typeof pause>>> => pause(input, deps);
