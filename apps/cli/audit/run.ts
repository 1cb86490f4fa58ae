import { BadInput } from '#apps/cli/bad-input.ts';
import { findContact } from '#apps/cli/find-contact.ts';
import type { Progress } from '#apps/cli/progress.ts';
import { type OpenTarget, withTarget } from '#apps/cli/target/open.ts';
import type { Target } from '#apps/cli/target/options.ts';
import { type AuditKind, type Finding, KIND_NAMES } from '#shared/audit/finding.ts';
import { auditDue } from '#shared/audit/row.ts';
import { loadFlow } from '#shared/store/flow.ts';
import { mendAll } from '#shared/store/mending.ts';
import { auditContact } from '#shared/store/persons.ts';
import { loadProfile } from '#shared/store/profiles.ts';
import type { Instant } from '#shared/time/instant.ts';
import { auditCounters, type Counting } from './counters.ts';
import { contactsOf, dueOf } from './walk.ts';

export type AuditRequest = {
  readonly target: Target;
  /** Only this one: an id, an e-mail address, a phone number or an external id. */
  readonly contact?: string | undefined;
  /** Only what should have happened since then, as far as it has a time. */
  readonly since?: Instant | undefined;
  readonly mend: boolean;
};

/** Something that was found, by ids. */
export type Example = Pick<Finding, 'contact' | 'journey' | 'id' | 'since'>;
export type AuditReport = {
  readonly looked: { readonly contacts: number; readonly due: number };
  /** Of kinds of which something was found: how many, how many of them could be mended, how many are, and the first few. */
  readonly kinds: Readonly<
    Partial<
      Record<
        AuditKind,
        {
          readonly found: number;
          readonly mendable: number;
          readonly mended: number;
          readonly examples: readonly Example[];
        }
      >
    >
  >;
  /** What stands and is not mended. */
  readonly left: number;
};
export type RunAudit = (request: AuditRequest, progress: Progress) => Promise<AuditReport>;

const EXAMPLES = 5;
const AT_ONCE = 20;

/** Holds a shop's rows against each other, all of them or those of one person. Throws BadInput where nobody is known so. */
export const runAudit: RunAudit = (request, progress) =>
  withTarget(request.target, async (opened) => {
    await opened.settle();
    const now = opened.clock.now();
    if (request.since !== undefined && request.since > now)
      throw new BadInput(`--since ${request.since} is still to come: in this shop it is ${now}.`);
    const report = new Report(request, opened);
    if (request.contact === undefined) await auditAll(request.target, opened, report, progress);
    else await auditOne(request.contact, opened, report);
    return report.told;
  });

async function auditOne(who: string, { table, clock }: OpenTarget, report: Report): Promise<void> {
  const profile = await loadProfile(table, await findContact(who, table));
  if (!profile) throw new BadInput(`Nobody is known as ${who}.`);
  const context = { now: clock.now(), flow: await loadFlow(table) };
  const seen = await auditContact(profile.contact, context, { table, clock });
  report.looked.contacts += 1;
  const due = (seen?.person?.rows ?? []).flatMap((row) => auditDue(row, context));
  await report.note([...due, ...(seen?.findings ?? [])]);
}

async function auditAll(target: Target, opened: OpenTarget, report: Report, progress: Progress): Promise<void> {
  const { table, clock } = opened;
  // Nobody writes to a laptop's state meanwhile.
  const counting: Counting = await auditCounters(opened, 'stage' in target);
  const context = { now: clock.now(), flow: await loadFlow(table) };
  for await (const { rows, part, parts } of dueOf(context.now, table)) {
    progress.show('What is due', part, parts);
    report.looked.due += rows.length;
    await report.note(rows.flatMap((row) => auditDue(row, context)));
  }
  for await (const { contacts, part, parts } of contactsOf(table)) {
    progress.show('Contacts', part, parts);
    for (let i = 0; i < contacts.length; i += AT_ONCE) {
      const seen = await Promise.all(
        contacts.slice(i, i + AT_ONCE).map((contact) => auditContact(contact, context, opened)),
      );
      for (const one of seen) {
        if (one?.person) counting.add(one.person);
        await report.note(one?.findings ?? []);
      }
    }
    report.looked.contacts += contacts.length;
  }
  progress.stop();
  await report.note(await counting.findings());
}

/** What was found so far, and mended where that is asked for. */
class Report {
  readonly looked = { contacts: 0, due: 0 };
  readonly #kinds = new Map<AuditKind, { found: number; mendable: number; mended: number; examples: Example[] }>();
  readonly #request: Pick<AuditRequest, 'since' | 'mend'>;
  readonly #opened: OpenTarget;

  constructor(request: Pick<AuditRequest, 'since' | 'mend'>, opened: OpenTarget) {
    this.#request = request;
    this.#opened = opened;
  }

  async note(findings: readonly Finding[]): Promise<void> {
    const { since: from, mend } = this.#request;
    const asked = findings.filter(({ since }) => from === undefined || since === undefined || since >= from);
    if (asked.length === 0) return;
    const { mended, left } = mend ? await mendAll(asked, this.#opened.table) : { mended: [], left: asked };
    for (const finding of [...mended, ...left]) {
      const kind = this.#kinds.get(finding.kind) ?? { found: 0, mendable: 0, mended: 0, examples: [] };
      this.#kinds.set(finding.kind, kind);
      kind.found += 1;
      if (finding.mend) kind.mendable += 1;
      if (mended.includes(finding)) kind.mended += 1;
      const { contact, journey, id, since } = finding;
      if (kind.examples.length < EXAMPLES) kind.examples.push({ contact, journey, id, since });
    }
  }

  get told(): AuditReport {
    const all = KIND_NAMES.flatMap((name) => {
      const kind = this.#kinds.get(name);
      return kind ? [[name, kind] as const] : [];
    });
    const left = all.reduce((sum, [, { found, mended }]) => sum + found - mended, 0);
    return { looked: this.looked, kinds: Object.fromEntries(all), left };
  }
}
