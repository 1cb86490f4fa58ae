import { isOff, statements, topicsOn } from '#shared/contact/choices.ts';
import type { Profile } from '#shared/contact/profile.ts';
import type { Consent } from '#shared/event/event.ts';
import type { HttpResponse } from '#shared/http.ts';
import { linkPath } from '#shared/link/token.ts';
import { recordFact } from '#shared/message/record-fact.ts';
import { kindOfTopic } from '#shared/settings/settings.ts';
import { postedFields } from './form.ts';
import { escaped } from './page.ts';
import type { RespondDeps } from './respond.ts';
import { type Said, sayIt } from './say-it.ts';
import { confirmedBy, plainPage, speechOf, spokenPage, type Visit } from './visit.ts';
import type { Word } from './words.ts';

/**
 * `/u/{token}`: GET shows a button and changes nothing, since mail scanners follow every link; POST unsubscribes at once
 * (RFC 8058), without cookie, login or redirect. Whoever posts again gets the same answer. Mails about an order need no
 * consent and go on, so their link ends advertising, and says so.
 */
export async function unsubscribe(visit: Visit, deps: RespondDeps): Promise<HttpResponse> {
  if (visit.request.requestContext.http.method !== 'POST') return asked(visit);
  const fields = postedFields(visit.request);
  if (!fields) return plainPage(413, visit, 'refusedTitle', 'refused');
  if (fields.get('act') === 'undo') {
    if (visit.profile && !(await undo(visit, visit.profile, deps)))
      return plainPage(409, visit, 'refusedTitle', 'refused');
    return undone(visit);
  }
  // Nobody is left to write to: what the link asks for is so already.
  if (visit.profile) await withdraw(visit, visit.profile, fields.get('act') === 'unsubscribe', deps);
  return done(visit);
}

const isService = ({ settings, link }: Visit): boolean => kindOfTopic(settings, link.topic) === 'transactional';
const topicOf = (visit: Visit): string => (isService(visit) ? 'marketing' : visit.link.topic);

/** Says it of the mail's topic, or of all advertising. */
function spoken(visit: Visit, one: Word, all: Word): string {
  const { say, topic } = speechOf(visit);
  return topicOf(visit) === 'marketing' ? say(all) : say(one, { topic: topic(visit.link.topic) });
}

async function withdraw(visit: Visit, profile: Profile, byPage: boolean, deps: RespondDeps): Promise<void> {
  const { link, message } = visit;
  const now = deps.clock.now();
  const topic = topicOf(visit);
  const wording = byPage ? spoken(visit, 'ask', 'askAll') : 'List-Unsubscribe';
  const said: Said = {
    id: `${refusedElsewhere(profile, link) ? AGAIN : FIRST}:${link.message}:${now}`,
    type: 'unsubscribed',
    at: now,
    consents: [{ channel: 'email', topic, state: 'denied', at: now, source: 'unsubscribe link', wording }],
    data: { topic, channel: 'email' },
  };
  await sayIt(said, profile.contact, deps);
  deps.metrics.count('Unsubscribed', 1);
  if (message) await recordFact(message, { fact: 'unsubscribed', at: now }, deps);
}

const FIRST = 'unsubscribed';
/** Of who had said no to everything elsewhere already: that stands, whatever is taken back here. */
const AGAIN = 'unsubscribed-again';

const refusedElsewhere = (profile: Profile, { message }: Visit['link']): boolean =>
  isOff(profile) && !profile.consents['email']?.['marketing']?.event.startsWith(`${FIRST}:${message}:`);

/** To take the refusal of everything back would bring each old consent to life. */
const isHeldElsewhere = (visit: Visit, profile: Profile): boolean =>
  topicOf(visit) === 'marketing' && refusedElsewhere(profile, visit.link);

/** Takes it back for who has pressed the button by mistake. False when there is nothing of this link's to take back. */
async function undo(visit: Visit, profile: Profile, deps: RespondDeps): Promise<boolean> {
  const back = statementsBack(visit, profile);
  if (back.length === 0) return false;
  const now = deps.clock.now();
  const { say } = speechOf(visit);
  const how = { channel: 'email', at: now, source: 'unsubscribe link, taken back', wording: say('undo') } as const;
  const said: Said = {
    id: `resubscribed:${visit.link.message}:${now}`,
    type: 'preferences.changed',
    at: now,
    consents: back.map((statement) => ({
      ...how,
      ...statement,
      ...(statement.state === 'granted' && confirmedBy(visit, now)),
    })),
    data: { channel: 'email' },
  };
  await sayIt(said, profile.contact, deps);
  deps.metrics.count('Resubscribed', 1);
  return true;
}

/** Who gets a mail on a topic had agreed to it; of the mail about an order nobody knows, and nothing new is allowed. */
function statementsBack(visit: Visit, profile: Profile): Pick<Consent, 'topic' | 'state'>[] {
  if (isHeldElsewhere(visit, profile)) return [];
  if (isService(visit)) return [{ topic: 'marketing', state: 'unknown' }];
  const { topic } = visit.link;
  if (topic === 'marketing') return [{ topic, state: 'granted' }];
  const wasOn = topicsOn(profile, visit.settings).filter((one) => one !== topic);
  const said = statements({ on: [...wasOn, topic], wasOn, wasOff: false }, profile, visit.settings);
  // One that settings do not name any more has no box.
  return said.some((one) => one.topic === topic) ? said : [{ topic, state: 'granted' }];
}

const form = (act: string, text: string, kind = ''): string =>
  `<form method="post"><button type="submit" name="act" value="${act}"${kind && ` class="${kind}"`}>${escaped(text)}</button></form>`;

function around(visit: Visit, title: Word, parts: readonly string[]): HttpResponse {
  const { say } = speechOf(visit);
  const address = `..${linkPath({ ...visit.link, act: 'preferences' }, visit.secret)}`;
  const manage = `<p><a href="${escaped(address)}">${escaped(say('manage'))}</a></p>`;
  const main = [...parts, visit.profile ? manage : ''].join('\n');
  return spokenPage(200, visit, title, main);
}

function asked(visit: Visit): HttpResponse {
  const { say } = speechOf(visit);
  const text = `<p>${escaped(spoken(visit, 'ask', 'askAll'))} ${escaped(say('goesOn'))}</p>`;
  return around(visit, 'unsubscribe', [text, form('unsubscribe', say('unsubscribe'))]);
}

function done(visit: Visit): HttpResponse {
  const { say } = speechOf(visit);
  const text = `<p role="status">${escaped(spoken(visit, 'done', 'doneAll'))} ${escaped(say('goesOn'))}</p>`;
  const canUndo = visit.profile && !isHeldElsewhere(visit, visit.profile);
  return around(visit, 'doneTitle', [text, canUndo ? form('undo', say('undo'), 'quiet') : '']);
}

const undone = (visit: Visit): HttpResponse =>
  around(visit, 'undoneTitle', [`<p role="status">${escaped(spoken(visit, 'undone', 'undoneAll'))}</p>`]);
