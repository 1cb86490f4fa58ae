import type { Profile } from '#shared/contact/profile.ts';
import type { Settings } from '#shared/settings/settings.ts';
import type { Json } from '#shared/store/table.ts';
import type { Instant } from '#shared/time/instant.ts';
import type { RenderScope } from './render.ts';

type Fields = Readonly<Record<string, Json>>;

/** One level of flat paths made a level of names: `name.first` and `name.last` become `name: { first, last }`. */
export function nest(flat: Fields): Fields {
  const groups = new Map<string, Map<string, Json>>();
  const plain = new Map<string, Json>();
  for (const [path, value] of Object.entries(flat)) {
    const dot = path.indexOf('.');
    if (dot < 0) plain.set(path, value);
    else {
      const name = path.slice(0, dot);
      groups.set(name, (groups.get(name) ?? new Map()).set(path.slice(dot + 1), value));
    }
  }
  const nested = [...groups].map(([name, inner]): [string, Json] => [name, nest(Object.fromEntries(inner))]);
  // A trait `name` beside `name.first` wins: it is what a template that prints `contact.name` means.
  return Object.fromEntries([...nested, ...plain]);
}

const withoutUndefined = (fields: Readonly<Record<string, Json | undefined>>): Fields =>
  Object.fromEntries(Object.entries(fields).filter((field): field is [string, Json] => field[1] !== undefined));

/** What the templates of one message can print. `at` is the moment of sending, which `now` means in a template. */
export function scopeOf(given: {
  readonly profile: Pick<Profile, 'traits' | 'identities' | 'tags'>;
  readonly settings: Settings;
  readonly trigger: Fields;
  readonly steps: Readonly<Record<string, Fields>>;
  readonly data: Fields;
  readonly message: {
    readonly id: string;
    readonly unsubscribeUrl: string;
    readonly preferencesUrl?: string;
    /** Where the contact confirms what they have signed up for: of mails on transactional topics. */
    readonly confirmUrl?: string;
    /** Where the mail can be read in a browser. */
    readonly viewUrl?: string;
    readonly locale?: string;
    readonly at: Instant;
  };
}): RenderScope {
  const { profile, settings, message } = given;
  const { name, timeZone, locale, currency, address, url } = settings.shop;
  return {
    contact: { ...nest(profile.traits), ...withoutUndefined(profile.identities), tags: profile.tags },
    trigger: given.trigger,
    steps: given.steps,
    data: given.data,
    shop: withoutUndefined({ name, timeZone, locale, currency, address, url }),
    message: withoutUndefined({
      id: message.id,
      unsubscribe_url: message.unsubscribeUrl,
      preferences_url: message.preferencesUrl,
      confirm_url: message.confirmUrl,
      view_url: message.viewUrl,
      locale: message.locale,
      at: message.at,
    }),
  };
}
