import { isDeepStrictEqual } from 'node:util';
import { segmentsKey, settingsKey, templatesKey } from '#shared/store/keys.ts';
import { compiledKey } from '#shared/template/library.ts';
import { MAIL, OTHERS, SEGMENT, SETTINGS } from '../plan/shop.ts';
import type { World } from '../world/world.ts';
import type { Ledger } from './ledger.ts';
import { settingsOf } from './limits.ts';

/** Of settings, a segment and a mail the last text is live that publish takes; what it refuses changes nothing. */
export function checkFiles(world: World, ledger: Ledger): void {
  const { texts } = world.shop;
  for (const file of [SETTINGS, SEGMENT, MAIL] as const) {
    const good = (texts[file] ?? []).slice(0, OTHERS[file].good);
    const should = ledger.uploads.get(file)?.findLast((text) => good.includes(text));
    if (should !== undefined && !IS[file](should, world))
      ledger.broken('of two uploads the newer wins', `${file} is not what was uploaded last`);
  }
}

/** By file: whether what is live was made of this text. */
const IS: Readonly<Record<keyof typeof OTHERS, (text: string, world: World) => boolean>> = {
  [SETTINGS]: (text, { table }) =>
    isDeepStrictEqual(settingsOf(String(table.read(settingsKey)?.['settings'])), settingsOf(text)),
  [SEGMENT]: (text, { table }) => {
    const { vip } = (table.read(segmentsKey)?.['segments'] ?? {}) as { vip?: { definition: unknown } };
    return isDeepStrictEqual(vip?.definition, JSON.parse(text));
  },
  [MAIL]: (text, { table, bucket }) => {
    const all = (table.read(templatesKey)?.['templates'] ?? {}) as Record<string, { hash: string }>;
    const compiled = bucket.versions.get(compiledKey(all['hello/email']?.hash ?? ''))?.at(-1) ?? '{}';
    return text.includes(`"subject": "${JSON.parse(compiled).subject}"`);
  },
};
