import { identitiesOf } from '#shared/contact/identity.ts';
import type { SuppressionReason } from '#shared/store/suppressions.ts';
import { badTime, type Cells, isRefusal, problem, type Reading, type Said, type Suppressed, whoIn } from './row.ts';

/** An address that nothing may be sent to. */
export function suppression(row: Cells, { now, usual, timeOf }: Reading): Said {
  const identities = whoIn(row);
  if (isRefusal(identities)) return identities;
  const { reason: why = '', at: written } = { ...usual, ...row };
  const said = why.toLowerCase();
  if (/unsub|opt.?out/.test(said))
    return problem(
      'unsubscribed',
      'Who has unsubscribed gets no advertising, but mails on their orders: "tropa import consents", with state "denied".',
    );
  const at = written === undefined ? now : timeOf(written);
  if (at === undefined || at > now) return badTime('at', written ?? '');
  const reason: SuppressionReason = /bounce|cleaned|invalid/.test(said)
    ? 'bounced'
    : /compl|spam|abuse/.test(said)
      ? 'complained'
      : 'imported';
  const suppressed = identitiesOf(identities).flatMap(({ kind, hash }): Suppressed[] =>
    kind === 'email' || kind === 'phone' ? [{ kind, hash, reason, at }] : [],
  );
  return suppressed.length > 0 ? { suppressed } : problem('no-address', 'There is no e-mail address or phone number.');
}
