import type { ShopFile } from '#apps/local/shop-files.ts';
import { readFile } from '#shared/publish/parse.ts';

/** Lists of names in the settings that journeys and templates speak of. */
const LISTS = ['topics', 'senders', 'traits', 'events'];

/** What a folder's own settings lack of an example's, among what its files name: to be added by hand. */
export function lacking(own: string, example: string, files: readonly ShopFile[]): Record<string, object> {
  const texts = files.filter(({ key }) => key !== 'settings.json').map(({ body }) => body);
  const isNamed = (name: string): boolean =>
    texts.some((body) => body.includes(`"${name}"`) || body.includes(`contact.${name}`));
  const lists = LISTS.flatMap((list): [string, object][] => {
    const known = Object.keys(member(readFile(own).value, list));
    const missing = Object.entries(member(readFile(example).value, list)).filter(
      ([name]) => !known.includes(name) && isNamed(name),
    );
    // A shop that declares no events takes every one that comes.
    const isOpen = known.length === 0 && list === 'events';
    return missing.length === 0 || isOpen ? [] : [[list, Object.fromEntries(missing)]];
  });
  return Object.fromEntries(lists);
}

function member(value: unknown, key: string): object {
  const found =
    typeof value === 'object' && value !== null ? Object.entries(value).find(([name]) => name === key)?.[1] : {};
  return typeof found === 'object' && found !== null ? found : {};
}
