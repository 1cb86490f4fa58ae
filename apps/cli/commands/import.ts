import { basename } from 'node:path';
import { Argument, Command } from 'commander';
import * as z from 'zod';
import { BadInput } from '#apps/cli/bad-input.ts';
import { importEndpointsCommand } from '#apps/cli/commands/import-endpoints.ts';
import { importListCommand } from '#apps/cli/commands/import-list.ts';
import type { Streams } from '#apps/cli/commands/replay.ts';
import { type ImportReport, printImport } from '#apps/cli/import/print-import.ts';
import { placeIn, readJson } from '#apps/cli/import/read-json.ts';
import { IMPORTS, isTool, type ToolName } from '#apps/cli/import/sources.ts';
import { writeFiles, writeReport } from '#apps/cli/import/write-files.ts';
import type { RunList } from '#apps/cli/lists/list.ts';
import { oneOf } from '#apps/cli/one-of.ts';

const optionsSchema = z.object({ to: z.string(), json: z.boolean().default(false), force: z.boolean().default(false) });
const filesSchema = z.array(z.string()).min(1);
const UNREADABLE = 1;
const LOST = 2;

/** `tropa import`: journeys of another tool as files of this one, with a report of what could not be carried over; and lists. */
export function importCommand(
  list: RunList,
  streams: Streams = { out: process.stdout, err: process.stderr },
  exit: (code: number) => void = (code) => {
    process.exitCode = code;
  },
): Command {
  return (
    new Command('import')
      // What stands behind the name of a list is the list's.
      .enablePositionalOptions()
      .addCommand(importListCommand('contacts', list, streams, exit))
      .addCommand(importListCommand('consents', list, streams, exit))
      .addCommand(importListCommand('suppressions', list, streams, exit))
      .addCommand(importEndpointsCommand(streams, exit))
      .description(
        'Bring journeys over from another tool, saying place by place what cannot be carried over; or a list of contacts.',
      )
      .addArgument(oneOf(new Argument('<tool>', 'where they come from'), Object.keys(IMPORTS)))
      .argument('<file...>', 'what the tool exported, as JSON; several files belong together')
      .option('--to <dir>', 'folder for journeys/, segments/, templates/ and settings.json', '.')
      .option('--force', 'replace files that are there already')
      .option('--json', 'print the report as one line of JSON')
      .action((tool: unknown, given: unknown, options: unknown) => {
        const { json, ...how } = optionsSchema.parse(options);
        const name = z.string().refine(isTool).parse(tool);
        if (!isTool(name)) return;
        try {
          const report = runImport(name, filesSchema.parse(given), how);
          streams.out.write(`${json ? JSON.stringify(report) : printImport(report)}\n`);
          exit(report.counts.lost > 0 ? LOST : 0);
        } catch (error) {
          if (!(error instanceof BadInput)) throw error;
          streams.err.write(`${error.message}\n`);
          exit(UNREADABLE);
        }
      })
  );
}

function runImport(
  tool: ToolName,
  from: readonly string[],
  { to, force }: { to: string; force: boolean },
): ImportReport {
  const imported = IMPORTS[tool](readJson(from));
  const [first] = imported.files;
  if (!first) throw new BadInput(`There is no journey of ${tool} in ${from.join(', ')}.`);
  const remarks = imported.remarks.map((remark) => ({ ...remark, place: placeIn(from, remark.place) }));
  const count = (severity: string) => remarks.filter((remark) => remark.severity === severity).length;
  const path = `reports/import-${basename(first.path, '.json')}`;
  const files = writeFiles(to, imported.files, path, force);
  const counts = { lost: count('lost'), todo: count('todo'), changed: count('changed') };
  const report: ImportReport = { tool, from, files, counts, remarks };
  writeReport(to, path, `${printImport(report)}\n`, report);
  return report;
}
