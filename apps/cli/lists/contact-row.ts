import { isZone } from '#apps/cli/replay/moment.ts';
import { coerce } from '#shared/contact/coerce.ts';
import { isDerived } from '#shared/contact/derived.ts';
import { type Event, tagSchema } from '#shared/event/event.ts';
import { isLocale } from '#shared/locale.ts';
import { ownOf } from '#shared/own-of.ts';
import type { Settings } from '#shared/settings/settings.ts';
import {
  badTime,
  type Cells,
  idOf,
  isRefusal,
  PAST,
  type Problem,
  problem,
  type Reading,
  type Said,
  WHO,
  whoIn,
} from './row.ts';

const NO_TRAITS: ReadonlySet<string> = new Set([...WHO, 'createdAt', 'tags']);

/** A contact as the list knows them, and their registration where it says when that was. */
export function contact(cells: Cells, { settings, asOf, timeOf, now }: Reading): Said {
  const identities = whoIn(cells);
  if (isRefusal(identities)) return identities;
  const { createdAt, tags: tagged } = cells;
  const traits = Object.entries(cells).filter(([field]) => !NO_TRAITS.has(field));
  const tags = (tagged ?? '')
    .split(/[;|,]/)
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '');
  if (tags.length > 20 || tags.some((tag) => !tagSchema.safeParse(tag).success))
    return problem('bad-tag', 'Tags are parted by ";": 20 at most, each of 60 letters at most.');
  const since = createdAt === undefined ? undefined : timeOf(createdAt);
  if (createdAt !== undefined && (since === undefined || since > now)) return badTime('createdAt', createdAt);
  const values: Record<string, string | string[]> = {};
  for (const [path, written] of traits) {
    const value = traitOf(path, written, settings, timeOf);
    if (typeof value !== 'string') return value;
    values[path] = cellOf(settings, path, value);
  }
  const known: Event = {
    ...{ ...PAST, id: idOf('contact', identities, values, tags), type: 'contact.imported', at: asOf },
    ...{ identities, traits: values },
    ...(tags.length > 0 && { tags }),
  };
  if (since === undefined) return { events: [known] };
  return {
    events: [{ ...PAST, id: idOf('registration', identities), type: 'registration', at: since, identities }, known],
  };
}

/** A cell holds several values, parted by ";", where the settings say that the trait does. */
const cellOf = (settings: Settings, path: string, written: string): string | string[] =>
  /^(texts|numbers)$/.test(String(ownOf(settings.traits, path)))
    ? written.split(';').map((one) => one.trim())
    : written;

function traitOf(path: string, written: string, settings: Settings, timeOf: Reading['timeOf']): string | Problem {
  if (isDerived(settings, path))
    return problem('reckoned', `"${path}" is reckoned from events. Leave the column out: --map "...=-".`);
  if (path === 'timeZone' && !isZone(written))
    return problem('bad-time-zone', `"${written}" is no time zone, as "Europe/Warsaw".`);
  if (path === 'locale' && !isLocale(written.replaceAll('_', '-')))
    return problem('bad-locale', `"${written}" is no language, as "pl" or "pt-BR".`);
  if (path === 'locale') return written.replaceAll('_', '-');
  const declared = ownOf(settings.traits, path);
  const fits = (value: string) => coerce(settings, path, cellOf(settings, path, value)) !== undefined;
  if (fits(written)) return written;
  const day = declared === 'date' ? timeOf(written)?.slice(0, 10) : undefined;
  if (day !== undefined) return day;
  const how = declared === 'date' ? ' Write 1990-12-31, or say how dates are written: --dates day/month/year.' : '';
  return problem(
    'bad-value',
    `"${written}" in "${path}" is no ${String(declared ?? 'text of 300 letters at most')}.${how}`,
  );
}
