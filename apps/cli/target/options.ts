import { type Command, Option } from 'commander';
import * as z from 'zod';
import { BadInput } from '#apps/cli/bad-input.ts';
import { USUAL_URL } from '#apps/local/with-state.ts';
import { addressOf } from './address.ts';

/** Whose state a command works on: that of a laptop's folder, or that of a stage in the shop's AWS account. */
export type Target = { readonly data: string } | { readonly stage: string };
/** The same as it is typed, for a command that is to be typed next. */
export const flagsOf = (target: Target): string =>
  'stage' in target ? `--stage ${target.stage}` : `--data ${target.data}`;

/** A stage is named as its settings file names it. */
const STAGE = /^[a-z][a-z0-9-]{0,15}$/;

/** Gives a command the two options that say whose state it works on. */
export const withTargetOptions = (command: Command): Command =>
  command
    .addOption(new Option('--data <dir>', 'the laptop: a folder that keeps state; nothing else may run on it'))
    .addOption(new Option('--stage <name>', 'AWS: a stage that is deployed, with the credentials of the AWS CLI'));

/** What the two options come to. */
export const targetFields = { data: z.string().optional(), stage: z.string().optional() };

/** Of a command that only looks: also a shop that runs somewhere on this machine. Without any, where `npm start` usually is. */
export type LookTarget = Target | { readonly to: string } | undefined;

/** Gives a command that only looks the three options. */
export const withLookOptions = (command: Command): Command =>
  withTargetOptions(command).addOption(
    new Option('--to <url>', `where "npm start" shows the mails, on another port than usual (default: ${USUAL_URL})`),
  );

export const lookFields = { ...targetFields, to: z.string().optional() };

/** Throws BadInput where more than one is given. */
export function lookTargetOf({
  to,
  ...given
}: Parameters<typeof targetOf>[0] & { to?: string | undefined }): LookTarget {
  const isElsewhere = given.data !== undefined || given.stage !== undefined;
  if (to === undefined) return isElsewhere ? targetOf(given) : undefined;
  if (isElsewhere)
    throw new BadInput('Say whose state is meant: --to URL, --data DIR or --stage NAME. One of the three.');
  return { to: addressOf(to) };
}

/** Throws BadInput unless just one of the two is given. */
export function targetOf({ data, stage }: { data?: string | undefined; stage?: string | undefined }): Target {
  if ((data === undefined) === (stage === undefined))
    throw new BadInput('Say whose state is meant: --data DIR for the laptop, or --stage NAME for AWS. One of the two.');
  if (data !== undefined) return { data };
  if (stage === undefined || !STAGE.test(stage))
    throw new BadInput(`"${stage}" is no name of a stage: small letters, digits and "-", 16 at most.`);
  return { stage };
}
