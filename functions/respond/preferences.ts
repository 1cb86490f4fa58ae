import { PAUSED_UNTIL, pausedUntil } from '#shared/contact/break.ts';
import { isOff, statements } from '#shared/contact/choices.ts';
import type { Profile } from '#shared/contact/profile.ts';
import { derivedId } from '#shared/enrolment/ids.ts';
import type { Consent } from '#shared/event/event.ts';
import type { HttpResponse } from '#shared/http.ts';
import { recordFact } from '#shared/message/record-fact.ts';
import type { Settings } from '#shared/settings/settings.ts';
import type { Shelf } from '#shared/store/journeys.ts';
import { withSaid } from '#shared/store/said.ts';
import type { Json } from '#shared/store/table.ts';
import { type Instant, plusMillis } from '#shared/time/instant.ts';
import { type Form, formOf, postedFields } from './form.ts';
import { FREQUENCY, frequenciesOffered, isFrequency, LOCALE, localesOffered } from './offers.ts';
import { preferencesMain } from './preferences-page.ts';
import type { RespondDeps } from './respond.ts';
import { sayIt } from './say-it.ts';
import { confirmedBy, type Known, plainPage, speechOf, spokenPage, type Visit } from './visit.ts';

const PAUSE = 30 * 86_400_000;

/** `/p/{token}`: what a contact wants to get, how often and in which language. GET shows it, POST saves it. */
export async function preferences(visit: Visit, deps: RespondDeps): Promise<HttpResponse> {
  const { request, profile } = visit;
  if (!profile) return plainPage(200, visit, 'goneTitle', 'gone');
  if (request.requestContext.http.method !== 'POST') return shown(visit, profile, false, deps);
  const fields = postedFields(request);
  if (!fields) return plainPage(413, visit, 'refusedTitle', 'refused');
  const form = formOf(fields);
  if (!form) return plainPage(400, visit, 'refusedTitle', 'refused');
  return shown(visit, await saved(form, { ...visit, profile }, deps), true, deps);
}

/** The contact as they are once this is recorded. */
async function saved(form: Form, visit: Known, deps: RespondDeps): Promise<Profile> {
  const { profile, settings, message } = visit;
  const now = deps.clock.now();
  const consents = wordsOf(form, visit, now);
  const traits = traitsOf(form, { profile, settings, templates: await deps.published.templates(), now });
  if (consents.length === 0 && Object.keys(traits).length === 0) return profile;
  const said = { traits, ...(consents.length > 0 && { consents }), data: { channel: 'email' } };
  const id = derivedId('preferences', profile.contact, now, JSON.stringify(said));
  const event = await sayIt({ id, type: 'preferences.changed', at: now, ...said }, profile.contact, deps);
  deps.metrics.count('PreferencesChanged', 1);
  if (form.act === 'off' && message) await recordFact(message, { fact: 'unsubscribed', at: now }, deps);
  return withSaid(profile, [event], settings);
}

/** What the form says of consent, in the words that the contact has read. */
function wordsOf(form: Form, visit: Known, at: Instant): Consent[] {
  const { profile, settings } = visit;
  const { say, topic: nameOf } = speechOf(visit);
  const how = { channel: 'email', at, source: 'preferences page' } as const;
  if (form.act === 'off')
    return isOff(profile) ? [] : [{ ...how, topic: 'marketing', state: 'denied', wording: say('off') }];
  if (form.act !== 'save') return [];
  const chosen = { on: form.topic, wasOn: form.wasTopic, wasOff: form.wasOff };
  return statements(chosen, profile, settings).map(({ topic, state }) => ({
    ...how,
    topic,
    state,
    // The link came by mail: whoever holds it has the address that it went to.
    ...(state === 'granted' && confirmedBy(visit, at)),
    wording: `${say('topics')} ${nameOf(topic)}`.slice(0, 1000),
  }));
}

type Offered = {
  readonly profile: Profile;
  readonly settings: Settings;
  readonly templates: Shelf['templates'];
  readonly now: Instant;
};

/** What the form changes beside consent. Whoever posts a pause twice has paused once. */
function traitsOf(form: Form, { profile, settings, templates, now }: Offered): Record<string, Json> {
  const isPaused = pausedUntil(profile, now) !== undefined;
  if (form.act === 'pause') return isPaused ? {} : { [PAUSED_UNTIL]: plusMillis(now, PAUSE) };
  if (form.act === 'resume') return isPaused ? { [PAUSED_UNTIL]: null } : {};
  if (form.act === 'off') return {};
  const { frequency, wasFrequency, locale, wasLocale } = form;
  const isOffered = frequency !== undefined && frequenciesOffered(settings).length > 0;
  return {
    ...(isOffered && frequency !== wasFrequency && frequency === '' && { [FREQUENCY]: null }),
    ...(isOffered && frequency !== wasFrequency && isFrequency(frequency) && { [FREQUENCY]: frequency }),
    ...(locale !== undefined &&
      locale !== wasLocale &&
      localesOffered(templates).includes(locale) && { [LOCALE]: locale }),
  };
}

async function shown(visit: Visit, profile: Profile, saved: boolean, deps: RespondDeps): Promise<HttpResponse> {
  // Who has just chosen another language reads it here at once.
  const known = { ...visit, profile };
  const locales = localesOffered(await deps.published.templates());
  const { settings } = visit;
  const given = { profile, settings, locales, speech: speechOf(known), now: deps.clock.now(), saved };
  return spokenPage(200, known, 'title', preferencesMain(given));
}
