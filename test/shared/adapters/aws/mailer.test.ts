import { MessageRejected, SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import { expect, test } from 'vitest';
import { SesMailer } from '#shared/adapters/aws/mailer.ts';
import { MailAmbiguous, MailDeferred, MailRejected } from '#shared/errors.ts';
import type { Mail } from '#shared/ports.ts';
import { mocked } from './mocked-client.ts';

const mail: Mail = {
  from: 'Trail Shop <hello@shop.example>',
  to: 'ada@customer.example',
  subject: 'Twój koszyk',
  html: '<p>Hello</p>',
  text: 'Hello',
  headers: [{ name: 'List-Unsubscribe-Post', value: 'List-Unsubscribe=One-Click' }],
  tags: { message: 'a1', lane: 'marketing' },
};

function ses() {
  const client = new SESv2Client({});
  return { mock: mocked(client), mailer: new SesMailer('shop-set', client) };
}

test('a mail goes through the configuration set with its headers and tags, and its id comes back', async () => {
  const { mock, mailer } = ses();
  mock.on(SendEmailCommand).resolves({ MessageId: 'ses-1' });
  expect(await mailer.send({ ...mail, replyTo: 'care@shop.example' })).toEqual({ id: 'ses-1' });
  expect(mock).toHaveReceivedCommandWith(SendEmailCommand, {
    FromEmailAddress: '"Trail Shop" <hello@shop.example>',
    Destination: { ToAddresses: ['ada@customer.example'] },
    ReplyToAddresses: ['care@shop.example'],
    ConfigurationSetName: 'shop-set',
    EmailTags: [
      { Name: 'message', Value: 'a1' },
      { Name: 'lane', Value: 'marketing' },
    ],
    Content: {
      Simple: {
        Subject: { Data: 'Twój koszyk', Charset: 'UTF-8' },
        Body: { Html: { Data: '<p>Hello</p>', Charset: 'UTF-8' }, Text: { Data: 'Hello', Charset: 'UTF-8' } },
        Headers: [{ Name: 'List-Unsubscribe-Post', Value: 'List-Unsubscribe=One-Click' }],
      },
    },
  });
});

const answered = (name: string, httpStatusCode: number) =>
  Object.assign(new Error('ada@customer.example'), { name, $metadata: { httpStatusCode } });
const broken = (name: string, code: string) => Object.assign(new Error('socket'), { name, code });

test.each([
  [answered('MessageRejected', 400), MailRejected, 'MessageRejected'],
  [answered('BadRequestException', 400), MailRejected, 'BadRequestException'],
  [answered('ValidationException', 400), MailRejected, 'ValidationException'],
  [answered('TooManyRequestsException', 429), MailDeferred, 'TooManyRequestsException'],
  [answered('LimitExceededException', 400), MailDeferred, 'LimitExceededException'],
  [answered('ThrottlingException', 400), MailDeferred, 'ThrottlingException'],
  [answered('SendingPausedException', 400), MailDeferred, 'SendingPausedException'],
  [answered('AccountSuspendedException', 400), MailDeferred, 'AccountSuspendedException'],
  [answered('MailFromDomainNotVerifiedException', 400), MailDeferred, 'MailFromDomainNotVerifiedException'],
  [answered('NotFoundException', 404), MailDeferred, 'NotFoundException'],
  [answered('AccessDeniedException', 403), MailDeferred, 'AccessDeniedException'],
  [broken('Error', 'ENOTFOUND'), MailDeferred, 'ENOTFOUND'],
  [broken('Error', 'ECONNREFUSED'), MailDeferred, 'ECONNREFUSED'],
  [broken('CredentialsProviderError', ''), MailDeferred, 'CredentialsProviderError'],
  [answered('InternalServiceErrorException', 500), MailAmbiguous, undefined],
  [answered('ServiceUnavailable', 503), MailAmbiguous, undefined],
  [answered('RequestTimeoutException', 408), MailAmbiguous, undefined],
  [broken('TimeoutError', 'ECONNRESET'), MailAmbiguous, undefined],
  [broken('TimeoutError', 'ETIMEDOUT'), MailAmbiguous, undefined],
  [broken('SyntaxError', ''), MailAmbiguous, undefined],
])('%s becomes %o', async (error, kind, code) => {
  const { mock, mailer } = ses();
  mock.on(SendEmailCommand).rejects(error);
  const thrown = await mailer.send(mail).catch((reason: unknown) => reason);
  expect(thrown).toBeInstanceOf(kind);
  expect(thrown).toMatchObject({ ...(code !== undefined && { code }), cause: error });
  expect(thrown).not.toMatchObject({ message: expect.stringContaining('@') });
  expect(mock).toHaveReceivedCommandTimes(SendEmailCommand, 1);
});

test("the SDK's own MessageRejected is a rejection", async () => {
  const { mock, mailer } = ses();
  mock.on(SendEmailCommand).rejects(new MessageRejected({ message: '', $metadata: { httpStatusCode: 400 } }));
  await expect(mailer.send(mail)).rejects.toBeInstanceOf(MailRejected);
});

test('an answer without an id leaves the end open', async () => {
  const { mock, mailer } = ses();
  mock.on(SendEmailCommand).resolves({});
  await expect(mailer.send(mail)).rejects.toBeInstanceOf(MailAmbiguous);
});
