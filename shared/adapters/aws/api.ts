import { AwsError, isPassing } from './api-errors.ts';
import { systemClock } from './clock.ts';
import { type Answer, type ConnectionOptions, Connections } from './connections.ts';
import { type Credentials, lambdaCredentials } from './credentials.ts';
import { queryText, signedHeaders, type Unsigned } from './signature.ts';

/** Services that are called, by the first part of their host's name. */
export type Service = 'dynamodb' | 'email' | 'events' | 'logs' | 's3' | 'secretsmanager' | 'sqs' | 'ssm' | 'states';

export type ApiOptions = Partial<ConnectionOptions> & {
  /** @default the region that the function runs in */
  readonly region?: string;
  /** Where the service is instead of where AWS has it. @default AWS_ENDPOINT_URL of the environment, if it is set */
  readonly endpoint?: string | undefined;
  /** In front of the service's own host: a bucket. */
  readonly subdomain?: string;
  readonly credentials?: () => Credentials;
  /** How often a call is made at most, if what went wrong may pass. */
  readonly attempts?: number;
};

export type ApiRequest = Pick<Unsigned, 'method' | 'path'> & {
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
};

/** Milliseconds; the pause before a further attempt is a random part of this, doubled with each. */
const PAUSE = 50;

/**
 * One service of AWS, called over HTTPS with signed requests. It does what the functions need of the AWS SDK, whose
 * clients weigh half a megabyte and as much of a cold start as all the rest together.
 */
export class AwsApi {
  readonly #service: Service;
  readonly #options: ApiOptions;
  #connections: { readonly to: Connections; readonly host: string } | undefined;

  constructor(service: Service, options: ApiOptions = {}) {
    this.#service = service;
    this.#options = options;
  }

  /** Throws AwsError when the service refuses, or what the connection broke with; both after further attempts. */
  async call(request: ApiRequest): Promise<Answer> {
    const { attempts = 4 } = this.#options;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#attempt(request);
      } catch (error) {
        if (attempt >= attempts || !isPassing(error)) throw error;
        await systemClock.sleep(Math.random() * PAUSE * 2 ** attempt);
      }
    }
  }

  async #attempt({ method, path, query = {}, headers = {}, body = '' }: ApiRequest): Promise<Answer> {
    const { to, host } = this.#server();
    const unsigned = { method, path, query: queryText(query), headers: { ...headers, host }, body };
    const signed = signedHeaders(unsigned, {
      // SES is called email, and signs as ses.
      service: this.#service === 'email' ? 'ses' : this.#service,
      region: this.#region,
      credentials: (this.#options.credentials ?? lambdaCredentials)(),
      now: systemClock.now(),
    });
    const target = unsigned.query ? `${path}?${unsigned.query}` : path;
    const answer = await to.exchange({ method, path: target, headers: signed, body });
    if (answer.status >= 300) throw new AwsError(answer);
    return answer;
  }

  get #region(): string {
    return this.#options.region ?? process.env['AWS_REGION'] ?? 'us-east-1';
  }

  #server() {
    if (this.#connections) return this.#connections;
    const { connectTimeout = 3000, timeout = 5000, trusted } = this.#options;
    const server = new URL(this.#options.endpoint ?? process.env['AWS_ENDPOINT_URL'] ?? this.#home());
    const to = new Connections(server, { connectTimeout, timeout, ...(trusted !== undefined && { trusted }) });
    this.#connections = { to, host: server.host };
    return this.#connections;
  }

  #home(): string {
    const { subdomain } = this.#options;
    const suffix = this.#region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
    return `https://${subdomain === undefined ? '' : `${subdomain}.`}${this.#service}.${this.#region}.${suffix}`;
  }
}
