import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { BadInput } from '#apps/cli/bad-input.ts';
import { DATABASE } from './open-state.ts';
import { openRuntime, type Runtime } from './runtime.ts';

/** Kept state brings its own time along. */
const UNUSED = '1970-01-01T00:00:00.000Z';

/** Where `npm start` shows the mails unless told otherwise: no page is open while a command works. */
export const USUAL_URL = 'http://127.0.0.1:4400';

const noState = (data: string): string =>
  `There is no state in ${data}. "npm start -- --data ${data}" keeps one there, and so does "npx tropa replay ... --data ${data}".`;

/** Works on a laptop's state and closes it. Throws BadInput where there is none. */
export async function withState<T>(data: string, work: (runtime: Runtime) => Promise<T>): Promise<T> {
  if (!existsSync(join(data, DATABASE))) throw new BadInput(noState(data));
  const runtime = openRuntime({
    dataDir: data,
    start: UNUSED,
    eventDays: 400,
    mailsPerSecond: 14,
    publicUrl: USUAL_URL,
  });
  try {
    return await work(runtime);
  } finally {
    runtime.close();
  }
}
