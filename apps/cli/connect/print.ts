import type { Finding } from './plan.ts';
import type { ConnectResult } from './run.ts';

const WORDS: Readonly<Record<Finding['wrong'], string>> = {
  missing: 'MISSING',
  elsewhere: 'ELSEWHERE',
  stopped: 'STOPPED',
  cut: 'CUT',
  version: 'VERSION',
};

/** Whether nothing is left to be done. */
export const isWell = ({ left, secret, unreachable }: ConnectResult): boolean =>
  left.length === 0 && unreachable === undefined && (secret === 'stored' || secret === 'unknown');

/** What was found, what was done about it, and what a person has to do. */
export function printConnect(result: ConnectResult, { check }: { readonly check: boolean }): string {
  const { name, address, fine, mended, left, renewed, notes, unreachable } = result;
  const width = Math.max(0, ...[...mended, ...left].map(({ topic }) => topic.length));
  const line = ({ topic, wrong, says }: Finding, end: string): string =>
    `  ${WORDS[wrong].padEnd(9)}  ${topic.padEnd(width)}  ${says}${end}`;
  return [
    `${name} posts to ${address}`,
    ...mended.map((one) => line(one, ' - mended')),
    ...left.map((one) => line(one, `.${one.why === undefined ? '' : ` Not mended: ${one.why}.`}`)),
    fine.length > 0 && `  in order   ${fine.join(', ')}`,
    renewed > 0 && `  The secret of ${renewed} webhooks was set.`,
    ...notes.map((note) => `  ${note}`),
    unreachable,
    ...secretLines(result),
    endOf(result, check),
    '',
  ]
    .filter((one) => typeof one === 'string')
    .join('\n');
}

function secretLines({ secret, source, command }: ConnectResult): string[] {
  if (command === undefined) return ['The secret is stored.'];
  const why = {
    missing: 'Tropa has no secret yet, and answers 401 until it has.',
    differs: 'Tropa has another secret than the one that was said.',
    unknown: 'What the webhooks are signed with has to be known to Tropa.',
    stored: '',
  }[secret];
  const what =
    source === 'shopify'
      ? 'It is the client secret of the app, among its credentials.'
      : 'WooCommerce shows it to nobody: if it is not known, --renew-secret makes a new one for all webhooks.';
  const laptop = secret === 'unknown' ? [`  on the laptop: npm start -- --secret ${source}=...`] : [];
  return [`${why} ${what}`, `  ${command}`, ...laptop];
}

function endOf({ left, mended }: ConnectResult, check: boolean): string {
  if (check && left.length > 0) return `${left.length} to be mended. Without --check the command does what it can.`;
  if (left.length > 0) return `${mended.length} mended, ${left.length} left.`;
  return mended.length > 0 ? `${mended.length} mended.` : 'All webhooks are in order.';
}
