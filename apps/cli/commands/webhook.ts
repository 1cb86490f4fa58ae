import { Command } from 'commander';
import * as z from 'zod';
import { BadInput } from '#apps/cli/bad-input.ts';
import type { Streams } from '#apps/cli/commands/replay.ts';
import { isWell, printSend } from '#apps/cli/webhook/print-send.ts';
import { printArrival } from '#apps/cli/webhook/print-tail.ts';
import { SAMPLES } from '#apps/cli/webhook/samples.ts';
import type { RunSend } from '#apps/cli/webhook/send.ts';
import type { RunTail } from '#apps/cli/webhook/tail.ts';
import { withoutPeople } from '#shared/source/arrival.ts';

const optionsSchema = z.object({
  to: z.string().optional(),
  secret: z.string().min(1).optional(),
  data: z.string().optional(),
  stage: z.string().optional(),
  file: z.string().optional(),
  email: z.email().optional(),
  list: z.boolean().default(false),
  json: z.boolean().default(false),
});

type Runs = { readonly send: RunSend; readonly tail: RunTail };

/** `tropa webhook`: tries the way in of what storefronts post. */
export const webhookCommand = (runs: Runs, streams: Streams = { out: process.stdout, err: process.stderr }): Command =>
  new Command('webhook')
    .description('Try what storefronts post: send a sample of it, and look at what arrives.')
    .addCommand(sendCommand(runs.send, streams))
    .addCommand(tailCommand(runs.tail, streams));

function sendCommand(run: RunSend, { out }: Streams): Command {
  return new Command('send')
    .description('Post a sample delivery of a source, signed as the source signs, and say what becomes of it.')
    .argument('[source]', `${Object.keys(SAMPLES).join(', ')}`)
    .argument('[topic]', 'what it tells of, by the words of the source; --list shows them')
    .option('--list', 'print the sources and their topics')
    .option('--to <url>', 'where Tropa is (default: http://127.0.0.1:4400)')
    .option('--secret <text>', 'what is signed with, if it is another than the place says')
    .option('--data <dir>', 'the laptop: the folder that "npm start -- --data DIR" runs on')
    .option('--stage <name>', 'AWS: a stage that is deployed, with the credentials of the AWS CLI')
    .option('--file <json>', 'a body of your own in place of the sample')
    .option('--email <address>', 'whom it is about; the same address is the same customer')
    .option('--json', 'print the result as one line of JSON')
    .action(async (source: unknown, topic: unknown, options: unknown) => {
      const { list, json, ...given } = parsed(options);
      if (list) return void out.write(json ? `${JSON.stringify(topics())}\n` : printTopics());
      const named = z.tuple([z.string(), z.string()]).safeParse([source, topic]);
      if (!named.success)
        throw new BadInput('Say what to send: tropa webhook send shopify orders/create. --list shows what there is.');
      const result = await run({ ...given, source: named.data[0], topic: named.data[1] });
      process.exitCode = isWell(result) ? 0 : 1;
      out.write(json ? `${JSON.stringify(result)}\n` : printSend(result));
    });
}

const tailSchema = z.object({
  to: z.string().optional(),
  data: z.string().optional(),
  stage: z.string().optional(),
  lines: z.coerce.number().int().min(0).max(500),
  follow: z.boolean(),
  show: z.boolean().default(false),
  json: z.boolean().default(false),
});

function tailCommand(run: RunTail, { out }: Streams): Command {
  return new Command('tail')
    .description('Show what arrives, and what becomes of it, until it is interrupted.')
    .option('--to <url>', 'where Tropa is (default: http://127.0.0.1:4400)')
    .option('--data <dir>', 'the folder that "npm start -- --data DIR" runs on; what it has kept, if nothing does')
    .option('--stage <name>', 'AWS: a stage that is deployed, with the credentials of the AWS CLI')
    .option('--lines <n>', 'so many that are there already', '10')
    .option('--no-follow', 'print those, and end')
    .option('--show', 'who it is about: addresses and numbers')
    .option('--json', 'print each as one line of JSON')
    .action(async (options: unknown) => {
      const read = tailSchema.safeParse(options);
      if (!read.success) throw new BadInput('--lines is a whole number from 0 to 500.');
      const { json, ...request } = read.data;
      await run(request, (arrived) => {
        const one = request.show ? arrived : withoutPeople(arrived);
        out.write(`${json ? JSON.stringify(one) : printArrival(one)}\n`);
      });
    });
}

function parsed(options: unknown): z.infer<typeof optionsSchema> {
  const read = optionsSchema.safeParse(options);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new BadInput(
    issue?.path[0] === 'email'
      ? '--email is no e-mail address.'
      : `--${String(issue?.path[0])}: ${issue?.message ?? 'is wrong'}`,
  );
}

const topics = (): Record<string, string[]> =>
  Object.fromEntries(Object.entries(SAMPLES).map(([source, { bodies }]) => [source, Object.keys(bodies)]));

const printTopics = (): string =>
  Object.entries(topics())
    .map(([source, names]) => `${source}\n${names.map((name) => `  ${name}\n`).join('')}`)
    .join('');
