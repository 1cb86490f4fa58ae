import type { EngagementKind } from '#apps/local/inbox.ts';
import type { Mails } from '#apps/local/mails.ts';
import type { Clock } from '#shared/ports.ts';
import type { Published } from '#shared/store/published.ts';
import type { Table } from '#shared/store/table.ts';

/** What the pages of the inbox ask of the runtime. */
export type InboxDeps = {
  readonly mails: Mails;
  /** For looking on: what a page reads is nothing that AWS would bill. */
  readonly table: Table;
  readonly published: Published;
  readonly clock: Pick<Clock, 'now'>;
  /** The shop's, as its settings have it now. */
  readonly zone: () => Promise<string>;
  readonly summary: () => Promise<object>;
  /** Both false when there is nothing to act on. */
  readonly act: (id: string, kind: EngagementKind, link?: string) => Promise<boolean>;
  readonly unsubscribe: (token: string) => Promise<boolean>;
};
