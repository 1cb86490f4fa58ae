import { remembering } from './remember.ts';

/** Whether numbers are written somewhere as this locale says: a language, `pl`, or one with a country, `pl-PL` (BCP 47). */
export const isLocale: (text: string) => boolean = remembering((locale) => {
  try {
    return Intl.NumberFormat.supportedLocalesOf(locale).length > 0;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
});
