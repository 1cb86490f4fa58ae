import { basename } from 'node:path';
import * as z from 'zod';
import { BadInput } from '#apps/cli/bad-input.ts';
import { readLines } from '#apps/cli/replay/lines.ts';
import { rowCountsSchema } from '#apps/cli/replay/stage.ts';
import { type Event, eventTypeSchema, identitiesSchema } from '#shared/event/event.ts';
import { canonicalInstantSchema } from '#shared/time/instant.ts';

/**
 * A prepared event file: JSON lines. The first says what the file is; each other is an event with its `contact`. Events
 * of one contact stand together, in order of time, so that whoever plays them holds one contact at a time.
 */

export const headSchema = z.strictObject({
  tropa: z.literal('events by contact'),
  version: z.literal(1),
  /** Where the events came from. */
  source: z.string(),
  contacts: z.int(),
  events: z.int(),
  first: canonicalInstantSchema,
  last: canonicalInstantSchema,
  rows: rowCountsSchema,
  /** What contacts were given consent for, since the source knows no consents. */
  topics: z.array(z.string()),
});
export type Head = z.infer<typeof headSchema>;

/** What the play relies on. The rest was checked when the file was prepared, and once more would cost half of the time. */
const lineSchema = z.object({
  id: z.string(),
  type: eventTypeSchema,
  at: canonicalInstantSchema,
  contact: z.string(),
  identities: identitiesSchema,
  data: z.looseObject({}),
});

/** The head of a prepared file; undefined when the file is something else. */
export async function headOf(file: string): Promise<Head | undefined> {
  for await (const [first = ''] of readLines(file, () => {})) return parsedHead(first, file);
  return undefined;
}

function parsedHead(line: string, file: string): Head | undefined {
  const written = jsonOf(line);
  const isOurs = typeof written === 'object' && written !== null && 'tropa' in written;
  if (!isOurs) return undefined;
  const { data } = headSchema.safeParse(written);
  if (!data)
    throw new BadInput(`"${basename(file)}" was prepared by another version of tropa. Prepare it again, by --prepare.`);
  return data;
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** One of several parts of a file, from 0 on: every `of`-th of its contacts. */
export type Share = { readonly part: number; readonly of: number };
const ALL: Share = { part: 0, of: 1 };

/**
 * The events of each contact of a share. Throws BadInput for a line of theirs that is no such event, and when the file
 * breaks off.
 */
export async function* contactsIn(file: string, { part, of }: Share = ALL): AsyncGenerator<readonly Event[]> {
  let head: Head | undefined;
  let contact: string | undefined;
  let contacts = 0;
  let own: Event[] = [];
  let count = 0;
  for await (const lines of readLines(file, () => {})) {
    for (const line of lines) {
      if (!head) {
        head = parsedHead(line, file);
        if (!head) throw new BadInput(`"${basename(file)}" is no prepared event file.`);
        continue;
      }
      if (line === '') continue;
      count += 1;
      const written = eventOf(line);
      if (count === 1 || written?.contact !== contact) {
        if (own.length > 0) yield own;
        own = [];
        contact = written?.contact;
        contacts += 1;
      }
      // Whoever plays another share looks at theirs.
      if ((contacts - 1) % of === part) own.push(checked(written, file, count));
    }
  }
  if (own.length > 0) yield own;
  if (count !== head?.events)
    throw new BadInput(`"${basename(file)}" has ${count} events, not ${head?.events}: prepare it again.`);
}

function checked(written: Event | undefined, file: string, number: number): Event {
  if (!written || !lineSchema.safeParse(written).success)
    throw new BadInput(`Line ${number + 1} of "${basename(file)}" is no event of a contact: prepare the file again.`);
  return written;
}

function eventOf(line: string): Event | undefined {
  try {
    const event: Event = JSON.parse(line);
    return event;
  } catch {
    return undefined;
  }
}
