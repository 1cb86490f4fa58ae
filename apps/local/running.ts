import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

const runningSchema = z.object({ url: z.string(), secrets: z.record(z.string(), z.string()) });
/** Where a server that keeps its state in a folder is reached, and by source what is signed with. */
export type Running = z.infer<typeof runningSchema>;

const fileIn = (dir: string): string => join(dir, 'running.json');

/** Tells commands of this user where the server of a data folder is: nobody else can open the state meanwhile. */
export function noteRunning(dir: string, running: Running): void {
  noteStopped(dir);
  writeFileSync(fileIn(dir), JSON.stringify(running), { mode: 0o600 });
}

export const noteStopped = (dir: string): void => rmSync(fileIn(dir), { force: true });

/** What runs on a data folder, or ran on it until it was killed. Undefined where nothing does. */
export function runningIn(dir: string): Running | undefined {
  const file = fileIn(dir);
  return existsSync(file) ? runningSchema.parse(JSON.parse(readFileSync(file, 'utf8'))) : undefined;
}
