import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/**
 * How esbuild makes one file of a handler: CommonJS with the SDK inside. That starts fastest, and does not change when
 * Lambda updates the SDK of its runtime.
 */
export const BUNDLING = {
  platform: 'node',
  format: 'cjs',
  target: 'node24',
  mainFields: ['module', 'main'],
  minify: true,
  alias: { '@aws-sdk/credential-provider-node': `${ROOT}shared/adapters/aws/lambda-credentials.ts` },
} as const;
