import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import * as z from 'zod';
import { BadInput, FaultyFile } from '#apps/cli/bad-input.ts';
import type { Streams } from '#apps/cli/commands/replay.ts';
import { isMail, sampleMail } from '#apps/cli/preview/mail.ts';
import { placeOf } from '#apps/cli/validate/read-folder.ts';
import { fileOf } from '#apps/cli/versions/sides.ts';
import { folderOr, isFileName, sayFolder } from '#apps/cli/which-folder.ts';
import { EXAMPLES } from '#apps/local/folder.ts';
import { type Numbers, numbersSchema } from '#shared/diagram/numbers.ts';
import { preview, WIDTH } from '#shared/diagram/picture.ts';
import { type Journey, journeySchema } from '#shared/journey/journey.ts';
import { holdAgainst } from '#shared/publish/explain.ts';
import { readFile } from '#shared/publish/parse.ts';
import { remarkLines } from '#shared/publish/print.ts';
import { hasErrors, inOrder, type Remark } from '#shared/publish/remarks.ts';
import { stepPlaces } from '#shared/publish/walk.ts';

const optionsSchema = z.object({
  folder: z.string().optional(),
  out: z.string().optional(),
  numbers: z.string().optional(),
  width: z.number().default(WIDTH),
  text: z.boolean().default(false),
  json: z.boolean().default(false),
});

/** `tropa preview`: draws a journey, to be read before it is published or shown to others. */
export function previewCommand(streams: Streams = { out: process.stdout, err: process.stderr }): Command {
  return new Command('preview')
    .description('Draw a journey as an SVG, and tell it in the terminal; or make a mail with its sample, as HTML.')
    .argument('<journey>', 'its file, as journeys/welcome.json, or its id; or a mail, as templates/hello/email.mjml')
    .option('--folder <dir>', "the shop's folder, for an id (default: this one, or the examples)")
    .option('--out <file>', 'where the picture goes (default: beside the journey, as .svg)')
    .option('--numbers <file>', 'JSON with entered, sent, clicked and inside by step, to be shown beside the steps')
    .option(
      '--width <px>',
      `arms are put below each other where the picture would be wider (default: ${WIDTH})`,
      pixels,
    )
    .option('--text', 'print the journey as a tree as well')
    .option('--json', 'print what was written as one line of JSON')
    .action(async (given: unknown, options: unknown) => {
      const [named, parsed] = [z.string().parse(given), optionsSchema.parse(options)];
      if (isMail(named)) await mail(named, parsed, streams);
      else draw(named, parsed, streams);
    });
}

/** Not beside its template: there an HTML file would pass for a mail that nobody reads. */
async function mail(file: string, { out: to, text, json }: z.infer<typeof optionsSchema>, { out, err }: Streams) {
  const { folder, file: key = '' } = placeOf(file);
  const { name, subject, ...made } = await sampleMail(folder, key);
  const html = to ?? `${name}.html`;
  if (resolve(html) === resolve(file)) throw new BadInput(`${html} is the template itself. Name another file.`);
  write(html, made.html);
  if (text) (json ? err : out).write(`${subject}\n\n${made.text}\n`);
  (json ? err : out).write(`${html}: “${subject}”, with the sample of ${file}\n`);
  if (json) out.write(`${JSON.stringify({ template: name, html, subject })}\n`);
}

function draw(named: string, options: z.infer<typeof optionsSchema>, { out, err }: Streams): void {
  err.write(sayFolder(named, options.folder) ?? '');
  const file = isFileName(named) ? named : fileOf(named, folderOr(options.folder));
  const journey = read(file, journeySchema, 'A journey');
  const numbers = options.numbers === undefined ? {} : numbersOf(options.numbers, journey, err);
  const svg = options.out ?? besides(file);
  if (resolve(svg) === resolve(file)) throw new BadInput(`${svg} is the journey itself. Name another file.`);
  const { svg: picture, text, ...size } = preview(journey, numbers, options.width);
  write(svg, picture);
  const words = options.json ? err : out;
  if (options.text) words.write(`${text}\n`);
  words.write(`${svg}: ${size.steps} steps, ${size.width} x ${size.height}\n`);
  if (options.json) out.write(`${JSON.stringify({ journey: journey.id, svg, ...size })}\n`);
}

/** Beside the journey; that of an example goes here, as nobody looks into what comes with Tropa. */
const besides = (file: string): string =>
  `${(file.startsWith(EXAMPLES) ? basename(file) : file).replace(/\.jsonc?$/, '')}.svg`;

function textOf(file: string): string {
  if (!existsSync(file)) throw new BadInput(`There is no ${file}.`);
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new BadInput(`${file} cannot be read: ${reasonOf(error)}.`, { cause: error });
  }
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new BadInput(`${file} cannot be written: ${reasonOf(error)}.`, { cause: error });
  }
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The file as its grammar has it. Throws FaultyFile with all that is wrong with it. */
function read<T>(file: string, schema: z.ZodType<T>, what: string): T {
  const source = readFile(textOf(file));
  if (source.value === undefined || hasErrors(source.remarks)) throw faulty(file, source.remarks);
  const { value, remarks } = holdAgainst(schema, source, what);
  if (value === undefined) throw faulty(file, remarks);
  return value;
}

const faulty = (file: string, remarks: readonly Remark[]): FaultyFile =>
  new FaultyFile([`${file}   NOT DRAWN.`, ...remarkLines(inOrder(remarks))].join('\n'));

/** Numbers of steps that the journey no longer has are named and left out. */
function numbersOf(file: string, journey: Journey, err: Streams['err']): Numbers {
  const numbers = read(file, numbersSchema, 'A file of numbers');
  const steps = new Set(stepPlaces(journey).map(({ step }) => step.id));
  const unknown = Object.keys(numbers).filter((id) => !steps.has(id));
  if (unknown.length > 0) err.write(`Not in the journey, and not drawn: ${unknown.join(', ')}.\n`);
  return numbers;
}

function pixels(written: string): number {
  const width = Number(written);
  if (Number.isInteger(width) && width >= 200 && width <= 20_000) return width;
  throw new InvalidArgumentError('Write a number of pixels from 200 to 20000.');
}
