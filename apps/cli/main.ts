#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { setFlagsFromString } from 'node:v8';

// Half of a short command is compiling its modules: what the first run made of them, the next one takes.
enableCompileCache();
// A replay makes much garbage and keeps little: V8's young generation would grow by 150 MB and be no faster for it.
setFlagsFromString('--max-semi-space-size=8');

await (await import('./program.ts')).run();
