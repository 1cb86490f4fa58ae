import { defineConfig } from 'vitest/config';

/** Whose tests start processes, watch folders or set the environment: each file has a worker of its own. */
const APART = 'test/apps/**/*.test.ts';
const BROWSER = 'test/browser/**';

export default defineConfig({
  test: {
    // Only what hangs is to meet them: a busy machine takes ten times as long as one that does nothing else.
    testTimeout: 120_000,
    hookTimeout: 60_000,
    // Vitest leaves one to itself, which is half of two.
    maxWorkers: '100%',
    reporters: ['default', ['json', { outputFile: 'coverage/tests.json' }]],
    projects: [
      { extends: true, test: { name: 'apart', include: [APART], exclude: [BROWSER] } },
      // The rest keeps nothing from one file to the next, so that modules are loaded once.
      {
        extends: true,
        test: { name: 'together', include: ['test/**/*.test.ts'], exclude: [APART, BROWSER], isolate: false },
      },
    ],
  },
});
