import { basename } from 'node:path';
import { columnsOf, type Mapping } from '#apps/cli/replay/mapping-file.ts';
import { timeReader } from '#apps/cli/replay/moment.ts';
import { ordersOf, withRegistration } from '#apps/cli/replay/orders.ts';
import type { Fields, Input } from '#apps/cli/replay/rows.ts';
import {
  type Derived,
  eventId,
  type Placed,
  type Rejection,
  rounded,
  type Source,
  type Subject,
} from '#apps/cli/replay/source.ts';
import { textAt, valuesOf } from '#apps/cli/replay/values.ts';
import { type Event, eventTypeSchema, IDENTITY_KINDS, type Identities } from '#shared/event/event.ts';

/** Any CSV or JSONL file, by a mapping: each row is an event, or the rows with one id are its lines. */

type Data = Event['data'];

type Mapped = Subject & {
  readonly type: string;
  readonly id: string;
  readonly identities: Identities;
  readonly data: Data;
  readonly traits: Data;
  readonly item: Data;
};

export function mappedSource(files: readonly string[], mapping: Mapping, zone = mapping.zone ?? 'UTC'): Source<Mapped> {
  const time = timeReader(zone, typeof mapping.time === 'string' ? 'iso' : mapping.time.as);
  return {
    name: mapping.source,
    addresses: mapping.identities.email === undefined ? 'none' : 'own',
    consents: mapping.consents,
    inputs: files.map((file) => inputOf(file, mapping)),
    read: (fields, input, number) => readRow(fields, mapping, time, `${basename(input.file)}#${number}`),
    derive: (rows) => {
      const events = mapping.lines ? wholes(rows, mapping) : singles(rows, mapping);
      return mapping.firstIsRegistration === undefined ? events : withRegistration(events, mapping.firstIsRegistration);
    },
  };
}

function inputOf(file: string, mapping: Mapping): Input {
  const kind = mapping.format ?? (/\.(jsonl|ndjson)(\.gz)?$/i.test(file) ? 'jsonl' : 'csv');
  // Rows of JSONL may leave out what they do not have, so no column is required of them.
  if (kind === 'jsonl') return { file, format: { kind }, columns: [] };
  return { file, format: { kind, delimiter: mapping.delimiter ?? ',' }, columns: columnsOf(mapping) };
}

function readRow(
  fields: Fields,
  mapping: Mapping,
  time: (written: string) => string | undefined,
  fallback: string,
): Mapped | Rejection {
  const unwanted = Object.entries(mapping.where).some(([column, is]) => ![is].flat().includes(textAt(fields, column)));
  if (unwanted) return { reject: 'not-wanted' };
  const type = typeOf(fields, mapping.type);
  if (type === undefined) return { reject: 'unknown-type' };
  const at = time(textAt(fields, typeof mapping.time === 'string' ? mapping.time : mapping.time.column));
  if (at === undefined) return { reject: 'bad-time' };
  const identities = identitiesOf(fields, mapping.identities);
  const kind = IDENTITY_KINDS.find((one) => identities[one] !== undefined);
  if (kind === undefined) return { reject: 'no-customer' };
  const key = (mapping.id ?? []).map((column) => textAt(fields, column));
  if (key.some((part) => part === '')) return { reject: 'no-id' };
  const [data, traits, item] = [mapping.data, mapping.traits, mapping.lines?.items ?? {}].map((v) =>
    valuesOf(fields, v, mapping.decimal),
  );
  if (!data || !traits || !item) return { reject: 'bad-value' };
  const id = eventId(mapping.source, type, ...(mapping.id ? key : [fallback]));
  return { contact: `${kind}:${identities[kind]}`, at, type, id, identities, data, traits, item };
}

function typeOf(fields: Fields, type: Mapping['type']): string | undefined {
  if (typeof type === 'string') return type;
  const written = textAt(fields, type.column);
  if (type.values) return Object.hasOwn(type.values, written) ? type.values[written] : undefined;
  return eventTypeSchema.safeParse(written).data;
}

function identitiesOf(fields: Fields, columns: Mapping['identities']): Identities {
  const found = IDENTITY_KINDS.map((kind) => [kind, textAt(fields, columns[kind])]);
  return Object.fromEntries(found.filter(([, value]) => value !== ''));
}

function eventOf(row: Placed<Mapped>, source: string, data: Data): Event {
  const { id, type, at, identities, traits } = row;
  return { id, type, at, source, identities, data, ...(Object.keys(traits).length === 0 ? {} : { traits }) };
}

function* singles(rows: Iterable<Placed<Mapped>>, mapping: Mapping): Generator<Derived> {
  for (const row of rows) {
    yield { event: eventOf(row, mapping.source, row.data), place: row.place, uses: [row.place] };
  }
}

/** Data and traits are those of the row that closed the whole; `total` is reckoned unless the rows bring one. */
function* wholes(rows: Iterable<Placed<Mapped>>, mapping: Mapping): Generator<Derived> {
  for (const { lines, closing } of ordersOf(rows, (row) => row.id)) {
    const items = lines.map((line) => line.item);
    const total = rounded(items.reduce((sum, item) => sum + amount(item), 0));
    const event = eventOf(closing, mapping.source, { total, ...closing.data, items });
    yield { event, place: closing.place, uses: lines.map((line) => line.place) };
  }
}

function amount(item: Data): number {
  const { price, quantity = 1 } = item;
  return typeof price === 'number' && typeof quantity === 'number' ? price * quantity : 0;
}
