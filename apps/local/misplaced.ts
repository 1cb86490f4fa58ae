import { nearest } from '#shared/publish/did-you-mean.ts';
import { isOurs } from './shop-files.ts';

/** Names that look like a file of a shop, whatever stands behind. */
const LOOKS_OURS = /\.(jsonc?|mjml|html?|liquid|csv)(\.txt)?$/i;
/** What editors and browsers leave behind while they save. */
const LEFT_BEHIND = /(~|\.(swp|bak|tmp|orig|part|crdownload)|^(package|package-lock|tsconfig|biome)\.json)$/i;
const FOLDERS = ['journeys', 'templates', 'segments', 'pools'] as const;

/**
 * Where a file belongs that looks like the shop's and that nobody reads, as a sentence; undefined for the shop's own
 * files, and for those that are none.
 */
export function belongsElsewhere(key: string): string | undefined {
  const parts = key.split('/');
  const name = parts.at(-1) ?? '';
  if (isOurs(key) || LEFT_BEHIND.test(name) || !LOOKS_OURS.test(name)) return undefined;
  const [folder = ''] = parts;
  if (parts.length === 1) return inTheRoot(name);
  if (/^tests?$/i.test(folder)) return test(parts.slice(1, -1), name);
  const meant = nearest(folder, FOLDERS);
  if (meant === 'templates') return template(parts.slice(1, -1), name);
  if (meant === 'pools') return `Codes of a pool lie at pools/${plain(name).toLowerCase()}.csv.`;
  if (meant === 'segments') return `A segment lies at segments/${jsonName(name)}.`;
  return meant && `A journey lies at journeys/${jsonName(name)}.`;
}

/** The line that is printed of it. */
export const notRead = (key: string): string | undefined => {
  const where = belongsElsewhere(key);
  return where && `${key}   NOT READ: ${where}\n`;
};

function inTheRoot(name: string): string | undefined {
  if (/\.csv(\.txt)?$/i.test(name)) return undefined;
  if (!/\.jsonc?(\.txt)?$/i.test(name)) return `A mail lies at templates/${plain(name).toLowerCase()}/email.mjml.`;
  const isSettings = nearest(plain(name), ['settings']) !== undefined;
  return isSettings ? 'The settings lie at settings.json.' : `A journey lies at journeys/${jsonName(name)}.`;
}

function test(folders: readonly string[], name: string): string | undefined {
  if (!/\.jsonc?(\.txt)?$/i.test(name)) return undefined;
  const id = plain(name).replace(/[._-]?tests?$/i, '') || 'NAME';
  return `Tests lie at ${['tests', ...folders, `${id.toLowerCase()}.test.json`].join('/')}.`;
}

function template(folders: readonly string[], name: string): string {
  const id = folders.length === 0 ? plain(name).toLowerCase() : folders.join('/');
  const file = folders.length === 0 ? 'email.mjml' : `${plain(name).toLowerCase()}.mjml`;
  return `A mail is written in MJML and lies at templates/${id}/${file}.`;
}

/** Without its endings. */
const plain = (name: string): string => name.replace(LOOKS_OURS, '');

/** As a journey's file may be named: its id, in small letters at the beginning, and `.json`. */
const jsonName = (name: string): string =>
  `${plain(name).toLowerCase()}${/\.jsonc(\.txt)?$/i.test(name) ? '.jsonc' : '.json'}`;
