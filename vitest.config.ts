import { defineConfig } from 'vitest/config';

/** Whose tests set or read the environment of the process or its clock, or start it as it is typed: a worker for each file. */
const APART = ['calls', 'clock', 'killed-ingest', 'killed', 'start', 'watch-folder'].map(
  (name) => `test/apps/local/${name}.test.ts`,
);
const BROWSER = 'test/browser/**';

export default defineConfig({
  test: {
    // Only what hangs is to meet them: a busy machine takes ten times as long as one that does nothing else.
    testTimeout: 120_000,
    hookTimeout: 60_000,
    // Vitest leaves one to itself, which is half of two.
    maxWorkers: '100%',
    reporters: ['default', ['json', { outputFile: 'coverage/tests.json' }]],
    // Node runs these sources as they are. What Vite makes of them is slower, and has to be made first; all that it would
    // be needed for is replacing modules, which no test does.
    experimental: { viteModuleRunner: false },
    projects: [
      { extends: true, test: { name: 'apart', include: APART, exclude: [BROWSER] } },
      // The rest keeps nothing from one file to the next, so that modules are loaded once.
      {
        extends: true,
        test: { name: 'together', include: ['test/**/*.test.ts'], exclude: [...APART, BROWSER], isolate: false },
      },
    ],
  },
});
