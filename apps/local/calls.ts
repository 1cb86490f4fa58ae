import { PublicWeb } from '#shared/adapters/web/public-web.ts';
import type { Reply, Web } from '#shared/ports.ts';

/**
 * Other systems as the laptop calls them: none of the shop's own, as no mail goes to anybody. Every call is taken, and
 * answered with nothing, until it is said which server stands in for all of them.
 */
export class LocalCalls implements Web {
  #origin: string | undefined;
  #web: Web | undefined;

  /** From now on each call goes to this origin, under the path of its endpoint. */
  aim(origin: string): void {
    this.#origin = new URL(origin).origin;
    this.#web = new PublicWeb({ trusted: [this.#origin] });
  }

  async post(url: string, request: Parameters<Web['post']>[1]): Promise<Reply> {
    if (!this.#web || this.#origin === undefined) return { status: 200, body: '' };
    const { pathname, search } = new URL(url);
    return this.#web.post(`${this.#origin}${pathname}${search}`, request);
  }
}
