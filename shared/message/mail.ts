import { ownOf } from '#shared/own-of.ts';
import type { Mail } from '#shared/ports.ts';
import type { Settings } from '#shared/settings/settings.ts';
import type { Rendered } from '#shared/template/render.ts';

type Made = {
  readonly rendered: Rendered;
  readonly to: string;
  /** Who it comes from, by the name that step or template give. */
  readonly sender: string | undefined;
  readonly settings: Settings;
  /** Who sends where the settings name nobody. */
  readonly otherwise: string;
  /** Where a mailbox posts when its reader wants no more; undefined for what needs no consent. */
  readonly wayOut: string | undefined;
  readonly tags: Mail['tags'];
};

/** What is handed over to SES. */
export function mailOf({ rendered, to, sender, settings, otherwise, wayOut, tags }: Made): Mail {
  const from = ownOf(settings.senders, sender ?? 'default');
  return {
    from: from?.email ?? otherwise,
    to,
    ...(from?.replyTo !== undefined && { replyTo: from.replyTo }),
    ...rendered,
    headers: wayOut === undefined ? [] : oneClick(wayOut),
    tags,
  };
}

/** RFC 8058: the mailbox's own unsubscribe button posts to this address, with no page in between. */
const oneClick = (url: string): Mail['headers'] => [
  { name: 'List-Unsubscribe', value: `<${url}>` },
  { name: 'List-Unsubscribe-Post', value: 'List-Unsubscribe=One-Click' },
];
