import { type PublishDeps, publish } from '#functions/publish/publish.ts';
import type { Report } from '#shared/publish/print.ts';
import { HandShop } from './hand-shop.ts';
import { CollectingQueue } from './ports.ts';
import { settings } from './settings.ts';

/** Takes every layout as it is: what MJML makes of it is another test's matter. */
export const compiler = { compile: async (body: string) => ({ html: body, text: body, problems: [] }) };

export type Notice = { readonly detail: { object: { key: string; sequencer: string; 'version-id': string } } };

export const senders = { default: { email: 'hello@shop.example' } };
export const templateFile = (subject = 'Hello', topic = 'offers') =>
  `---\n{ "subject": "${subject}", "preheader": "For you", "topic": "${topic}" }\n---\nHi {{ message.unsubscribe_url }} {{ shop.address }}`;
/** Settings that publish takes, with what the test says of them. */
export const shopFile = (given: Parameters<typeof settings>[0] = {}) =>
  settings({ senders, ...given, shop: { address: 'Long Lane 1', ...given.shop } });

/** A shop into whose bucket files are put, and publish told of them when the test says so. */
export class PublishingShop {
  readonly shop = new HandShop();
  readonly again = new CollectingQueue();
  /** Uploads whose authors are to be told. */
  readonly telling = new CollectingQueue();
  readonly deps: PublishDeps = {
    ...this.shop.given('publish'),
    bucket: this.shop.bucket,
    compiler,
    again: this.again,
    tell: this.telling,
  };
  #uploads = 0;

  /** Puts a file into the bucket. What S3 tells of it may be handed to publish at any time. */
  upload(key: string, content: unknown, sequencer?: string): Notice {
    this.#uploads += 1;
    const body = typeof content === 'string' ? content : JSON.stringify(content);
    const version = this.shop.bucket.store(key, body);
    const said = sequencer ?? `00${this.#uploads.toString(16).padStart(4, '0')}`;
    return { detail: { object: { key, sequencer: said, 'version-id': version } } };
  }

  /** Publishes, and whatever that has left to publish afterwards. */
  async publish(notice: Notice, deps: Partial<PublishDeps> = {}): Promise<Report | undefined> {
    const report = await publish(notice, { ...this.deps, ...deps });
    while (this.again.bodies.length > 0) for (const body of this.again.take()) await publish(body, this.deps);
    return report;
  }

  async put(key: string, content: unknown): Promise<Report | undefined> {
    return this.publish(this.upload(key, content));
  }

  async live(id = 'cart') {
    this.deps.published.refresh();
    return (await this.deps.published.catalogue()).journeys[id];
  }

  async report(key: string): Promise<string> {
    return (await this.shop.bucket.get(`reports/${key.replaceAll('/', '.')}.txt`))?.body ?? '';
  }
}
