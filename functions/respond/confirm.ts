import { consentOn } from '#shared/condition/consent.ts';
import { isOff, statements } from '#shared/contact/choices.ts';
import { pendingOn } from '#shared/contact/opt-in.ts';
import { derivedId } from '#shared/enrolment/ids.ts';
import type { Consent } from '#shared/event/event.ts';
import type { HttpResponse } from '#shared/http.ts';
import type { Instant } from '#shared/time/instant.ts';
import { postedFields } from './form.ts';
import { escaped } from './page.ts';
import type { RespondDeps } from './respond.ts';
import { type Said, sayIt } from './say-it.ts';
import { confirmedBy, isAtHome, type Known, plainPage, speechOf, spokenPage, type Visit } from './visit.ts';

/**
 * `/c/{token}`: the second word of a double opt-in. GET shows what waits and a button, and changes nothing, since mail
 * scanners follow every link; POST confirms at once what was shown. Whoever posts again gets the same answer.
 */
export async function confirm(visit: Visit, deps: RespondDeps): Promise<HttpResponse> {
  const { request, profile } = visit;
  if (!profile) return plainPage(200, visit, 'goneTitle', 'gone');
  const now = deps.clock.now();
  if (request.requestContext.http.method !== 'POST') return asked({ ...visit, profile }, now);
  const fields = postedFields(request);
  if (!fields) return plainPage(413, visit, 'refusedTitle', 'refused');
  if (fields.get('act') !== 'confirm') return plainPage(400, visit, 'refusedTitle', 'refused');
  return answered(fields.getAll('topic'), { ...visit, profile }, now, deps);
}

/** What this link can confirm. */
const waitingFor = (visit: Known, now: Instant): ReturnType<typeof pendingOn> =>
  isAtHome(visit) ? pendingOn(visit.profile, 'email', now) : [];

async function answered(
  topics: readonly string[],
  visit: Known,
  now: Instant,
  deps: RespondDeps,
): Promise<HttpResponse> {
  const { profile, settings } = visit;
  const waits = waitingFor(visit, now).filter(({ topic }) => topics.includes(topic));
  if (waits.length > 0) {
    const consents = wordsOf(waits, visit, now);
    const said: Said = {
      id: derivedId('confirmed', profile.contact, now, JSON.stringify(consents)),
      type: 'preferences.changed',
      at: now,
      consents,
      data: { channel: 'email', confirmed: waits.map(({ topic }) => topic) },
    };
    await sayIt(said, profile.contact, deps);
    deps.metrics.count('Confirmed', 1);
    return done(visit);
  }
  const isSo = topics.some((topic) => consentOn(profile, settings, 'email', topic) === 'granted');
  return isSo ? done(visit) : nothing(visit);
}

/**
 * A yes holds from when it was first said, so that a no between the two words stands, whenever it arrives. Of who had
 * wanted no advertising at all before, that is taken back, as on the page of preferences.
 */
function wordsOf(waits: ReturnType<typeof pendingOn>, visit: Known, confirmed: Instant): Consent[] {
  const { profile, settings } = visit;
  const { say, topic: nameOf } = speechOf(visit);
  const names = waits.map(({ topic }) => topic);
  const last =
    waits
      .map(({ at }) => at)
      .toSorted()
      .at(-1) ?? confirmed;
  const said = isOff(profile)
    ? statements({ on: names, wasOn: [], wasOff: true }, profile, settings)
    : names.map((topic) => ({ topic, state: 'granted' as const }));
  return said.map(({ topic, state }) => ({
    channel: 'email',
    topic,
    state,
    at: waits.find((one) => one.topic === topic)?.at ?? last,
    source: 'confirmation link',
    wording: `${say('confirmAsk')} ${nameOf(topic)}`.slice(0, 1000),
    ...(state === 'granted' && confirmedBy(visit, confirmed)),
  }));
}

function asked(visit: Known, now: Instant): HttpResponse {
  const { say, topic: nameOf } = speechOf(visit);
  const waits = waitingFor(visit, now);
  if (waits.length === 0) return nothing(visit);
  const items = waits.map(({ topic }) => `<li>${escaped(nameOf(topic))}</li>`);
  const shown = waits.map(({ topic }) => `<input type="hidden" name="topic" value="${escaped(topic)}">`);
  const form = `<form method="post">${shown.join('')}<button type="submit" name="act" value="confirm">${escaped(say('confirm'))}</button></form>`;
  return spokenPage(
    200,
    visit,
    'confirmTitle',
    `<p>${escaped(say('confirmAsk'))}</p><ul>${items.join('')}</ul>${form}<p>${escaped(say('confirmNot'))}</p>`,
  );
}

const done = (visit: Known): HttpResponse =>
  spokenPage(200, visit, 'confirmedTitle', `<p role="status">${escaped(speechOf(visit).say('confirmed'))}</p>`);

const nothing = (visit: Known): HttpResponse =>
  spokenPage(200, visit, 'nothingTitle', `<p>${escaped(speechOf(visit).say('nothing'))}</p>`);
