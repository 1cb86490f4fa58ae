import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findCredentials, findRegion, type Surroundings } from '#apps/cli/target/credentials.ts';

const CONFIG = `
[default]
region = eu-central-1
[profile shop]
region = eu-west-1
credential_process = keys-of shop
[profile sso]
sso_session = shop
  nested = value
[profile broken]
credential_process = exit 1
`;
const FILE = `
# kept by hand
[default]
aws_access_key_id = AKIDKEPT
aws_secret_access_key = kept/secret=
`;
const KEYS = JSON.stringify({ Version: 1, AccessKeyId: 'AKIDRUN', SecretAccessKey: 's', SessionToken: 't' });
const config = join(mkdtempSync(join(tmpdir(), 'tropa-aws-')), 'config');
writeFileSync(config, CONFIG);
writeFileSync(`${config}-keys`, FILE);

const around = (env: Record<string, string>, run: Surroundings['run'] = () => KEYS): Surroundings => ({
  env: { AWS_CONFIG_FILE: config, AWS_SHARED_CREDENTIALS_FILE: `${config}-keys`, ...env },
  home: '/nowhere',
  run,
});

it('takes the keys of the environment before any profile', () => {
  const env = { AWS_ACCESS_KEY_ID: 'AKIDENV', AWS_SECRET_ACCESS_KEY: 'e', AWS_PROFILE: 'shop' };
  expect(findCredentials(around(env))).toEqual({ accessKeyId: 'AKIDENV', secretAccessKey: 'e' });
});

it('takes the keys that stand in the credentials file', () => {
  expect(findCredentials(around({}))).toEqual({ accessKeyId: 'AKIDKEPT', secretAccessKey: 'kept/secret=' });
});

it("runs the profile's own program, and else asks the AWS CLI, which knows single sign-on and roles", () => {
  const asked: string[] = [];
  const run = (program: string, words: readonly string[]) => {
    asked.push([program, ...words].join(' '));
    return KEYS;
  };
  const expected = { accessKeyId: 'AKIDRUN', secretAccessKey: 's', sessionToken: 't' };
  expect(findCredentials(around({ AWS_PROFILE: 'shop' }, run))).toEqual(expected);
  expect(findCredentials(around({ AWS_PROFILE: 'sso' }, run))).toEqual(expected);
  expect(asked).toEqual(['/bin/sh -c keys-of shop', 'aws configure export-credentials --profile sso --format process']);
});

const failing = (error: object) => () => {
  throw Object.assign(new Error('no'), error);
};

/** As version 1.45 says it. */
const VERSION_1 = `usage: aws [options] <command> <subcommand> [<subcommand> ...] [parameters]
aws: error: argument subcommand: Invalid choice, valid choices are:

list                                     | get
set                                      | add-model
`;

it.each([
  [{ code: 'ENOENT' }, 'sso', /holds no keys.*install the AWS CLI/],
  [{ stderr: 'first\nToken has expired\n' }, 'sso', /aws sso login --profile sso.*Token has expired/],
  [{ stderr: VERSION_1 }, 'sso', /The profile "sso" holds no keys, and the AWS CLI that is installed is too old/],
  [{ stderr: "aws: [ERROR]: argument subcommand: Found invalid choice 'export-credentials'\n" }, 'sso', /is too old/],
  [{ stderr: 'gone' }, 'broken', /credential_process of the profile "broken".*gone/],
])('says how to get credentials when there are none: %o', (error, profile, said) => {
  expect(() => findCredentials(around({ AWS_PROFILE: profile }, failing(error)))).toThrow(said);
});

it("finds the region in the environment, else in the profile, and says so when it's nowhere", () => {
  expect(findRegion(around({ AWS_REGION: 'us-east-1', AWS_PROFILE: 'shop' }))).toBe('us-east-1');
  expect(findRegion(around({ AWS_PROFILE: 'shop' }))).toBe('eu-west-1');
  expect(findRegion(around({}))).toBe('eu-central-1');
  expect(() => findRegion(around({ AWS_PROFILE: 'sso' }))).toThrow(/set AWS_REGION/);
});
