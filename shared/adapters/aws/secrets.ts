import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import type { Clock, Secrets } from '#shared/ports.ts';
import { type Instant, plusMillis } from '#shared/time/instant.ts';
import { systemClock } from './clock.ts';

const FIVE_MINUTES = 300_000;

/** More names than any function reads; the bound is there so that a wrong caller can't fill the memory. */
const CACHED_NAMES = 16;

type Cached = { readonly until: Instant; readonly values: Promise<readonly string[]> };

/** Secrets Manager, by name or ARN. A rotated secret is known everywhere within five minutes. */
export class ManagedSecrets implements Secrets {
  readonly #client: SecretsManagerClient;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #cache = new Map<string, Cached>();

  constructor(client: SecretsManagerClient = new SecretsManagerClient({}), clock: Pick<Clock, 'now'> = systemClock) {
    this.#client = client;
    this.#clock = clock;
  }

  /** Throws when the secret has no current value. */
  get(name: string): Promise<readonly string[]> {
    const now = this.#clock.now();
    const known = this.#cache.get(name);
    if (known && now < known.until) return known.values;
    const values = this.#load(name);
    this.#remember(name, { until: plusMillis(now, FIVE_MINUTES), values });
    return values;
  }

  #remember(name: string, cached: Cached): void {
    this.#cache.delete(name);
    for (const oldest of this.#cache.keys()) {
      if (this.#cache.size < CACHED_NAMES) break;
      this.#cache.delete(oldest);
    }
    this.#cache.set(name, cached);
    // A failure is not remembered: the next caller asks again.
    cached.values.catch(() => this.#cache.get(name) === cached && this.#cache.delete(name));
  }

  async #load(name: string): Promise<readonly string[]> {
    const [current, previous] = await Promise.all([this.#read(name, 'AWSCURRENT'), this.#previous(name)]);
    if (current === undefined) throw new Error(`secret ${name} holds no text`);
    return previous === undefined || previous === current ? [current] : [current, previous];
  }

  async #read(name: string, stage: 'AWSCURRENT' | 'AWSPREVIOUS'): Promise<string | undefined> {
    const command = new GetSecretValueCommand({ SecretId: name, VersionStage: stage });
    return (await this.#client.send(command)).SecretString;
  }

  async #previous(name: string): Promise<string | undefined> {
    try {
      return await this.#read(name, 'AWSPREVIOUS');
    } catch (error) {
      // A secret that was never rotated has no previous value.
      if (error instanceof ResourceNotFoundException) return undefined;
      throw error;
    }
  }
}
