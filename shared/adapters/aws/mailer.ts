import * as z from 'zod';
import { MailAmbiguous } from '#shared/errors.ts';
import { mailAddress } from '#shared/message/mail-address.ts';
import type { Mail, Mailer } from '#shared/ports.ts';
import { type ApiOptions, AwsApi } from './api.ts';
import { mailError } from './mail-errors.ts';

/**
 * A second attempt could double a mail, and a silent SES ends after ten seconds: send's claim outlasts it. A mail written
 * to a connection that SES has closed meanwhile would end ambiguously, and a marketing mail would then never be sent.
 */
export const oneAttempt = { attempts: 1, timeout: 10_000, trusted: 3000 } as const satisfies ApiOptions;

const answerSchema = z.object({ MessageId: z.string() });

/** SES, through a configuration set whose events come back over EventBridge. */
export class SesMailer implements Mailer {
  readonly #configurationSet: string;
  readonly #api: AwsApi;

  constructor(configurationSet: string, api = new AwsApi('email', oneAttempt)) {
    this.#configurationSet = configurationSet;
    this.#api = api;
  }

  async send(mail: Mail): Promise<{ readonly id: string }> {
    const text = await this.#attempt(mail);
    try {
      return { id: answerSchema.parse(JSON.parse(text)).MessageId };
    } catch (error) {
      throw new MailAmbiguous('SES answered without an id', { cause: error });
    }
  }

  async #attempt(mail: Mail): Promise<string> {
    try {
      const { body } = await this.#api.call({
        method: 'POST',
        path: '/v2/email/outbound-emails',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(requestFor(mail, this.#configurationSet)),
      });
      return body;
    } catch (error) {
      throw mailError(error);
    }
  }
}

const utf8 = (Data: string) => ({ Data, Charset: 'UTF-8' });

const requestFor = (mail: Mail, configurationSet: string) => ({
  FromEmailAddress: mailAddress(mail.from),
  Destination: { ToAddresses: [mail.to] },
  ...(mail.replyTo !== undefined && { ReplyToAddresses: [mailAddress(mail.replyTo)] }),
  ConfigurationSetName: configurationSet,
  EmailTags: Object.entries(mail.tags).map(([Name, Value]) => ({ Name, Value })),
  Content: {
    Simple: {
      Subject: utf8(mail.subject),
      Body: { ...(mail.html !== undefined && { Html: utf8(mail.html) }), Text: utf8(mail.text) },
      Headers: mail.headers.map(({ name, value }) => ({ Name: name, Value: value })),
    },
  },
});
