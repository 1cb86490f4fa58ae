import { domainToASCII } from 'node:url';
import { BadInput } from '#apps/cli/bad-input.ts';
import { findStage, type Stage } from '#apps/cli/target/stage.ts';
import { sesFacts } from '#apps/cli/target/stage-mail.ts';
import type { Dns } from '#shared/domain/dns.ts';
import { type Examined, examine } from '#shared/domain/examine.ts';
import { type Finding, type Level, worstOf } from '#shared/domain/finding.ts';

export type DoctorRequest = {
  /** @default that of the stage */
  readonly domain?: string | undefined;
  readonly stage?: string | undefined;
  readonly selector?: string | undefined;
  readonly mailFrom?: string | undefined;
};
export type DoctorResult = { readonly domain: string; readonly worst: Level; readonly findings: readonly Finding[] };
export type RunDoctor = (request: DoctorRequest) => Promise<DoctorResult>;

const DOMAIN = /^(?=.{4,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/;

/** Looks at a domain, and at the stage that sends with it. Throws BadInput without a domain, or without the stage. */
export const runDoctor =
  (dns: Dns, find: (stage: string) => Promise<Stage> = findStage): RunDoctor =>
  async (request) => {
    if (request.stage !== undefined) return doctorOf(await find(request.stage), request, dns);
    if (request.domain === undefined)
      throw new BadInput('Say which domain mails come from: tropa mail doctor shop.example; or --stage.');
    const domain = readDomain(request.domain);
    const { selector, mailFrom = `mail.${domain}` } = request;
    const keys = selector === undefined ? { by: 'nothing' as const } : { by: 'selector' as const, selector };
    return verdict(await examine({ domain, mailFrom: readDomain(mailFrom), keys }, dns), domain);
  };

/** The same of a stage that was found. */
async function doctorOf({ facts, options }: Stage, request: DoctorRequest, dns: Dns): Promise<DoctorResult> {
  const { mail, publicUrl } = facts;
  if (!mail)
    throw new BadInput(
      'The stage does not say what it mails with: it was deployed by an older version. Deploy it again.',
    );
  const domain = readDomain(request.domain ?? mail.domain);
  const { account, keys, mailFrom, tracking } = await sesFacts(domain, mail.configurationSet, options);
  const { selector } = request;
  const examined: Examined = {
    domain,
    mailFrom: readDomain(request.mailFrom ?? mailFrom ?? `mail.${domain}`),
    keys: selector === undefined ? keys : { by: 'selector', selector },
    stage: {
      account,
      rate: mail.rate,
      configurationSet: mail.configurationSet,
      publicUrl,
      tracking,
      region: options.region ?? 'us-east-1',
    },
  };
  return verdict(await examine(examined, dns), domain);
}

const verdict = (findings: readonly Finding[], domain: string): DoctorResult => ({
  domain,
  worst: worstOf(findings),
  findings,
});

/** A domain as the DNS has it, from what people type. Throws BadInput. */
export function readDomain(typed: string): string {
  const domain = domainToASCII(typed.trim().replace(/\.$/, ''));
  if (DOMAIN.test(domain)) return domain;
  const inside = /^(?:https?:\/\/|.*@)([a-z0-9.-]+\.[a-z]{2,})/i.exec(typed.trim())?.[1];
  throw new BadInput(
    `"${typed}" is no domain.${inside === undefined ? ' Write it as shop.example.' : ` Is ${inside} meant?`}`,
  );
}
