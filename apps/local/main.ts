import { enableCompileCache } from 'node:module';
import { orSayWhatIsWrong } from '#apps/cli/bad-input.ts';
import { HELP, startOptions } from './options.ts';

// What the first start compiled, the next one takes.
enableCompileCache();
await orSayWhatIsWrong(async () => {
  const options = startOptions(process.argv.slice(2));
  // Loading the rest takes seconds, and whoever has mistyped a word need not wait for it.
  if (options) await (await import('./start.ts')).start(options);
  else process.stdout.write(`${HELP}\n`);
});
