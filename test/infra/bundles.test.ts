import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { FUNCTION_NAMES } from '#functions/wiring.ts';
import { BUNDLING, ROOT } from '#infra/bundling.ts';

/** What must not come along: a name that is reached by a namespace drags all of it into every bundle. */
const STOWAWAYS = [/zod\/v4\/locales\/(?!en\.js)/, /@aws-sdk\//];

test.each(FUNCTION_NAMES)('the bundle of %s carries nothing that it does not use', async (name) => {
  const { mainFields, ...how } = BUNDLING;
  const { metafile } = await build({
    ...how,
    mainFields: [...mainFields],
    entryPoints: [`${ROOT}functions/${name}/handler.ts`],
    absWorkingDir: ROOT,
    bundle: true,
    logLevel: 'error',
    outfile: 'bundle.cjs',
    metafile: true,
    write: false,
  });
  const inputs = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs));
  const carried = inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([path]) => path);
  expect(carried.length).toBeGreaterThan(20);
  expect(carried.filter((path) => STOWAWAYS.some((stowaway) => stowaway.test(path)))).toEqual([]);
});
