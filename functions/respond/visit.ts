import { addressHash } from '#shared/contact/address.ts';
import type { Profile } from '#shared/contact/profile.ts';
import type { Consent } from '#shared/event/event.ts';
import type { HttpRequest, HttpResponse } from '#shared/http.ts';
import type { LinkPayload } from '#shared/link/token.ts';
import type { Message } from '#shared/message/message.ts';
import type { Settings } from '#shared/settings/settings.ts';
import { emailHash } from '#shared/store/profiles.ts';
import type { Instant } from '#shared/time/instant.ts';
import { escaped, page } from './page.ts';
import { type Speech, speechFor } from './speech.ts';
import type { Word } from './words.ts';

/** Somebody who has followed a link, and what is known of them and the mail that it stands in. */
export type Visit = {
  readonly request: HttpRequest;
  readonly settings: Settings;
  readonly link: LinkPayload;
  readonly profile: Profile | undefined;
  readonly message: Message | undefined;
  /** Signs the links from page to page. */
  readonly secret: string;
};

/** Of whom something is still known. */
export type Known = Visit & { readonly profile: Profile };

/**
 * Whether the mail with this link went to where its contact is written to now. Whoever got it somewhere else may be another
 * person, and confirms nothing in the name of who has that address.
 */
export const isAtHome = ({ message, profile }: Pick<Visit, 'message' | 'profile'>): boolean => {
  const email = profile?.identities.email;
  return message?.address === undefined || email === undefined || message.address === emailHash(email);
};

export const speechOf = ({ request, settings, profile, message }: Omit<Visit, 'link' | 'secret'>): Speech =>
  speechFor({ request, settings, profile, mail: message?.locale });

/** How a yes is said that the holder of a link says: of a link to another address than today's it has still to be confirmed. */
export function confirmedBy(visit: Pick<Visit, 'message' | 'profile'>, at: Instant): Partial<Consent> {
  const address = visit.profile && addressHash(visit.profile);
  return isAtHome(visit) ? { confirmed: at, ...(address !== undefined && { address }) } : {};
}

type Asked = Pick<Visit, 'request' | 'settings'> & Partial<Visit>;

const speechTo = (asked: Asked): Speech => speechOf({ profile: undefined, message: undefined, ...asked });

/** A page in the language of whoever has asked. `main`: HTML. */
export function spokenPage(status: number, asked: Asked, title: Word, main: string): HttpResponse {
  const { language, say } = speechTo(asked);
  return page(status, { language, shop: asked.settings.shop.name, title: say(title), main });
}

/** A page that only says something. */
export const plainPage = (status: number, asked: Asked, title: Word, text: Word): HttpResponse =>
  spokenPage(status, asked, title, `<p>${escaped(speechTo(asked).say(text))}</p>`);
