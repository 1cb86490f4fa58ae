import type { Profile } from '#shared/contact/profile.ts';
import type { HttpRequest } from '#shared/http.ts';
import { ownOf } from '#shared/own-of.ts';
import type { Settings } from '#shared/settings/settings.ts';
import { type Instant, toMillis } from '#shared/time/instant.ts';
import { type Language, WORDS, type Word } from './words.ts';

/** How a page speaks to one person. */
export type Speech = {
  readonly language: Language;
  readonly say: (word: Word, given?: Readonly<Record<string, string>>) => string;
  readonly topic: (topic: string) => string;
  readonly date: (at: Instant) => string;
};

type Asked = {
  readonly request: HttpRequest;
  readonly settings: Settings;
  readonly profile?: Profile | undefined;
  /** Of the mail that the link stands in. */
  readonly mail?: string | undefined;
};

/** In the language that the contact reads, else the mail's, the browser's, the shop's; English when no page speaks these. */
export function speechFor({ request, settings, profile, mail }: Asked): Speech {
  const wanted = [
    profile?.traits['locale'],
    mail,
    ...accepted(request.headers['accept-language']),
    settings.shop.locale,
  ];
  const language = wanted.map(languageOf).find((one) => one !== undefined) ?? 'en';
  const words = WORDS[language];
  const others = Object.values(settings.topics).some(({ kind }) => kind === 'marketing');
  return {
    language,
    say: (word, given = {}) => words[word].replaceAll(/\{(\w+)\}/g, (_, name: string) => ownOf(given, name) ?? ''),
    topic: (topic) =>
      topicName(topic, language, settings) ?? (topic === 'marketing' ? words[others ? 'others' : 'general'] : topic),
    date: (at) =>
      new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: settings.shop.timeZone }).format(toMillis(at)),
  };
}

function topicName(topic: string, language: string, settings: Settings): string | undefined {
  const names = ownOf(settings.topics, topic)?.name ?? {};
  const found = [language, settings.shop.locale, settings.shop.locale.split('-')[0] ?? ''].flatMap(
    (locale) => ownOf(names, locale) ?? [],
  );
  return found[0] ?? Object.values(names)[0];
}

function languageOf(locale: unknown): Language | undefined {
  if (typeof locale !== 'string') return undefined;
  const [language = ''] = locale.toLowerCase().split(/[-_]/);
  return isLanguage(language) ? language : undefined;
}

const isLanguage = (text: string): text is Language => Object.hasOwn(WORDS, text);

/** Best first. A header longer than any browser writes is cut off. */
function accepted(header = ''): string[] {
  return header
    .slice(0, 500)
    .split(',')
    .map((range) => {
      const [locale = '', weight] = range.trim().split(/;\s*q=/);
      return { locale, weight: weight === undefined ? 1 : Number(weight) || 0 };
    })
    .filter(({ weight }) => weight > 0)
    .toSorted((a, b) => b.weight - a.weight)
    .map(({ locale }) => locale);
}
