import { freePort } from '#apps/local/port.ts';
import { openRuntime } from '#apps/local/runtime.ts';
import { serve } from '#apps/local/server.ts';
import type { Mail } from '#shared/ports.ts';
import type { Instant } from '#shared/time/instant.ts';

export type Shown = { readonly url: string; readonly pages: readonly string[]; readonly close: () => Promise<void> };
export type ShowMails = (mails: readonly Mail[], port: number) => Promise<Shown>;

/** Puts mails into an inbox of their own, which is there as long as it is served, and keeps nothing. */
export const showMails =
  (now: () => Instant): ShowMails =>
  async (mails, port) => {
    const runtime = openRuntime({ start: now(), eventDays: 1, mailsPerSecond: 1, publicUrl: 'http://127.0.0.1' });
    try {
      const ids: string[] = [];
      for (const mail of mails) ids.push((await runtime.inbox.send(mail)).id);
      const free = port === 0 ? port : await freePort(port, '127.0.0.1');
      const { url, close } = await serve(runtime, { port: free, summary: async () => ({}) });
      const pages = ids.map((id) => `${url}/mails/${encodeURIComponent(id)}`);
      return { url, pages, close: () => close().finally(() => runtime.close()) };
    } catch (error) {
      runtime.close();
      throw error;
    }
  };
