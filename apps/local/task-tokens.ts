import type { From } from './execution-rows.ts';

/** Real tokens begin so, and are 680 to 730 characters long. They lie in rows, so their length costs write units. */
const PREFIX = 'AQCwAAAAKgAAAAMAAAAAAAAAA';
const LENGTH = 712;

/** A token for this attempt alone; nobody else's token is equal to it. */
export function tokenOf({ name, attempt }: From): string {
  const body = `${PREFIX}${Buffer.from(`${attempt} ${name}`).toString('base64url')}=`;
  return body.repeat(Math.ceil(LENGTH / body.length)).slice(0, LENGTH);
}

/** The attempt that a token stands for, or undefined when it is none of ours. */
export function attemptOf(token: string): From | undefined {
  const body = token.slice(PREFIX.length).split('=', 1)[0] ?? '';
  const [, number = '', name = ''] = /^(\d+) (.+)$/s.exec(Buffer.from(body, 'base64url').toString()) ?? [];
  const from = { name, attempt: Number(number) };
  return number !== '' && tokenOf(from) === token ? from : undefined;
}
