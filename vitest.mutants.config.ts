import { defineConfig } from 'vitest/config';
import { KeptWorker } from './tools/mutants/kept-worker.ts';

/** How tests run against mutants (`npm run mutants`): those that MUTANTS_TESTS names, in one thread that is kept. */
export default defineConfig({
  plugins: [
    {
      name: 'kept-worker',
      configureVitest({ project }) {
        project.config.pool = 'kept';
        project.config.poolRunner = { name: 'kept', createPoolWorker: (options) => new KeptWorker(options) };
      },
    },
  ],
  test: {
    include: (process.env['MUTANTS_TESTS'] ?? '').split(','),
    isolate: process.env['MUTANTS_ISOLATE'] === 'true',
    setupFiles: ['tools/mutants/setup.ts'],
    testTimeout: 60_000,
    reporters: [],
  },
});
