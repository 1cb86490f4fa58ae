import { userInfo } from 'node:os';
import * as z from 'zod';
import { BadInput } from '#apps/cli/bad-input.ts';
import type { DoctorResult, RunDoctor } from '#apps/cli/mail/doctor.ts';
import type { OpenTarget } from '#apps/cli/target/open.ts';
import type { Finding } from '#shared/domain/finding.ts';

/** Where it lies in the bucket that the domain was looked at: whoever pushes may write there, and publish does not read it. */
const NOTE = 'checks/domain.json';

const noteSchema = z.object({
  v: z.literal(1),
  domain: z.string(),
  at: z.string(),
  by: z.string(),
  worst: z.string(),
  /** Why mails may go all the same. */
  despite: z.string().optional(),
});

/** Without these mails are refused, or taken for somebody else's. */
const NEEDED: readonly Finding['about'][] = ['SPF', 'DKIM', 'SES'];

const isNeeded = ({ about }: Finding): boolean => NEEDED.includes(about);

export type DomainChecked = {
  readonly mayGo: boolean;
  /** What was found; missing where nobody had to look. */
  readonly found?: DoctorResult;
};

type Checked = Pick<OpenTarget, 'mailDomain' | 'bucket' | 'clock'>;

/**
 * Looks at the domain that a stage sends from, before a journey sends for the first time. What is right, or goes `despite` for a
 * reason, is noted, and nobody looks again until the domain is another. Throws BadInput where nobody may look.
 */
export async function checkDomain(
  { mailDomain, bucket, clock }: Checked,
  stage: string,
  despite: string | undefined,
  doctor: RunDoctor,
): Promise<DomainChecked> {
  if (mailDomain === undefined || (await isNoted(mailDomain, bucket))) return { mayGo: true };
  const found = await doctor({ stage }).catch((error) => unlooked(mailDomain, error, despite));
  const levels = found.findings.filter(isNeeded).map(({ level }) => level);
  const isStopped = levels.includes('bad');
  if (isStopped && despite === undefined) return { mayGo: false, found };
  // What could not be looked at is looked at the next time.
  if (isStopped || !levels.includes('unknown')) {
    const note = { v: 1, domain: mailDomain, at: clock.now(), by: userInfo().username, worst: found.worst };
    const text = JSON.stringify({ ...note, ...(isStopped && { despite }) }, undefined, 2);
    await bucket.put(NOTE, `${text}\n`, 'application/json');
  }
  return { mayGo: true, found };
}

async function isNoted(domain: string, bucket: OpenTarget['bucket']): Promise<boolean> {
  const stored = await bucket.get(NOTE);
  return stored !== undefined && noteSchema.parse(JSON.parse(stored.body)).domain === domain;
}

/** Whose role may not ask SES can still say why mails may go. */
function unlooked(domain: string, error: unknown, despite: string | undefined): DoctorResult {
  if (!(error instanceof BadInput)) throw error;
  if (despite !== undefined)
    return { domain, worst: 'bad', findings: [{ about: 'SES', level: 'bad', says: error.message }] };
  throw new BadInput(
    `No journey of this stage has sent yet, so its domain ${domain} is to be looked at first. ${error.message} Let somebody push who may, or say --despite-doctor "why".`,
    { cause: error },
  );
}
