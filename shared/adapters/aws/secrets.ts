import * as z from 'zod';
import { NoSecret } from '#shared/errors.ts';
import type { Clock, Secrets } from '#shared/ports.ts';
import { type Instant, plusMillis } from '#shared/time/instant.ts';
import { AwsError } from './api-errors.ts';
import { systemClock } from './clock.ts';
import { type JsonApi, jsonApi } from './json-api.ts';

const FIVE_MINUTES = 300_000;
const MINUTE = 60_000;

/** More names than any function reads; the bound is there so that a wrong caller can't fill the memory. */
const CACHED_NAMES = 16;

const answerSchema = z.object({ SecretString: z.string().optional() });

type Cached = { readonly until: Instant; readonly values: Promise<readonly string[]> };

/** Secrets Manager, by name or ARN. A rotated secret is known everywhere within five minutes. */
export class ManagedSecrets implements Secrets {
  readonly #call: JsonApi;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #cache = new Map<string, Cached>();

  constructor(call = jsonApi('secretsmanager'), clock: Pick<Clock, 'now'> = systemClock) {
    this.#call = call;
    this.#clock = clock;
  }

  /** Throws NoSecret when there is none of that name; that, too, is known for a minute. */
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
    cached.values.catch((error: unknown) => {
      if (this.#cache.get(name) !== cached) return;
      // Anybody can ask for what is not there. Any other failure is not remembered: the next caller asks again.
      if (error instanceof NoSecret) this.#cache.set(name, { ...cached, until: plusMillis(this.#clock.now(), MINUTE) });
      else this.#cache.delete(name);
    });
  }

  async #load(name: string): Promise<readonly string[]> {
    const [current, previous] = await Promise.all([this.#stage(name, 'AWSCURRENT'), this.#stage(name, 'AWSPREVIOUS')]);
    if (current === undefined) throw new NoSecret(`there is no secret ${name}, or it holds no text`);
    return previous === undefined || previous === current ? [current] : [current, previous];
  }

  async #read(name: string, stage: 'AWSCURRENT' | 'AWSPREVIOUS'): Promise<string | undefined> {
    const answer = await this.#call('GetSecretValue', { SecretId: name, VersionStage: stage });
    return answerSchema.parse(answer).SecretString;
  }

  /** Undefined when there is no such secret, or no value of that stage: one that was never rotated has no previous one. */
  async #stage(name: string, stage: 'AWSCURRENT' | 'AWSPREVIOUS'): Promise<string | undefined> {
    try {
      return await this.#read(name, stage);
    } catch (error) {
      if (error instanceof AwsError && error.name === 'ResourceNotFoundException') return undefined;
      throw error;
    }
  }
}
