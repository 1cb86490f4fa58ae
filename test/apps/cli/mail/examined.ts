import { systemDns } from '#apps/cli/mail/dns.ts';
import { runDoctor } from '#apps/cli/mail/doctor.ts';
import type { Level } from '#shared/domain/finding.ts';
import { dnsServer, type Zone } from './dns-server.ts';

/** What the doctor finds in a domain with these records, and what it has asked for. */
export async function examined(zone: Zone, request = {}) {
  const { server, asked } = await dnsServer(zone);
  const dns = systemDns({ servers: [server], timeout: 150 });
  const result = await runDoctor(dns)({ domain: 'shop.example', selector: 'own', ...request });
  const of = (level: Level) =>
    result.findings.filter((one) => one.level === level).map(({ about, says }) => `${about}: ${says}`);
  return { ...result, of, asked, records: result.findings.flatMap(({ records = [] }) => records) };
}

/** So many SPF records, each of which includes the next. */
export const chain = (length: number): Zone =>
  Object.fromEntries(
    Array.from({ length }, (_, n) => [
      `s${n}.example`,
      { txt: [`v=spf1 ${n + 1 < length ? `include:s${n + 1}.example` : 'ip4:192.0.2.1'} -all`] },
    ]),
  );
/** A shop with this SPF record. */
export const spf = (text: string): Zone => ({ 'shop.example': { txt: [text], mx: [[10, 'mx.mailbox.example']] } });
