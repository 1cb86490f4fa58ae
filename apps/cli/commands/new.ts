import { relative } from 'node:path';
import { Command } from 'commander';
import * as z from 'zod';
import type { Streams } from '#apps/cli/commands/replay.ts';
import { examples } from '#apps/cli/new/example.ts';
import { type Begun, begin } from '#apps/cli/new/write.ts';
import type { Journey } from '#shared/journey/journey.ts';

const optionsSchema = z.object({
  id: z.string().optional(),
  folder: z.string().default('.'),
  json: z.boolean().default(false),
});

/** `tropa new`: begins a journey with one of the examples, or says which there are. */
export function newCommand(streams: Streams = { out: process.stdout, err: process.stderr }): Command {
  return new Command('new')
    .description(
      'Begin a journey with one that is ready to use: the journey, its mails and its tests. Without a name: say which there are.',
    )
    .argument('[template]', 'which of them')
    .option('--id <id>', 'what the new journey is called (default: as the example)')
    .option('--folder <dir>', "the shop's folder", '.')
    .option('--json', 'print what was written as one line of JSON')
    .action((template: unknown, options: unknown) => {
      const { json, ...given } = optionsSchema.parse(options);
      const name = z.string().optional().parse(template);
      if (name === undefined) {
        const all = examples();
        streams.out.write(
          json
            ? `${JSON.stringify(all.map(({ id, name: title, note }) => ({ id, name: title, note })))}\n`
            : listed(all),
        );
        return;
      }
      const begun = begin({ template: name, ...given });
      streams.out.write(json ? `${JSON.stringify(begun)}\n` : printed(begun));
    });
}

function listed(journeys: readonly Journey[]): string {
  const width = Math.max(...journeys.map(({ id }) => id.length));
  const lines = journeys.map(({ id, note = '' }) => `  ${id.padEnd(width)}  ${firstSentence(note)}`);
  return `Journeys that are ready to use:\n\n${lines.join('\n')}\n\nnpx tropa new NAME --folder DIR writes one of them into your folder, with its mails and tests.\n`;
}

const firstSentence = (note: string): string => /^.*?[.!?](?=\s|$)/.exec(note)?.[0] ?? note;

function printed({ journey, folder, note, written, kept, settings }: Begun): string {
  const at = relative('.', folder) || '.';
  return [
    `Written into ${folder}:`,
    ...written.map((key) => `  ${key}`),
    ...(kept.length > 0 ? ['There already, and left as it was:', ...kept.map((key) => `  ${key}`)] : []),
    '',
    'Now make it yours:',
    ...(note === '' ? [] : [`  - journeys/${journey}.json: ${note}`]),
    '  - templates/: the texts, the links, the sender',
    ...settingsLines(settings, written.includes('settings.json')),
    '',
    'Then look at it, and set "status" to "live" when it is right:',
    `  npx tropa validate ${at}`,
    `  npx tropa test ${at}`,
    `  npx tropa preview ${at}/journeys/${journey}.json --text`,
    `  npx tropa simulate ${at}/journeys/${journey}.json`,
    '',
  ].join('\n');
}

function settingsLines(missing: Begun['settings'], isNew: boolean): string[] {
  if (isNew) return ['  - settings.json: name, address and zone of your shop, and its senders'];
  const lists = Object.entries(missing);
  if (lists.length === 0) return [];
  return [
    '  - settings.json: add to its lists',
    ...lists.flatMap(([list, members]) =>
      Object.entries(members).map(([name, value]) => `      ${list}: "${name}": ${JSON.stringify(value)}`),
    ),
  ];
}
