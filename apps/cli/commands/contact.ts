import { Command } from 'commander';
import * as z from 'zod';
import { BadInput } from '#apps/cli/bad-input.ts';
import type { Streams } from '#apps/cli/commands/replay.ts';
import { printContact, type Shown } from '#apps/cli/print-contact.ts';
import {
  type LookTarget,
  lookFields,
  lookTargetOf,
  type Target,
  targetOf,
  withLookOptions,
  withTargetOptions,
} from '#apps/cli/target/options.ts';

/** `contact`: its id, e-mail address, phone number or external id. */
export type ContactRequest = { readonly contact: string; readonly target: Target };
export type RunContact = {
  readonly show: (
    request: Pick<ContactRequest, 'contact'> & { readonly target: LookTarget },
  ) => Promise<Shown | undefined>;
  /** Everything that is known, as JSON. */
  readonly copy: (request: ContactRequest) => Promise<string | undefined>;
  /** How many rows were deleted; undefined when nobody is known so. */
  readonly erase: (request: ContactRequest) => Promise<number | undefined>;
};

const optionsSchema = z.object({ ...lookFields, json: z.boolean().default(false), yes: z.boolean().default(false) });

/** `tropa contact`: what is known of one person; a copy of it for them; and to forget them. */
export function contactCommand(
  { show, copy, erase }: RunContact,
  streams: Streams = { out: process.stdout, err: process.stderr },
): Command {
  const found = <T>(result: T | undefined, { contact }: Pick<ContactRequest, 'contact'>): T => {
    if (result === undefined) throw new BadInput(`Nobody is known as ${contact}.`);
    return result;
  };
  const verb = (name: string, description: string, withOptions = withTargetOptions): Command =>
    withOptions(new Command(name))
      .description(description)
      .argument('<contact>', 'an e-mail address, phone number, external id, or contact id')
      .option('--json', 'print the result as one line of JSON');
  const asked = (contact: unknown, options: unknown) => {
    const { json, yes, ...given } = optionsSchema.parse(options);
    return { json, yes, given, contact: z.string().parse(contact) };
  };
  const shown = verb('show', 'Say what is known of a person.', withLookOptions).action(
    async (contact: unknown, options: unknown) => {
      const { json, given, contact: who } = asked(contact, options);
      const request = { contact: who, target: lookTargetOf(given) };
      const person = found(await show(request), request);
      streams.out.write(json ? `${JSON.stringify(person)}\n` : printContact(person));
    },
  );
  const copied = verb('export', 'Print everything that is known of a person, as JSON, for them to have.').action(
    async (contact: unknown, options: unknown) => {
      const { given, contact: who } = asked(contact, options);
      const request = { contact: who, target: targetOf(given) };
      streams.out.write(`${found(await copy(request), request)}\n`);
    },
  );
  const erased = verb('erase', 'Forget a person: everything that is known of them is deleted, and stays so.')
    .option('--yes', 'do it; without it nothing is done')
    .action(async (contact: unknown, options: unknown) => {
      const { json, yes, given, contact: who } = asked(contact, options);
      const request = { contact: who, target: targetOf(given) };
      if (!yes) {
        found(await show(request), request);
        throw new BadInput(`This cannot be undone. Say --yes to forget ${request.contact}.`);
      }
      const rows = found(await erase(request), request);
      streams.out.write(json ? `${JSON.stringify({ rows })}\n` : `Forgotten: ${rows} rows are gone.\n`);
    });
  return new Command('contact')
    .description('What is known of one person: show, export, erase.')
    .addCommand(shown)
    .addCommand(copied)
    .addCommand(erased);
}
