import { Command } from 'commander';
import * as z from 'zod';
import { BadInput } from '#apps/cli/bad-input.ts';
import type { Streams } from '#apps/cli/commands/replay.ts';
import { type Target, targetFields, targetOf, withTargetOptions } from '#apps/cli/target/options.ts';
import type { Lifted, Listed, Suppression } from '#shared/store/suppressions.ts';

/** An address as the list knows it: what stands against it, and who has last allowed it again. */
export type Standing = { readonly suppressed?: Suppression | undefined; readonly allowed?: Lifted | undefined };
/** `address`: where a contact with it is known. */
export type ListedAddress = Listed & { readonly address?: string };

export type SuppressRuns = {
  /** What stood there before; undefined where nothing did. */
  readonly add: (target: Target, address: string, reason: string) => Promise<Suppression | undefined>;
  /** What was taken away; `complained`: nothing was, as they have complained and `complaint` was not said. */
  readonly remove: (
    target: Target,
    address: string,
    said: { readonly reason: string; readonly complaint: boolean },
  ) => Promise<Suppression | 'complained' | undefined>;
  readonly show: (target: Target, address: string) => Promise<Standing>;
  readonly list: (target: Target, each: (one: ListedAddress) => void) => Promise<void>;
};

const address = z.email('That is no e-mail address. Write one, as ann@shop.example');
const reason = z.string().trim().min(1, 'say why').max(500);
const jsonSchema = z.object({ ...targetFields, json: z.boolean().default(false) });
const addSchema = z.object({ ...targetFields, reason });
const removeSchema = z.object({ ...targetFields, reason, complaint: z.boolean().default(false) });

const COMPLAINED =
  'They have reported a mail as spam. To write again harms your mail to everybody. If they asked you to, say --complaint, and in --reason where they did.';
/** Of a laptop's folder SES knows nothing. */
const ofSes = (target: Target, address: string): string =>
  'stage' in target
    ? `\nSES may have it on its own list, too: aws sesv2 delete-suppressed-destination --email-address ${address}`
    : '';

/** `tropa suppress`: addresses that get no mail. */
export function suppressCommand(
  { add, remove, show, list }: SuppressRuns,
  streams: Streams = { out: process.stdout, err: process.stderr },
): Command {
  const say = (text: string): void => void streams.out.write(`${text}\n`);
  const added = withTargetOptions(new Command('add'))
    .description('Send no mail to an address any more, not even an order confirmation.')
    .argument('<address>', 'an e-mail address')
    .requiredOption('--reason <text>', 'why, for whoever looks at it later')
    .action(async (given: unknown, options: unknown) => {
      const { reason: why, ...target } = parsed(addSchema, options);
      const before = await add(targetOf(target), parsed(address, given), why);
      say(before ? `It was suppressed before: ${printed(before)}` : 'Suppressed.');
    });
  const removed = withTargetOptions(new Command('remove'))
    .description('Allow an address again.')
    .argument('<address>', 'an e-mail address')
    .requiredOption('--reason <text>', 'why, for whoever looks at it later')
    .option('--complaint', 'though they have complained: they asked for it')
    .action(async (given: unknown, options: unknown) => {
      const { reason: why, complaint, ...target } = parsed(removeSchema, options);
      const [whose, written] = [targetOf(target), parsed(address, given)];
      const was = await remove(whose, written, { reason: why, complaint });
      if (was === 'complained') throw new BadInput(COMPLAINED);
      if (!was) throw new BadInput('This address is not suppressed.');
      say(`Allowed again. It was suppressed: ${printed(was)}${ofSes(whose, written)}`);
    });
  const shown = withTargetOptions(new Command('show'))
    .description('Say what stands against an address.')
    .argument('<address>', 'an e-mail address')
    .option('--json', 'print the result as one line of JSON')
    .action(async (given: unknown, options: unknown) => {
      const { json, ...target } = parsed(jsonSchema, options);
      const standing = await show(targetOf(target), parsed(address, given));
      say(json ? JSON.stringify(standing) : printStanding(standing));
    });
  const listed = withTargetOptions(new Command('list'))
    .description('List the suppressed addresses: as text where a contact has them, else as a hash.')
    .option('--json', 'print each as one line of JSON')
    .action(async (options: unknown) => {
      const { json, ...target } = parsed(jsonSchema, options);
      let n = 0;
      await list(targetOf(target), (one) => {
        n += 1;
        say(json ? JSON.stringify(one) : `${one.address ?? one.hash.slice(0, 16)}  ${printed(one)}`);
      });
      if (!json) say(n === 1 ? '1 address.' : `${n} addresses.`);
    });
  return new Command('suppress')
    .description('Addresses that get no mail: add, remove, show, list.')
    .addCommand(added)
    .addCommand(removed)
    .addCommand(shown)
    .addCommand(listed);
}

function parsed<T>(schema: z.ZodType<T>, given: unknown): T {
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  throw new BadInput(result.error.issues.map(({ message }) => message).join('; '));
}

const printed = ({ reason: why, at, by, note, complained }: Suppression): string =>
  [
    `${why}, ${at}`,
    ...(by === undefined ? [] : [`by ${by}`]),
    ...(note === undefined ? [] : [note]),
    ...(complained === undefined || why === 'complained' ? [] : [`complained ${complained}`]),
  ].join(', ');

function printStanding({ suppressed, allowed }: Standing): string {
  const past = allowed && `Allowed again ${allowed.at} by ${allowed.by}: ${allowed.note} (it had been: ${allowed.was})`;
  return [suppressed ? `Suppressed: ${printed(suppressed)}` : 'Not suppressed.', ...(past ? [past] : [])].join('\n');
}
