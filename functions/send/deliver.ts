import { ConditionFailed, Conflict, MailAmbiguous, MailDeferred, MailRejected } from '#shared/errors.ts';
import type { Message } from '#shared/message/message.ts';
import { recordFact } from '#shared/message/record-fact.ts';
import { slowed } from '#shared/sending/flow.ts';
import { loadCounted, putCounted } from '#shared/store/caps.ts';
import { checkPassage } from '#shared/store/enrolments.ts';
import { changeFlow, loadFlow } from '#shared/store/flow.ts';
import { claimMessage, releaseMessage } from '#shared/store/messages.ts';
import { checkProfile, emailHash } from '#shared/store/profiles.ts';
import { checkNotSuppressed } from '#shared/store/suppressions.ts';
import { type Instant, plusMillis, toMillis } from '#shared/time/instant.ts';
import type { Ready } from './prepare.ts';
import type { SendDeps } from './send.ts';

const ATTEMPTS = 5;

/** When a mail that the provider deferred is tried again: after as long as it has waited already, within these. */
const RETRY = { soonest: 5 * 60_000, latest: 60 * 60_000 } as const;

function retryAt({ queuedAt }: Message, now: Instant): Instant {
  const waited = toMillis(now) - toMillis(queuedAt);
  return plusMillis(now, Math.min(Math.max(waited, RETRY.soonest), RETRY.latest));
}

/**
 * Claims a message that may go and makes one attempt. From the claim on nobody else will try. `again` asks anew whether
 * it may go. Whether SES has said that it takes no mail now, of anybody.
 */
export async function deliver(first: Ready, again: () => Promise<Ready | undefined>, deps: SendDeps): Promise<boolean> {
  let ready: Ready | undefined = first;
  for (let attempt = 0; ready && attempt < ATTEMPTS; attempt += 1) {
    const claimedAt = deps.clock.now();
    const answer = await claim(ready, claimedAt, deps);
    if (answer === 'taken') return false;
    if (answer === 'claimed') return handOver(ready, claimedAt, deps);
    await deps.clock.sleep(20 * 2 ** attempt);
    ready = await again();
  }
  if (ready) throw new Conflict(`message ${first.message.id} met other writers ${ATTEMPTS} times`);
  return false;
}

/**
 * `taken`: another attempt has it. `moved`: the passage has heard something since it was asked whether the message may
 * go, a contact whose word counts has changed, or the address was suppressed, so that it must be asked again: what is recorded before the
 * claim still stops the mail.
 */
async function claim(
  { message, enrolment, asked, mail, counting }: Ready,
  now: Instant,
  { table, claimant }: SendDeps,
): Promise<'claimed' | 'taken' | 'moved'> {
  try {
    await table.transact([
      claimMessage(message, claimant, now),
      checkPassage(enrolment),
      ...asked.map(checkProfile),
      checkNotSuppressed('email', emailHash(mail.to)),
      ...(counting ? [putCounted(asked[0].contact, counting.after(now), counting.before)] : []),
    ]);
    return 'claimed';
  } catch (error) {
    if (error instanceof Conflict) return 'moved';
    if (error instanceof ConditionFailed) return error.failed.includes(0) ? 'taken' : 'moved';
    throw error;
  }
}

async function handOver(ready: Ready, claimedAt: Instant, deps: SendDeps): Promise<boolean> {
  const { message, mail, templateVersion } = ready;
  let providerId: string;
  try {
    providerId = (await deps.mailer.send(mail)).id;
  } catch (error) {
    await refused(ready, claimedAt, error, deps);
    return error instanceof MailDeferred && error.about !== undefined;
  }
  await recordFact(message, { fact: 'sent', at: deps.clock.now(), providerId, templateVersion }, deps);
  return false;
}

async function refused(ready: Ready, claimedAt: Instant, error: unknown, deps: SendDeps): Promise<void> {
  const { message } = ready;
  const { clock, metrics, log } = deps;
  // What has not gone counts for no cap; of what may have gone nobody knows.
  if (error instanceof MailRejected || error instanceof MailDeferred) await uncount(ready, claimedAt, deps);
  if (error instanceof MailRejected) {
    metrics.count('MailRejected', 1, { code: error.code });
    await recordFact(message, { fact: 'failed', at: clock.now(), reason: error.code }, deps);
  } else if (error instanceof MailDeferred) {
    metrics.count('MailDeferred', 1, { code: error.code });
    if (error.about) await noteOnAll(error, deps);
    // What was not about this mail makes it wait no longer than the others.
    const again = error.about ? clock.now() : retryAt(message, clock.now());
    await deps.table.write(releaseMessage(message, claimedAt, again));
  } else {
    // It may have gone. The claim stays, and review decides when its lease is over.
    const known = error instanceof MailAmbiguous;
    metrics.count('MailAmbiguous', 1);
    log.error('nobody knows whether a mail was taken', { message: message.id, lane: message.lane, known }, error);
  }
}

/** What SES has said to one mail and means for all: everybody who sends reads it with the next slots. */
async function noteOnAll({ about, code }: MailDeferred, { table, clock, rate }: SendDeps): Promise<void> {
  const at = clock.now();
  if (about === 'account') await table.write(changeFlow({ setIfAbsent: [[['stopped'], { at, reason: code }]] }));
  if (about === 'quota') await table.write(changeFlow({ setIfAbsent: [[['full'], { at }]] }));
  const slow = about === 'rate' ? slowed(await loadFlow(table), rate, at) : undefined;
  if (slow) await table.write(changeFlow({ set: [[['slow'], slow]] }));
}

/** Best effort: if it fails, the contact gets a mail less, and none too many. */
async function uncount(
  { message, asked: [{ contact }], counting }: Ready,
  claimedAt: Instant,
  { table, log }: SendDeps,
): Promise<void> {
  if (!counting) return;
  try {
    const row = await loadCounted(table, contact);
    await table.write(putCounted(contact, counting.undo(row, claimedAt), row));
  } catch (error) {
    log.error('a mail that did not go stays counted', { message: message.id }, error);
  }
}
