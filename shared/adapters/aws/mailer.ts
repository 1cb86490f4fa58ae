import { Agent } from 'node:https';
import { SESv2Client, SendEmailCommand, type SendEmailRequest } from '@aws-sdk/client-sesv2';
import { MailAmbiguous } from '#shared/errors.ts';
import type { Mail, Mailer } from '#shared/ports.ts';
import { mailAddress } from './mail-address.ts';
import { mailError } from './mail-errors.ts';

/** Milliseconds after which an idle connection is not trusted any more. */
const IDLE = 3000;

/** The SDK's own retries are off, and a silent SES ends after ten seconds: send's claim outlasts it. */
export const oneAttempt = {
  maxAttempts: 1,
  requestHandler: { connectionTimeout: 3000, requestTimeout: 10_000, throwOnRequestTimeout: true },
};

/**
 * SES, through a configuration set whose events come back over EventBridge. One attempt a call: a second could double
 * the mail.
 */
export class SesMailer implements Mailer {
  readonly #configurationSet: string;
  readonly #client: SESv2Client;
  readonly #agent = new Agent({ keepAlive: true });
  #lastUsed = 0;

  constructor(configurationSet: string, client?: SESv2Client) {
    this.#configurationSet = configurationSet;
    const requestHandler = { ...oneAttempt.requestHandler, httpsAgent: this.#agent };
    this.#client = client ?? new SESv2Client({ ...oneAttempt, requestHandler });
  }

  async send(mail: Mail): Promise<{ readonly id: string }> {
    this.#dropIdleConnections();
    const id = await this.#attempt(mail);
    if (id === undefined) throw new MailAmbiguous('SES answered without an id');
    return { id };
  }

  async #attempt(mail: Mail): Promise<string | undefined> {
    try {
      return (await this.#client.send(new SendEmailCommand(requestFor(mail, this.#configurationSet)))).MessageId;
    } catch (error) {
      throw mailError(error);
    }
  }

  /**
   * A Lambda is frozen between calls, and SES closes what is idle meanwhile. A mail written to such a connection ends
   * ambiguously, and a marketing mail would then never be sent: a new connection costs some 20 ms.
   */
  #dropIdleConnections(): void {
    const now = Date.now();
    if (now - this.#lastUsed > IDLE) {
      for (const sockets of Object.values(this.#agent.freeSockets))
        for (const socket of sockets ?? []) socket.destroy();
    }
    this.#lastUsed = now;
  }
}

const utf8 = (Data: string) => ({ Data, Charset: 'UTF-8' });

const requestFor = (mail: Mail, configurationSet: string): SendEmailRequest => ({
  FromEmailAddress: mailAddress(mail.from),
  Destination: { ToAddresses: [mail.to] },
  ...(mail.replyTo !== undefined && { ReplyToAddresses: [mailAddress(mail.replyTo)] }),
  ConfigurationSetName: configurationSet,
  EmailTags: Object.entries(mail.tags).map(([Name, Value]) => ({ Name, Value })),
  Content: {
    Simple: {
      Subject: utf8(mail.subject),
      Body: { Html: utf8(mail.html), Text: utf8(mail.text) },
      Headers: mail.headers.map(({ name, value }) => ({ Name: name, Value: value })),
    },
  },
});
