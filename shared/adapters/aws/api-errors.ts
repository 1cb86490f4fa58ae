import type { Answer } from './connections.ts';

/** A service refused a call. `name` is the service's own word for why. */
export class AwsError extends Error {
  override readonly name: string;
  readonly status: number;
  /** What else the service said of it; empty where that was no JSON. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor({ status, headers, body }: Answer) {
    const details = detailsIn(body);
    super(textIn(details, 'message') || textIn(details, 'Message') || `answered with ${status}`);
    this.status = status;
    this.details = details;
    this.name = codeIn(headers['x-amzn-errortype'], details, body) || `Status${status}`;
  }
}

/** Under load, and only for now. */
const THROTTLED = new Set([
  'LimitExceededException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'SlowDown',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
  'TransactionInProgressException',
]);

/** Whether the service refused because it has too much to do. */
export const isThrottled = (error: unknown): boolean => error instanceof AwsError && THROTTLED.has(error.name);

/** Whether the same call may end otherwise in a moment: a broken connection, load, a fault of the service. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof AwsError)) return !(error instanceof Error && error.name === 'CredentialsProviderError');
  return error.status >= 500 || error.status === 429 || THROTTLED.has(error.name);
}

function detailsIn(body: string): Readonly<Record<string, unknown>> {
  if (!body.startsWith('{')) return {};
  try {
    return Object(JSON.parse(body));
  } catch {
    // An answer that was cut off or comes from something between us and the service: its status says enough.
    return {};
  }
}

const textIn = (details: Readonly<Record<string, unknown>>, name: string): string => {
  const value = details[name];
  return typeof value === 'string' ? value : '';
};

/** `Code`, `namespace#Code` or `Code:more`, in a header, in JSON or in S3's XML. */
function codeIn(header: unknown, details: Readonly<Record<string, unknown>>, body: string): string {
  const said =
    (typeof header === 'string' && header) ||
    textIn(details, '__type') ||
    textIn(details, 'code') ||
    (/<Code>([^<]+)<\/Code>/.exec(body)?.[1] ?? '');
  return said.replace(/^.*#/, '').replace(/:.*$/s, '');
}
