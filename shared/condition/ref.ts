import type { Ref } from './condition.ts';

type Named = {
  readonly trait?: string | undefined;
  readonly trigger?: string | undefined;
  readonly step?: string | undefined;
};

/** The reference inside a duration or a moment that is given by one. */
export function refOf({ trait, trigger, step }: Named): Ref | undefined {
  if (trait !== undefined) return { trait };
  if (trigger !== undefined) return { trigger };
  return step === undefined ? undefined : { step };
}
