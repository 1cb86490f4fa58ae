#!/usr/bin/env node
import { enableCompileCache } from 'node:module';

// Half of a short command is compiling its modules: what the first run made of them, the next one takes.
enableCompileCache();
await import('./program.ts');
