import { walk } from '#shared/condition/leaves.ts';
import type { Profile } from '#shared/contact/profile.ts';
import { isLocale } from '#shared/locale.ts';
import type { Settings } from '#shared/settings/settings.ts';
import type { Shelf } from '#shared/store/journeys.ts';
import { WORDS } from './words.ts';

/** What the page of preferences offers beside topics. */

export const FREQUENCY = 'frequency';
export const LOCALE = 'locale';
const FREQUENCIES = ['daily', 'few-a-week', 'weekly'] as const;
export type Frequency = (typeof FREQUENCIES)[number];

/** Whether a cap asks how often somebody wants mail: without one, a choice would change nothing. */
const capsAsk = ({ caps }: Settings): boolean =>
  caps.some((cap) => cap.if && [...walk(cap.if)].some((leaf) => 'trait' in leaf && leaf.trait === FREQUENCY));

export const frequenciesOffered = (settings: Settings): readonly Frequency[] => (capsAsk(settings) ? FREQUENCIES : []);

export const isFrequency = (text: string): text is Frequency => FREQUENCIES.some((one) => one === text);

/** Languages that a page or a mail speaks. */
export function localesOffered(templates: Shelf['templates']): readonly string[] {
  const ofMails = Object.keys(templates).flatMap((key) => /^[^/]+\/email\.(.+)$/.exec(key)?.[1] ?? []);
  return [...new Set([...Object.keys(WORDS), ...ofMails.filter(isLocale)])].sort();
}

/** The one of them in which the contact is written to. */
export function localeNow({ traits }: Profile, offered: readonly string[], settings: Settings): string | undefined {
  const said = traits[LOCALE];
  const wanted = [typeof said === 'string' ? said : settings.shop.locale, settings.shop.locale];
  return wanted.flatMap((locale) => [locale, locale.split('-')[0] ?? '']).find((locale) => offered.includes(locale));
}
