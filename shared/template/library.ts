import type { Bucket } from '#shared/ports.ts';
import type { Shelf } from '#shared/store/journeys.ts';
import { bounded } from './bounded.ts';
import { type CompiledTemplate, compiledTemplateSchema, localeOrder } from './template.ts';

/** Where a compiled template lies in the bucket. Its name is its content, so what lies there never changes. */
export const compiledKey = (hash: string): string => `published/templates/${hash}.json`;

/** How a template's variant is named in the catalogue. */
export const variantName = (id: string, channel: string, locale: string): string =>
  `${id}/${channel}${locale && `.${locale}`}`;

const KEPT = 200;

/** The compiled templates that are live, read from the bucket once a version. One instance a process. */
export class TemplateLibrary {
  readonly #bucket: Bucket;
  readonly #kept = bounded<Promise<CompiledTemplate>>(KEPT);

  constructor(bucket: Bucket) {
    this.#bucket = bucket;
  }

  /** The variant for this locale, else the next best; undefined when there is none for the channel. */
  async find(
    live: Shelf['templates'],
    id: string,
    channel: string,
    wanted: string | undefined,
    shops: string,
  ): Promise<CompiledTemplate | undefined> {
    const hash = localeOrder(wanted, shops)
      .map((locale) => live[variantName(id, channel, locale)]?.hash)
      .find((found) => found !== undefined);
    return hash === undefined ? undefined : this.version(hash);
  }

  /** A template as it once was live, by the hash that a message notes. What could not be read is not kept: the next mail asks for it again. */
  async version(hash: string): Promise<CompiledTemplate> {
    const read = this.#kept.of(hash, () => this.#read(hash));
    try {
      return await read;
    } catch (error) {
      this.#kept.drop(hash, read);
      throw error;
    }
  }

  async #read(hash: string): Promise<CompiledTemplate> {
    const object = await this.#bucket.get(compiledKey(hash));
    if (!object) throw new Error(`compiled template ${hash} is not in the bucket`);
    return compiledTemplateSchema.parse(JSON.parse(object.body));
  }
}
