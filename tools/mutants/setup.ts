import fc from 'fast-check';
import { afterAll, beforeEach, inject } from 'vitest';
import { TOO_LONG } from './tests.ts';

/** Properties go on for a moment instead of hundreds of runs, always the same ones first, and a counter-example is not made smaller. */
fc.configureGlobal({ seed: 1, endOnFailure: true, interruptAfterTimeLimit: 250 });

beforeEach(({ task, skip }) => {
  if (TOO_LONG.some((words) => task.name.includes(words))) skip();
});

/** The thread is kept, and the next modules must not load under the mutant of the run before. Without Stryker there is none. */
declare module 'vitest' {
  export interface ProvidedContext {
    globalNamespace: '__stryker__';
  }
}
declare global {
  var __stryker__: { activeMutant: string | undefined } | undefined;
}
afterAll(() => {
  const stryker = globalThis[inject('globalNamespace') ?? '__stryker__'];
  if (stryker) stryker.activeMutant = undefined;
});
