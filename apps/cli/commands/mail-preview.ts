import { once } from 'node:events';
import { Command, InvalidArgumentError } from 'commander';
import * as z from 'zod';
import type { Streams } from '#apps/cli/commands/replay.ts';
import { type Marked, marked } from '#apps/cli/mail/mark.ts';
import { printMail } from '#apps/cli/mail/print-mail.ts';
import type { ShowMails } from '#apps/cli/mail/show.ts';
import type { RunTest } from '#apps/cli/mail/test.ts';
import { findMail, readGiven } from '#apps/cli/mail/which-mail.ts';
import { type Target, targetFields, targetOf, withTargetOptions } from '#apps/cli/target/options.ts';
import { sayFolder } from '#apps/cli/which-folder.ts';

const which = { folder: z.string().optional(), contact: z.string().optional(), locale: z.string().optional() };
const previewSchema = z.object({ ...which, port: z.number(), page: z.boolean(), json: z.boolean().default(false) });
const testSchema = z.object({
  ...which,
  ...targetFields,
  to: z.string(),
  json: z.boolean().default(false),
});

const withMailOptions = (command: Command): Command =>
  command
    .argument('<template>', 'its id, as welcome-hello; or one of its files, as templates/welcome-hello/email.pl.mjml')
    .option(
      '--contact <file>',
      'JSON with what is known of a contact, in place of what the sample of the template says',
    )
    .option('--locale <locale>', 'the language that they read, as pl')
    .option('--folder <dir>', "the shop's folder, for an id (default: this one, or the examples)")
    .option('--json', 'print the result as one line of JSON');

/** Who is shown a mail that is sent to nobody. */
const SOMEBODY = 'someone@mail.example';
const SENDER = 'Shop <hello@shop.example>';

/** `tropa mail preview`: a mail as it would be sent, in all its languages, in the inbox page. */
export function mailPreviewCommand(
  show: ShowMails,
  { out, err }: Streams = { out: process.stdout, err: process.stderr },
  interrupted: () => Promise<unknown> = () => once(process, 'SIGINT'),
): Command {
  return withMailOptions(new Command('preview'))
    .description('Show a mail as it would be sent: HTML, text, headers and source, in the browser. Nobody gets it.')
    .option('--port <port>', 'where the page is', portOf, 4401)
    .option('--no-page', 'only print what there is to say of it')
    .action(async (named: unknown, options: unknown) => {
      const template = z.string().parse(named);
      const { contact, json, page, port, ...more } = previewSchema.parse(options);
      err.write(sayFolder(template, more.folder) ?? '');
      const { folder, keys } = findMail({ template, ...more });
      const [given, { locale }] = [readGiven(contact), more];
      const all: Marked[] = [];
      const to = { to: SOMEBODY, publicUrl: 'https://shop.example', sender: SENDER };
      for (const key of keys) all.push(await marked({ folder, key, given, locale }, to));
      if (json) out.write(`${JSON.stringify(all.map(factsOf))}\n`);
      else for (const one of all) out.write(`${printMail(one, contact)}\n`);
      if (!page || json) return;
      const shown = await show(
        all.map(({ mail }) => mail),
        port,
      );
      for (const [i, address] of shown.pages.entries()) out.write(`${address}   ${all[i]?.made.name}\n`);
      out.write('Ctrl-C ends it. After a change to the file, call it again.\n');
      await interrupted();
      await shown.close();
    });
}

/** `tropa mail test`: one mail to oneself. */
export function mailTestCommand(
  run: RunTest,
  { out, err }: Streams = { out: process.stdout, err: process.stderr },
): Command {
  return withTargetOptions(withMailOptions(new Command('test')))
    .description(
      "Send a mail to one of the shop's own people, marked [Test]. Its links and headers act on nobody, and nothing is counted.",
    )
    .requiredOption(
      '--to <address>',
      'one address: of the domain that the shop mails from, or an author of its settings',
      addressOf,
    )
    .action(async (named: unknown, options: unknown) => {
      const template = z.string().parse(named);
      const { json, data, stage, ...more } = testSchema.parse(options);
      err.write(sayFolder(template, more.folder) ?? '');
      const target = targetOf({ data, stage });
      const result = await run({ template, ...more }, target);
      const { id, mail } = result;
      if (json) return void out.write(`${JSON.stringify({ id, to: mail.to, ...factsOf(result) })}\n`);
      out.write(`${printMail(result, more.contact)}\nSent to ${mail.to} as ${id}.\n${whereItIs(target)}`);
    });
}

/** The laptop's inbox is not served while a command works on its folder. */
const whereItIs = (target: Target): string =>
  'stage' in target ? '' : 'It is in the inbox when "npm start" runs again, with the options that it had.\n';

const factsOf = ({ mail, made: { name, preheader, remarks, missing } }: Marked) => ({
  template: name,
  subject: mail.subject,
  preheader,
  bytes: Buffer.byteLength(mail.html ?? ''),
  headers: mail.headers,
  remarks,
  missing,
});

function portOf(written: string): number {
  const port = Number(written);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new InvalidArgumentError('Write a number from 0 (any that is free) to 65535.');
}

function addressOf(written: string): string {
  if (z.email().safeParse(written).success) return written;
  throw new InvalidArgumentError('Write one address, as me@shop.example.');
}
