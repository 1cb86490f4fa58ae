import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { BadInput } from '#apps/cli/bad-input.ts';
import type { Credentials } from '#shared/adapters/aws/credentials.ts';

/**
 * Credentials and region as the AWS CLI finds them: the environment, then the profile's keys, then the profile's own
 * program. What else a profile may say (single sign-on, a role to assume, a machine's own role) the AWS CLI itself is
 * asked for, which knows it all.
 */

export type Surroundings = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  /** Runs a program and returns what it prints. Throws when it fails. */
  readonly run: (program: string, words: readonly string[]) => string;
};

const here = (): Surroundings => ({
  env: process.env,
  home: homedir(),
  run: (program, words) => execFileSync(program, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }),
});

/** What a profile's program and `aws configure export-credentials` print. */
const printedSchema = z.object({
  AccessKeyId: z.string().min(1),
  SecretAccessKey: z.string().min(1),
  SessionToken: z.string().optional(),
});

/** Throws BadInput that says how to get some. */
export function findCredentials(around: Surroundings = here()): Credentials {
  const { env, run } = around;
  const given = keysOf(env['AWS_ACCESS_KEY_ID'], env['AWS_SECRET_ACCESS_KEY'], env['AWS_SESSION_TOKEN']);
  if (given) return given;
  const name = profileName(env);
  const profile = readProfile(name, around);
  const kept = keysOf(profile['aws_access_key_id'], profile['aws_secret_access_key'], profile['aws_session_token']);
  if (kept) return kept;
  const own = profile['credential_process'];
  try {
    return own === undefined
      ? printed(run('aws', ['configure', 'export-credentials', '--profile', name, '--format', 'process']))
      : printed(run('/bin/sh', ['-c', own]));
  } catch (cause) {
    throw new BadInput(lacking(name, own, cause), { cause });
  }
}

/** Throws BadInput where none is said. */
export function findRegion(around: Surroundings = here()): string {
  const { env } = around;
  const region = env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION'] ?? readProfile(profileName(env), around)['region'];
  if (region) return region;
  throw new BadInput('No region is said: set AWS_REGION, or "region" in the profile that AWS_PROFILE names.');
}

const profileName = (env: Surroundings['env']): string => env['AWS_PROFILE'] ?? env['AWS_DEFAULT_PROFILE'] ?? 'default';

function keysOf(id: string | undefined, secret: string | undefined, token: string | undefined) {
  if (!id || !secret) return undefined;
  return { accessKeyId: id, secretAccessKey: secret, ...(token && { sessionToken: token }) };
}

function printed(text: string): Credentials {
  const { AccessKeyId, SecretAccessKey, SessionToken } = printedSchema.parse(JSON.parse(text));
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    ...(SessionToken !== undefined && { sessionToken: SessionToken }),
  };
}

function lacking(profile: string, own: string | undefined, cause: unknown): string {
  const stderr = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : '';
  const said = stderr ? ` It said: ${stderr.split('\n').at(-1)}` : '';
  if (own !== undefined) return `The credential_process of the profile "${profile}" gives no credentials.${said}`;
  const isAbsent = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
  if (isAbsent)
    return `The profile "${profile}" holds no keys. ${KEYS}; for single sign-on and roles, install the AWS CLI (version 2), which is asked then.`;
  if (UNKNOWN.test(stderr))
    return `The profile "${profile}" holds no keys, and the AWS CLI that is installed is too old to be asked for some: it does not know "aws configure export-credentials", as version 1 does not. Install a newer version 2. Or: ${KEYS.replace(/^S/, 's')}.`;
  return `The AWS CLI gives no credentials for the profile "${profile}". Sign in first: aws sso login --profile ${profile}, for example.${said}`;
}

const KEYS = 'Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY';
/** What the AWS CLI says, with all of its commands, of one that it does not have. */
const UNKNOWN = /invalid choice/i;

/** What both files say of a profile; the credentials file has the last word. */
function readProfile(name: string, { env, home }: Surroundings): Readonly<Record<string, string>> {
  const config = env['AWS_CONFIG_FILE'] ?? join(home, '.aws', 'config');
  const credentials = env['AWS_SHARED_CREDENTIALS_FILE'] ?? join(home, '.aws', 'credentials');
  const section = name === 'default' ? ['default', 'profile default'] : [`profile ${name}`];
  return { ...sectionOf(config, section), ...sectionOf(credentials, [name]) };
}

/** Of an INI file as AWS writes it; indented lines belong to a setting that nobody here asks for. */
function sectionOf(file: string, names: readonly string[]): Record<string, string> {
  const found: Record<string, string> = {};
  if (!existsSync(file)) return found;
  let inside = false;
  for (const line of readFileSync(file, 'utf8').split(/\r?\n/)) {
    const [, title] = /^\[\s*([^\]]+?)\s*\]/.exec(line) ?? [];
    if (title !== undefined) inside = names.includes(title.replaceAll(/\s+/g, ' ').replaceAll('"', ''));
    const [, key, value] = /^([\w.-]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (inside && key !== undefined && value !== undefined) found[key.toLowerCase()] = value;
  }
  return found;
}
