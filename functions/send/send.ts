import * as z from 'zod';
import { zoneOf } from '#shared/contact/zone.ts';
import { ConditionFailed, MailAmbiguous, MailDeferred, MailRejected } from '#shared/errors.ts';
import type { Message } from '#shared/message/message.ts';
import { type FactDeps, recordFact } from '#shared/message/record-fact.ts';
import type { Clock, Mail, Mailer } from '#shared/ports.ts';
import { loadEnrolment } from '#shared/store/enrolments.ts';
import { ContactFacts } from '#shared/store/facts.ts';
import { claimMessage, loadMessage, releaseMessage } from '#shared/store/messages.ts';
import { emailHash, loadProfile } from '#shared/store/profiles.ts';
import { isSuppressed } from '#shared/store/suppressions.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { type ComposeDeps, compose } from './compose.ts';
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

/** When a mail that the provider deferred is tried again. */
const RETRY_AFTER = 5 * 60_000;

type Ready = { readonly message: Message; readonly mail: Mail; readonly templateVersion: string };

/**
 * Works off a batch of hints from the outbox: decides for each whether it may go, takes consecutive sending slots for
 * those that may, and makes one attempt each. Positions of the hints that are to come again; they are those whose rows
 * could not be read or written, never those that may have been sent.
 */
export async function send(hints: readonly unknown[], deps: SendDeps): Promise<number[]> {
  const failed: number[] = [];
  const ready: { at: number; item: Ready }[] = [];
  for (const [at, hint] of hints.entries()) {
    await attempt(at, failed, deps, async () => {
      const item = await prepare(hintSchema.parse(hint), deps);
      if (item) ready.push({ at, item });
    });
  }
  if (ready.length === 0) return failed;
  const first = await reserve(deps.table, deps.clock, ready.length, deps.rate);
  for (const [i, { at, item }] of ready.entries()) {
    await until(deps.clock, plusMillis(first, (i * 1000) / deps.rate));
    await attempt(at, failed, deps, () => deliver(item, deps));
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
async function prepare(hint: z.infer<typeof hintSchema>, deps: SendDeps): Promise<Ready | undefined> {
  const { table, clock } = deps;
  const message = await loadMessage(table, hint.contact, hint.message);
  if (message?.state !== 'queued') return undefined;
  const question = await questionOf(message, deps);
  const reason = question ? await question.facts.settle(() => withheld(question)) : 'left';
  if (reason || !question) {
    await recordFact(message, { fact: 'withheld', at: clock.now(), reason: reason ?? 'left' }, deps);
    return undefined;
  }
  try {
    return { message, ...(await compose(question, deps)) };
  } catch (error) {
    // A text that cannot be made will not be makeable for the next contact either: an alarm says so, the row says why.
    deps.metrics.count('RenderFailed', 1, { journey: message.journey });
    deps.log.error(
      'a message could not be rendered',
      { journey: message.journey, step: message.step, template: message.template },
      error,
    );
    await recordFact(message, { fact: 'failed', at: clock.now(), reason: 'render' }, deps);
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

/** Claims the message and makes one attempt. From the claim on nobody else will try. */
async function deliver({ message, mail, templateVersion }: Ready, deps: SendDeps): Promise<void> {
  const { table, clock, mailer } = deps;
  try {
    await table.write(claimMessage(message, deps.claimant, clock.now()));
  } catch (error) {
    // Another attempt has it.
    if (error instanceof ConditionFailed) return;
    throw error;
  }
  try {
    const { id } = await mailer.send(mail);
    await recordFact(message, { fact: 'sent', at: clock.now(), providerId: id, templateVersion }, deps);
  } catch (error) {
    await refused(message, error, deps);
  }
}

async function refused(message: Message, error: unknown, deps: SendDeps): Promise<void> {
  const { clock, metrics, log } = deps;
  if (error instanceof MailRejected) {
    metrics.count('MailRejected', 1, { code: error.code });
    await recordFact(message, { fact: 'failed', at: clock.now(), reason: error.code }, deps);
  } else if (error instanceof MailDeferred) {
    metrics.count('MailDeferred', 1, { code: error.code });
    await deps.table.write(releaseMessage(message, plusMillis(clock.now(), RETRY_AFTER)));
  } else {
    // It may have gone. The claim stays, and review decides when its lease is over.
    const known = error instanceof MailAmbiguous;
    metrics.count('MailAmbiguous', 1);
    log.error('nobody knows whether a mail was taken', { message: message.id, lane: message.lane, known }, error);
  }
}
