import fc from 'fast-check';
import { beforeEach } from 'vitest';
import { TOO_LONG } from './tests.ts';

/** Properties go on for a moment instead of hundreds of runs, always the same ones first, and a counter-example is not made smaller. */
fc.configureGlobal({ seed: 1, endOnFailure: true, interruptAfterTimeLimit: 250 });

beforeEach(({ task, skip }) => {
  if (TOO_LONG.some((words) => task.name.includes(words))) skip();
});
