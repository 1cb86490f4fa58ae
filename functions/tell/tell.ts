import * as z from 'zod';
import { Conflict, MailDeferred, MailRejected, Unprocessable } from '#shared/errors.ts';
import { ownOf } from '#shared/own-of.ts';
import type { Bucket, Clock, Log, Mail, Mailer, Metrics, Queue } from '#shared/ports.ts';
import { journeyOfFile } from '#shared/publish/outcome.ts';
import { print, type Report, verdict } from '#shared/publish/print.ts';
import { hasErrors } from '#shared/publish/remarks.ts';
import { reportKey, storedReportSchema } from '#shared/publish/stored-report.ts';
import { type HaltHint, haltHintSchema, haltMail, nameOfHalt } from '#shared/sending/announce-halt.ts';
import { authorOf, type Settings } from '#shared/settings/settings.ts';
import type { Published } from '#shared/store/published.ts';
import type { Table } from '#shared/store/table.ts';
import { dropTold, loadTold, putTold, type Told } from '#shared/store/told.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { waitForTurn } from './turn.ts';

export type TellDeps = {
  readonly table: Table;
  readonly clock: Clock;
  readonly published: Pick<Published, 'settings'>;
  readonly bucket: Pick<Bucket, 'get'>;
  readonly mailer: Mailer;
  /** Who sends where the settings name nobody. */
  readonly sender: string;
  /** Its own queue: for what has to wait for its turn. */
  readonly tell: Queue;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Decides about mails and sends none: there is nobody to tell. */
  readonly dry?: boolean;
};

/** Has been here before, and there were too many mails. */
const held = z.boolean().optional();
const uploadSchema = z.object({ file: z.string(), sequencer: z.string(), versionId: z.string().optional(), held });
const hintSchema = z.union([uploadSchema, haltHintSchema.extend({ held })]);
type Upload = z.infer<typeof uploadSchema>;

/** What is to be written, by what it is known by. */
type Letter = { readonly about: { readonly file: string; readonly sequencer: string }; readonly mail: Mail };

/** How long nobody else tries what somebody has begun: longer than the function may run, shorter than the queue hides it. */
const LEASE = 60_000;
/** A mail is begun once more when nobody knows whether it went, and then no more. */
const TRIES = 2;

/**
 * Writes to the author of an uploaded file what publish says of it: once an upload, a while after it, when what the file
 * lacked may have come. A later upload of the file has a mail of its own. Writes to them what marketing stands still for, too.
 * Throws when it is to be tried again.
 */
export async function tell(input: unknown, deps: TellDeps): Promise<void> {
  const hint = hintSchema.parse(input);
  const letter = await ('halted' in hint ? letterOnHalt(hint, deps) : letterOnUpload(hint, deps));
  if (!letter || deps.dry) return;
  const { about, mail } = letter;
  const before = await loadTold(deps.table, about);
  if (isOver(before, about, deps)) return;
  const wait = await waitForTurn(deps);
  if (wait > 0) return deps.tell.send([{ ...hint, held: true }], { delaySeconds: wait });
  const now = deps.clock.now();
  const claim: Told = { claimed: now, tries: (before?.tries ?? 0) + 1, done: false };
  await deps.table.write(putTold(about, claim, before, now));
  await handOver(mail, claim, about, deps);
}

async function letterOnUpload(hint: Upload, deps: TellDeps): Promise<Letter | undefined> {
  const report = await reportOf(hint, deps);
  if (!report) return undefined;
  if (hasErrors(report.remarks) && !hint.held) deps.metrics.count('UploadRefused', 1);
  const settings = await deps.published.settings();
  const to = authorOf(settings, journeyOfFile(hint.file));
  const isWanted = report.remarks.length > 0 || settings.authors?.when === 'always';
  if (to === undefined || !isWanted) return undefined;
  const subject = `${report.file}: ${verdict(report)}`.replaceAll(/\s+/g, ' ');
  return { about: hint, mail: mailOf(to, { subject, text: print(report) }, report.file, settings, deps) };
}

async function letterOnHalt(hint: HaltHint, deps: TellDeps): Promise<Letter | undefined> {
  const settings = await deps.published.settings();
  const to = authorOf(settings, hint.journey);
  const about = nameOfHalt(hint);
  return to === undefined ? undefined : { about, mail: mailOf(to, haltMail(hint.halted), about.file, settings, deps) };
}

/** The report about just this upload; undefined when a later one has taken its place. */
async function reportOf({ file, versionId }: Upload, { bucket }: TellDeps): Promise<Report | undefined> {
  const stored = await bucket.get(`${reportKey(file)}.json`);
  if (!stored) return undefined;
  const { upload, ...report } = storedReportSchema.parse(JSON.parse(stored.body));
  return upload === versionId ? report : undefined;
}

/** Whether nothing is left to do. Throws Conflict while somebody may be at it. */
function isOver(told: Told | undefined, { file }: Letter['about'], { clock, metrics, log }: TellDeps): boolean {
  if (!told || told.done) return told !== undefined;
  if (clock.now() < plusMillis(told.claimed, LEASE)) throw new Conflict(`the author of ${file} is being told`);
  if (told.tries < TRIES) return false;
  metrics.count('AuthorMailUnknown', 1);
  log.error('nobody knows whether an author was told', { file });
  return true;
}

function mailOf(
  to: string,
  said: Pick<Mail, 'subject'> & { readonly text: string },
  about: string,
  { senders }: Settings,
  deps: TellDeps,
): Mail {
  const sender = ownOf(senders, 'default');
  return {
    from: sender?.email ?? deps.sender,
    to,
    ...said,
    headers: [{ name: 'Auto-Submitted', value: 'auto-generated' }],
    // What SES says of it concerns no contact: track knows it by this.
    tags: { report: about.replaceAll(/[^\w-]/g, '_').slice(0, 200) },
  };
}

async function handOver(mail: Mail, claim: Told, about: Letter['about'], deps: TellDeps): Promise<void> {
  const { table, clock, mailer, metrics } = deps;
  const end = () => table.write(putTold(about, { ...claim, done: true }, claim, clock.now()));
  try {
    await mailer.send(mail);
  } catch (error) {
    if (error instanceof MailDeferred) await table.write(dropTold(about, claim));
    if (!(error instanceof MailRejected)) throw error;
    await end();
    metrics.count('AuthorMailRejected', 1, { code: error.code });
    throw new Unprocessable('mail-rejected', `SES takes no mail about ${about.file}: ${error.code}`, { cause: error });
  }
  await end();
  metrics.count('AuthorTold', 1);
}
