import { setFlagsFromString } from 'node:v8';

/**
 * V8 lets its heap grow to several times what lives in it before it collects old garbage. Of a play little lives long,
 * so that half as much again will do: a quarter less memory, for some more collecting. To be called once by a process
 * that plays, before it begins.
 */
export const keepHeapSmall = (): void => setFlagsFromString('--heap-growing-percent=50');
