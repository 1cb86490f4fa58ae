import * as z from 'zod';
import { zoneOf } from '#shared/contact/zone.ts';
import type { Enrolment } from '#shared/enrolment/enrolment.ts';
import { hint, refOf } from '#shared/enrolment/hints.ts';
import { Unprocessable } from '#shared/errors.ts';
import type { Message } from '#shared/message/message.ts';
import { type FactDeps, recordFact } from '#shared/message/record-fact.ts';
import type { Clock, Mail, Mailer } from '#shared/ports.ts';
import { loadEnrolment } from '#shared/store/enrolments.ts';
import { ContactFacts } from '#shared/store/facts.ts';
import { loadMessage } from '#shared/store/messages.ts';
import { emailHash, loadProfile } from '#shared/store/profiles.ts';
import { isSuppressed } from '#shared/store/suppressions.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { type ComposeDeps, compose } from './compose.ts';
import { deliver } from './deliver.ts';
import { reserve, until } from './pace.ts';
import { type SendQuestion, withheld } from './permission.ts';

export type SendDeps = FactDeps &
  ComposeDeps & {
    readonly clock: Clock;
    readonly mailer: Mailer;
    /** Mails a second that the account may send. */
    readonly rate: number;
    /** Names this attempt in the claim. */
    readonly claimant: string;
  };

const hintSchema = z.object({ contact: z.string(), message: z.string() });

export type Ready = {
  readonly message: Message;
  /** The passage that it was decided for. */
  readonly enrolment: Enrolment;
  readonly mail: Mail;
  readonly templateVersion: string;
};

/**
 * Works off a batch of hints from the outbox: decides for each whether it may go, takes consecutive sending slots for
 * those that may, and makes one attempt each. Positions of the hints that are to come again: those whose rows could not
 * be read or written. The claim keeps one that may have been sent from being sent again.
 */
export async function send(hints: readonly unknown[], deps: SendDeps): Promise<number[]> {
  const failed: number[] = [];
  const ready: { at: number; item: Ready }[] = [];
  for (const [at, body] of hints.entries()) {
    await attempt(at, failed, deps, async () => {
      const item = await prepare(hintSchema.parse(body), deps);
      if (item) ready.push({ at, item });
    });
  }
  if (ready.length === 0) return failed;
  const first = await reserve(deps.table, deps.clock, ready.length, deps.rate);
  for (const [i, { at, item }] of ready.entries()) {
    await until(deps.clock, plusMillis(first, (i * 1000) / deps.rate));
    const { contact, id: message } = item.message;
    await attempt(at, failed, deps, () => deliver(item, () => prepare({ contact, message }, deps), deps));
  }
  return failed;
}

async function attempt(at: number, failed: number[], deps: SendDeps, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    failed.push(at);
    deps.log.error('a message could not be worked on; its hint comes again', { position: at }, error);
  }
}

/** The mail of a queued message that may go now. One that may not is withheld here, with its reason. */
async function prepare(named: z.infer<typeof hintSchema>, deps: SendDeps): Promise<Ready | undefined> {
  const { table, clock } = deps;
  const message = await loadMessage(table, named.contact, named.message);
  // What an earlier attempt noted of it may not have reached the passage yet.
  if (message?.state === 'done') await hint(refOf(message), deps);
  if (message?.state !== 'queued') return undefined;
  const question = await questionOf(message, deps);
  const reason = question ? await question.facts.settle(() => withheld(question)) : 'left';
  if (reason || !question) {
    await recordFact(message, { fact: 'withheld', at: clock.now(), reason: reason ?? 'left' }, deps);
    return undefined;
  }
  try {
    return { message, enrolment: question.enrolment, ...(await compose(question, deps)) };
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

/** Everything that the permission depends on, as it stands now; undefined when contact or passage are gone. */
async function questionOf(message: Message, { table, published, clock }: SendDeps): Promise<SendQuestion | undefined> {
  const [enrolment, profile, settings, catalogue, journey] = await Promise.all([
    loadEnrolment(table, message),
    loadProfile(table, message.contact),
    published.settings(),
    published.catalogue(),
    published.version(message.journey, message.version),
  ]);
  if (!enrolment || !profile) return undefined;
  const { email } = profile.identities;
  return {
    message,
    enrolment,
    journey,
    status: catalogue.journeys[message.journey]?.status,
    profile,
    suppressed: email !== undefined && (await isSuppressed(table, 'email', emailHash(email))),
    settings,
    facts: new ContactFacts(table, profile.contact),
    now: clock.now(),
    zone: zoneOf(profile, settings),
  };
}
