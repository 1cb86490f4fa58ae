import type { Profile } from '#shared/contact/profile.ts';
import { zoneOf } from '#shared/contact/zone.ts';
import type { Enrolment } from '#shared/enrolment/enrolment.ts';
import { Unprocessable } from '#shared/errors.ts';
import type { Message } from '#shared/message/message.ts';
import { recordFact, repeatFacts } from '#shared/message/record-fact.ts';
import { ownOf } from '#shared/own-of.ts';
import type { Mail } from '#shared/ports.ts';
import { addressOf } from '#shared/sending/address.ts';
import { type Flow, haltOf, trippedPart } from '#shared/sending/flow.ts';
import { withheld } from '#shared/sending/permission.ts';
import { providerOf } from '#shared/sending/provider.ts';
import { warmUpDay } from '#shared/sending/warm-up.ts';
import { loadEnrolment } from '#shared/store/enrolments.ts';
import { ContactFacts } from '#shared/store/facts.ts';
import { loadMessage } from '#shared/store/messages.ts';
import { emailHash, loadProfile, partsOf } from '#shared/store/profiles.ts';
import { asSaid } from '#shared/store/said.ts';
import { askAddress } from '#shared/store/suppressions.ts';
import { type Instant, plusMillis } from '#shared/time/instant.ts';
import { compose } from './compose.ts';
import { type Counting, isExpired, isStillOpen, type Opening, openingOf, type TableQuestion } from './opening.ts';
import { park, putOff } from './put-off.ts';
import { noteYielding, rivalOf, SETTLING } from './rivals.ts';
import type { SendDeps } from './send.ts';

export type Ready = {
  /** With the provider and the address that it goes to. */
  readonly message: Message;
  /** The passage that it was decided for, and the contacts whose word was asked: its own, and who else has the address. */
  readonly enrolment: Enrolment;
  readonly asked: readonly [Profile, ...Profile[]];
  readonly mail: Mail;
  readonly templateVersion: string;
  /** Set where a cap bears on it. */
  readonly counting?: Counting;
  /** Whether it may still go when its slot has come, by the clock and by its journey: of all else the claim makes sure. */
  readonly isOpen: (now: Instant) => Promise<boolean>;
};

/**
 * The mail of a queued message that may go now. One that may not is withheld here, with its reason; one whose lane stands
 * still is parked.
 */
export async function prepare(
  named: { readonly contact: string; readonly message: string },
  deps: SendDeps,
  flow: Flow = {},
): Promise<Ready | undefined> {
  const { table, clock } = deps;
  const message = await loadMessage(table, named.contact, named.message);
  // What an earlier attempt noted of it may not have reached the passage yet.
  if (message?.state === 'done') await repeatFacts(message, deps);
  if (message?.state !== 'queued') return undefined;
  const halt = haltOf(flow, message.lane, clock.now()) ?? (takesItsTurn(message, deps) ? 'warm-up' : undefined);
  // Nothing more is asked: there may be a million of them.
  const part = trippedPart(flow, { ...message, to: undefined });
  if ((halt || part) && !isExpired(message, clock.now())) {
    await park(message, halt ?? 'breaker', deps, halt ? undefined : part);
    return undefined;
  }
  const question = await questionOf(message, deps);
  const reason = question ? await question.facts.settle(() => withheld(question)) : 'left';
  if (reason || !question) {
    await recordFact(message, { fact: 'withheld', at: clock.now(), reason: reason ?? 'left' }, deps);
    return undefined;
  }
  const opening = await question.facts.settle(() => openingOf(question));
  if (opening.at !== question.now) {
    await holdBack(message, opening, deps);
    return undefined;
  }
  const yielded = await rivalOf(question, opening.counting, deps);
  if (yielded) {
    const later: Opening = { at: plusMillis(question.now, SETTLING), hold: 'cap' };
    if (await noteYielding(message, yielded, deps)) await holdBack(message, later, deps);
    return undefined;
  }
  try {
    const { enrolment, profile, alsoAsked } = question;
    const asked: Ready['asked'] = alsoAsked && alsoAsked.contact !== profile.contact ? [profile, alsoAsked] : [profile];
    const { counting } = opening;
    const composed = await compose(question, deps);
    const { to } = composed.mail;
    const placed: Message = { ...message, to: providerOf(to), address: emailHash(to) };
    const held = trippedPart(flow, placed);
    if (held) return void (await park(message, 'breaker', deps, held));
    const isOpen = (at: Instant) => isStillOpen(question, at, deps.published);
    return { message: placed, enrolment, asked, isOpen, ...(counting && { counting }), ...composed };
  } catch (error) {
    // What could not be read now can be read later.
    if (!(error instanceof Unprocessable)) throw error;
    // A text that cannot be made will not be makeable for the next contact either: an alarm says so, the row says why.
    deps.metrics.count('RenderFailed', 1, { journey: message.journey });
    deps.log.error(
      'a message could not be rendered',
      { journey: message.journey, step: message.step, template: message.template },
      error,
    );
    await recordFact(message, { fact: 'failed', at: clock.now(), reason: error.reason }, deps);
    return undefined;
  }
}

/** While a new domain is made known, marketing mails wait once for the next run of review, which chooses among them. */
const takesItsTurn = ({ lane, held }: Message, { warmUp, clock }: SendDeps): boolean =>
  lane === 'marketing' && held === undefined && warmUpDay(warmUp, clock.now()) !== undefined;

/** One that may go later, and in time, stays in the outbox until then; the others are withheld, with what held them. */
async function holdBack(message: Message, { at, hold }: Opening, deps: SendDeps): Promise<void> {
  const inTime = at !== undefined && (message.expiresAt === undefined || at <= message.expiresAt);
  if (inTime) return void (await putOff(message, at, deps, hold));
  await recordFact(message, { fact: 'withheld', at: deps.clock.now(), reason: hold ?? 'expired' }, deps);
}

/** Everything that the permission depends on, as it stands now; undefined when contact or passage are gone. */
async function questionOf(message: Message, { table, published, clock }: SendDeps): Promise<TableQuestion | undefined> {
  const [enrolment, recorded, settings, segments, catalogue] = await Promise.all([
    loadEnrolment(table, message),
    loadProfile(table, message.contact),
    published.settings(),
    published.segments(),
    published.catalogue(),
  ]);
  if (!enrolment || !recorded) return undefined;
  const now = clock.now();
  // Who has said no on a page a moment ago means this mail, too, though it is not recorded yet.
  const saidBy = (known: Profile): Promise<Profile> => asSaid(table, known, settings, now);
  const profile = await saidBy(recorded);
  // An edit may have moved the passage since: what it has heard is told in the words of its version.
  const journey = await published.version(message.journey, enrolment.version);
  const email = addressOf(enrolment, profile);
  const address = email === undefined ? undefined : await askAddress(table, 'email', emailHash(email));
  const sharing =
    address?.owner === undefined || address.owner === profile.contact
      ? undefined
      : await loadProfile(table, address.owner);
  return {
    message,
    enrolment,
    journey,
    status: ownOf(catalogue.journeys, message.journey)?.status,
    profile,
    suppressed: address?.suppressed ?? false,
    alsoAsked: sharing && (await saidBy(sharing)),
    settings,
    segments,
    facts: new ContactFacts(table, partsOf(profile)),
    now,
    zone: zoneOf(profile, settings),
  };
}
