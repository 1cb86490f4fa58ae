import * as z from 'zod';
import type { MailAccount } from '#shared/ports.ts';
import type { Account } from '#shared/sending/flow.ts';
import { AwsApi } from './api.ts';

/** https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_GetAccount.html */
const answerSchema = z.object({
  SendQuota: z.object({ Max24HourSend: z.number(), MaxSendRate: z.number(), SentLast24Hours: z.number() }),
  SendingEnabled: z.boolean().default(true),
  ProductionAccessEnabled: z.boolean().default(true),
  EnforcementStatus: z.string().default('HEALTHY'),
});

/** SES on what the account may send, in this region. */
export class SesAccount implements MailAccount {
  readonly #api: AwsApi;

  constructor(api = new AwsApi('email')) {
    this.#api = api;
  }

  async ask(): Promise<Account> {
    const { body } = await this.#api.call({ method: 'GET', path: '/v2/email/account' });
    const { SendQuota, ...said } = answerSchema.parse(JSON.parse(body));
    return {
      perSecond: SendQuota.MaxSendRate,
      perDay: SendQuota.Max24HourSend,
      sent: SendQuota.SentLast24Hours,
      enabled: said.SendingEnabled,
      production: said.ProductionAccessEnabled,
      enforcement: said.EnforcementStatus,
    };
  }
}
