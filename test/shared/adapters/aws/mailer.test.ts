import { expect, test } from 'vitest';
import { AwsApi } from '#shared/adapters/aws/api.ts';
import { mailError } from '#shared/adapters/aws/mail-errors.ts';
import { oneAttempt, SesMailer } from '#shared/adapters/aws/mailer.ts';
import { MailAmbiguous, MailDeferred, MailRejected } from '#shared/errors.ts';
import type { Mail } from '#shared/ports.ts';
import { refusal, type Said, standIn } from './stand-in.ts';

const mail: Mail = {
  from: 'Trail Shop <hello@shop.example>',
  to: 'ada@customer.example',
  subject: 'Twój koszyk',
  html: '<p>Hello</p>',
  text: 'Hello',
  headers: [{ name: 'List-Unsubscribe-Post', value: 'List-Unsubscribe=One-Click' }],
  tags: { message: 'a1', lane: 'marketing' },
};

async function ses(answer: Said, more: object = {}) {
  const { options, seen } = await standIn(() => answer);
  return { seen, mailer: new SesMailer('shop-set', new AwsApi('email', { ...options, ...oneAttempt, ...more })) };
}

const thrownBy = (mailer: SesMailer) => mailer.send(mail).catch((reason: unknown) => reason);

test('a mail goes through the configuration set with its headers and tags, and its id comes back', async () => {
  const { seen, mailer } = await ses({ body: { MessageId: 'ses-1' } });
  expect(await mailer.send({ ...mail, replyTo: 'care@shop.example' })).toEqual({ id: 'ses-1' });
  expect(seen[0]).toMatchObject({ method: 'POST', path: '/v2/email/outbound-emails' });
  expect(seen[0]?.input).toEqual({
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

const said = (name: string, status: number): Said => ({
  status,
  headers: { 'x-amzn-errortype': name },
  body: { message: 'not to ada@customer.example' },
});

test.each([
  'Email address is not verified. The following identities failed the check in region EU-CENTRAL-1: hello@shop.example',
  'Sending paused for this account. For more information, please check the inbox of the email address.',
  'Sending suspended for this account.',
])('what the shop can mend is no rejection, though SES calls it one: %s', async (message) => {
  const { mailer } = await ses({ status: 400, headers: { 'x-amzn-errortype': 'MessageRejected' }, body: { message } });
  expect(await thrownBy(mailer)).toBeInstanceOf(MailDeferred);
});

test.each<[string, number, new (...args: never[]) => Error]>([
  ['MessageRejected', 400, MailRejected],
  ['BadRequestException', 400, MailRejected],
  ['ValidationException', 400, MailRejected],
  ['TooManyRequestsException', 429, MailDeferred],
  ['LimitExceededException', 400, MailDeferred],
  ['ThrottlingException', 400, MailDeferred],
  ['SendingPausedException', 400, MailDeferred],
  ['AccountSuspendedException', 400, MailDeferred],
  ['MailFromDomainNotVerifiedException', 400, MailDeferred],
  ['NotFoundException', 404, MailDeferred],
  ['AccessDeniedException', 403, MailDeferred],
  ['InternalServiceErrorException', 500, MailAmbiguous],
  ['ServiceUnavailable', 503, MailAmbiguous],
  ['RequestTimeoutException', 408, MailAmbiguous],
])('%s (%i) becomes %o after one attempt', async (name, status, kind) => {
  const { seen, mailer } = await ses(said(name, status));
  const thrown = await thrownBy(mailer);
  expect(thrown).toBeInstanceOf(kind);
  expect(thrown).toMatchObject({ cause: { name, status }, ...(kind !== MailAmbiguous && { code: name }) });
  expect(thrown).not.toMatchObject({ message: expect.stringContaining('@') });
  expect(seen).toHaveLength(1);
});

test.each<[string, Said]>([
  ['a connection that breaks after the request left', 'cut'],
  ['silence', 'silence'],
  ['an answer without an id', { body: {} }],
  ['an answer that is no JSON', { body: '<html>' }],
])('%s is ambiguous and not tried again', async (_, answer) => {
  const { seen, mailer } = await ses(answer, { timeout: 100 });
  expect(await thrownBy(mailer)).toBeInstanceOf(MailAmbiguous);
  expect(seen).toHaveLength(1);
});

const broken = () => {
  throw Object.assign(new Error('no credentials'), { name: 'CredentialsProviderError' });
};

test.each([
  ['a server that nobody runs', 'ECONNREFUSED', { endpoint: 'http://127.0.0.1:1' }],
  ['a request that nobody could sign', 'CredentialsProviderError', { credentials: broken }],
])('%s has taken nothing', async (_, code, more) => {
  const { seen, mailer } = await ses({}, more);
  const thrown = await thrownBy(mailer);
  expect(thrown).toBeInstanceOf(MailDeferred);
  expect(thrown).toMatchObject({ code });
  expect(seen).toEqual([]);
});

test.each(['ENOTFOUND', 'EAI_AGAIN'])('a host that is not found (%s) has taken nothing', (code) => {
  expect(mailError(Object.assign(new Error('getaddrinfo'), { code }))).toBeInstanceOf(MailDeferred);
});

test('a refusal in the body is read like one in the header', async () => {
  const { mailer } = await ses(refusal('MessageRejected'));
  expect(await thrownBy(mailer)).toBeInstanceOf(MailRejected);
});
