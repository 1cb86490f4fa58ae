import type { Finding, Level } from './finding.ts';

/** What SES says of the account and of what the stage has there. */
export type MailAccount = {
  readonly isProduction: boolean;
  readonly sends: boolean;
  /** `HEALTHY`, `PROBATION` or `SHUTDOWN`. */
  readonly enforcement: string;
  readonly quota: { readonly daily: number; readonly rate: number; readonly used: number };
  /** Undefined where SES does not know the domain. */
  readonly identity: { readonly isVerified: boolean; readonly mailFrom?: string } | undefined;
  /** Undefined where the configuration set is not there. */
  readonly configurationSet: { readonly sends: boolean } | undefined;
};

const MUCH_USED = 0.8;

export function judgeAccount(
  domain: string,
  account: MailAccount,
  { rate, configurationSet }: { readonly rate: number; readonly configurationSet: string },
): readonly Finding[] {
  const { isProduction, sends, enforcement, quota, identity } = account;
  const findings: Finding[] = [];
  const add = (level: Level, says: string, todo?: string) =>
    findings.push({ about: 'SES', level, says, ...(todo !== undefined && { todo }) });
  if (!isProduction)
    add(
      'bad',
      'The account is in the sandbox: SES takes mail to addresses that you have verified, and no other.',
      'Ask for production access: SES console, Account dashboard, "Request production access".',
    );
  if (!sends || enforcement === 'SHUTDOWN')
    add('bad', 'The account may not send.', 'Look at the case in the AWS Support Center.');
  else if (enforcement !== 'HEALTHY')
    add(
      'bad',
      `SES has the account under review (${enforcement}).`,
      'Answer the case in the AWS Support Center; look at bounces and complaints.',
    );
  else if (isProduction) add('good', 'The account may send to everybody.');
  if (!identity) add('bad', `SES does not know ${domain}.`, 'Deploy the stage with this "domain".');
  else if (!identity.isVerified)
    add(
      'bad',
      `SES has not verified ${domain}.`,
      'Set the DKIM records; SES looks for them for 72 hours after the deploy, then deploy again.',
    );
  else add('good', `SES has verified ${domain}.`);
  if (!account.configurationSet)
    add('bad', `There is no configuration set ${configurationSet}: each mail is refused.`, 'Deploy the stage again.');
  else if (!account.configurationSet.sends)
    add('bad', `The configuration set ${configurationSet} is stopped.`, 'Switch its sending on in the SES console.');
  if (rate > quota.rate)
    add(
      'bad',
      `"sesRate" is ${rate} mails a second, and SES takes ${quota.rate}.`,
      `Set "sesRate" to ${quota.rate}, or ask SES for more.`,
    );
  // -1 is without end.
  const isShort = quota.daily >= 0 && quota.used >= quota.daily * MUCH_USED;
  add(
    isShort ? 'advice' : 'good',
    `SES takes ${quota.daily < 0 ? 'any number of' : quota.daily} mails a day; ${quota.used} have gone in the last 24 hours.`,
    isShort ? 'Ask SES for a higher quota.' : undefined,
  );
  return findings;
}
