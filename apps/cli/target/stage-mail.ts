import * as z from 'zod';
import { BadInput } from '#apps/cli/bad-input.ts';
import { type ApiOptions, AwsApi } from '#shared/adapters/aws/api.ts';
import { AwsError } from '#shared/adapters/aws/api-errors.ts';
import type { MailAccount } from '#shared/domain/judge-account.ts';
import type { Keys } from '#shared/domain/judge-dkim.ts';

/** What SES says, as far as the doctor asks. */
export type SesFacts = {
  readonly account: MailAccount;
  readonly keys: Keys;
  readonly mailFrom: string | undefined;
  readonly tracking: string | undefined;
};

const accountSchema = z.object({
  ProductionAccessEnabled: z.boolean().default(false),
  SendingEnabled: z.boolean().default(false),
  EnforcementStatus: z.string().default('HEALTHY'),
  SendQuota: z
    .object({ Max24HourSend: z.number(), MaxSendRate: z.number(), SentLast24Hours: z.number() })
    .default({ Max24HourSend: 0, MaxSendRate: 0, SentLast24Hours: 0 }),
});
const identitySchema = z.object({
  VerifiedForSendingStatus: z.boolean().default(false),
  DkimAttributes: z
    .object({ Tokens: z.array(z.string()).default([]), SigningHostedZone: z.string().optional() })
    .default({ Tokens: [] }),
  MailFromAttributes: z.object({ MailFromDomain: z.string().optional() }).default({}),
});
const setSchema = z.object({
  SendingOptions: z.object({ SendingEnabled: z.boolean() }).default({ SendingEnabled: true }),
  TrackingOptions: z.object({ CustomRedirectDomain: z.string().optional() }).default({}),
});

/** Where SES keeps the keys of regions that name no other place. */
const ZONE = 'dkim.amazonses.com';

/** Asks SES of the account, the domain and the configuration set. Throws BadInput where the caller may not. */
export async function sesFacts(domain: string, configurationSet: string, options: ApiOptions): Promise<SesFacts> {
  const api = new AwsApi('email', options);
  const ask = async <T>(path: string, right: string, schema: z.ZodType<T>): Promise<T | undefined> => {
    try {
      return schema.parse(JSON.parse((await api.call({ method: 'GET', path })).body));
    } catch (error) {
      if (error instanceof AwsError && error.name === 'NotFoundException') return undefined;
      throw error instanceof AwsError && /^AccessDenied/.test(error.name)
        ? new BadInput(`This role may not ask SES: it needs ses:${right}.`, { cause: error })
        : error;
    }
  };
  const account = await ask('/v2/email/account', 'GetAccount', accountSchema);
  if (!account) throw new BadInput('SES says nothing of this account in this region.');
  const identity = await ask(`/v2/email/identities/${domain}`, 'GetEmailIdentity', identitySchema);
  const set = await ask(`/v2/email/configuration-sets/${configurationSet}`, 'GetConfigurationSet', setSchema);
  const { Max24HourSend: daily, MaxSendRate: rate, SentLast24Hours: used } = account.SendQuota;
  const mailFrom = identity?.MailFromAttributes.MailFromDomain || undefined;
  const tokens = identity?.DkimAttributes.Tokens ?? [];
  return {
    account: {
      isProduction: account.ProductionAccessEnabled,
      sends: account.SendingEnabled,
      enforcement: account.EnforcementStatus,
      quota: { daily, rate, used },
      identity: identity && {
        isVerified: identity.VerifiedForSendingStatus,
        ...(mailFrom !== undefined && { mailFrom }),
      },
      configurationSet: set && { sends: set.SendingOptions.SendingEnabled },
    },
    keys:
      tokens.length === 0
        ? { by: 'nothing' }
        : { by: 'ses', tokens, zone: identity?.DkimAttributes.SigningHostedZone || ZONE },
    mailFrom,
    tracking: set?.TrackingOptions.CustomRedirectDomain || undefined,
  };
}
