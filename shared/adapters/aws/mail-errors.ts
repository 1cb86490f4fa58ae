import { MailAmbiguous, MailDeferred, MailRejected } from '#shared/errors.ts';
import { AwsError } from './api-errors.ts';

/** SES has looked at this mail and will not have it, today or tomorrow. */
const REJECTED = new Set(['MessageRejected', 'BadRequestException', 'ValidationException', 'InvalidParameterValue']);

/**
 * What SES calls a rejected message and means of the account: its domain's DNS records lapsed, it is in the sandbox, paused
 * or suspended (https://docs.aws.amazon.com/ses/latest/dg/troubleshoot-error-messages.html). The shop mends it, and the mail
 * can go.
 */
const OF_THE_ACCOUNT = /\b(not verified|paused|suspended|shut down|disabled)\b/i;

/** The request never left: no such host, nobody listens there, nothing to sign it with. */
const NEVER_LEFT = new Set(['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'ConnectTimeout', 'CredentialsProviderError']);

const STOPPED = new Set(['SendingPausedException', 'AccountSuspendedException', 'AccountSendingPausedException']);
const TOO_FAST = new Set(['TooManyRequestsException', 'ThrottlingException', 'Throttling', 'LimitExceededException']);

/** SES has one word for a second's and for a day's too much, and tells them apart in its sentence alone. */
function aboutOf({ name, message }: AwsError): MailDeferred['about'] {
  if (STOPPED.has(name) || (name === 'MessageRejected' && /\b(paused|suspended|shut down|disabled)\b/i.test(message)))
    return 'account';
  if (!TOO_FAST.has(name)) return undefined;
  return /\b(daily|24.hour|quota)\b/i.test(message) ? 'quota' : 'rate';
}

/**
 * What an error of SendEmail means for the mail. SES has no idempotency token, so the question is only ever whether it
 * can have taken the mail.
 *
 * | answer                                               | meaning                                             |
 * | ---------------------------------------------------- | --------------------------------------------------- |
 * | content or address is bad                            | MailRejected: the next attempt would end alike      |
 * | throttled, over quota, paused, suspended, no rights, | MailDeferred: taken by nobody, and it can go later, |
 * | an identity that is not there or not verified; or    | when time passes or the shop mends its account      |
 * | the request never left                               |                                                     |
 * | 5xx, 408, time-out, broken connection, anything else | MailAmbiguous: SES may have it                      |
 */
export function mailError(error: unknown): MailRejected | MailDeferred | MailAmbiguous {
  const name = textAt(error, 'name');
  const code = [name, textAt(error, 'code')].find((word) => NEVER_LEFT.has(word));
  if (code !== undefined) return new MailDeferred(code, 'SES was not reached', { cause: error });
  if (!(error instanceof AwsError)) return new MailAmbiguous('SES may have taken this mail', { cause: error });
  const isRejected = REJECTED.has(name) && !(name === 'MessageRejected' && OF_THE_ACCOUNT.test(error.message));
  if (isRejected) return new MailRejected(name, 'SES refuses this mail', { cause: error });
  if (error.status >= 400 && error.status < 500 && error.status !== 408) {
    return new MailDeferred(name, 'SES takes no mail now', { cause: error, about: aboutOf(error) });
  }
  return new MailAmbiguous('SES may have taken this mail', { cause: error });
}

function textAt(value: unknown, field: string): string {
  const found: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, field) : undefined;
  return typeof found === 'string' ? found : '';
}
