import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** How esbuild makes one file of a handler: CommonJS with everything inside, which starts fastest. */
export const BUNDLING = {
  platform: 'node',
  format: 'cjs',
  target: 'node24',
  mainFields: ['module', 'main'],
  minify: true,
} as const;
