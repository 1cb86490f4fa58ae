import * as z from 'zod';
import { derivedId } from '#shared/enrolment/ids.ts';
import type { BusEntry } from '#shared/ports.ts';
import { authorOf, type Settings } from '#shared/settings/settings.ts';
import { ALL, percentOf, type Scope, type Trip, tripSchema } from './breaker.ts';

/** How people hear that marketing stands still. */

type Trips = Readonly<Record<Scope, Trip>>;

/** What is put on the bus about mail says so: no event of a contact, so no journey hears it. */
const MAIL_SOURCE = 'tropa.mail';

export const haltsEntry = (trips: Trips): BusEntry => ({
  source: MAIL_SOURCE,
  detailType: 'mail.halted',
  detail: {
    id: derivedId('mail.halted', JSON.stringify(trips)),
    halted: Object.entries(trips).map(([scope, trip]) => ({
      scope,
      ...trip,
      percent: percentOf(trip.count, trip.mails),
    })),
  },
});

/** What the queue `tell` is told: whoever looks after the files of one journey, or after all. */
export const haltHintSchema = z.object({
  halted: z.record(z.string(), tripSchema),
  journey: z.string().optional(),
});
export type HaltHint = z.infer<typeof haltHintSchema>;

/** One for the shop's author, who hears everything, and one for each author of a journey that stands still. */
export function haltHints(trips: Trips, settings: Settings): HaltHint[] {
  const own = Object.entries(trips).flatMap(([scope, trip]): HaltHint[] => {
    const journey = scope.startsWith('journey/') ? scope.slice('journey/'.length) : undefined;
    const isOthers = authorOf(settings, journey) !== authorOf(settings, undefined);
    return journey !== undefined && isOthers ? [{ halted: { [scope]: trip }, journey }] : [];
  });
  return [{ halted: trips }, ...own];
}

/** When it stopped, and all that stopped then: what a mail about it is known by. */
export const nameOfHalt = ({
  halted,
  journey = '',
}: HaltHint): { readonly file: string; readonly sequencer: string } => ({
  file: `halted/${journey}`,
  sequencer: Object.entries(halted)
    .map(([scope, { at }]) => `${at} ${scope}`)
    .sort()
    .join(' '),
});

/** What a scope is called. */
export function nameOf(scope: Scope): string {
  if (scope === ALL) return 'all marketing mail';
  const [kind = '', name = ''] = [scope.slice(0, scope.indexOf('/')), scope.slice(scope.indexOf('/') + 1)];
  return kind === 'to' ? `marketing mail to ${name}` : `marketing mail of the ${kind} ${name}`;
}

const WORDS: Readonly<Record<Trip['why'], string>> = {
  bounces: 'bounced for good',
  complaints: 'were reported as spam',
};

/** What tripped, as a sentence. */
export const saidOf = (scope: Scope, { why, count, mails, limit, days }: Trip): string =>
  `${nameOf(scope)}: ${count} of ${mails} mails (${percentOf(count, mails)} %) of the last ${days} days ${WORDS[why]}; the limit is ${limit} %`;

const REMEDIES: Readonly<Record<Trip['why'], string>> = {
  bounces:
    'Which import, form or list brings addresses that do not exist? Take them out, or confirm addresses before they are mailed.',
  complaints:
    'Who gets these mails, how often, and what did they agree to? Whoever has complained gets no more of them.',
};

/** The mail about it: what stands still, why, and what to do. */
export function haltMail(trips: Trips): { readonly subject: string; readonly text: string } {
  const all = Object.entries(trips);
  const [first = ALL] = Object.keys(trips);
  const whys = [...new Set(all.map(([, { why }]) => why))];
  return {
    subject: all.length === 1 ? `Halted: ${nameOf(first)}` : `Halted: marketing mail, ${all.length} parts of it`,
    text: [
      'This marketing mail stands still, before SES or a mailbox provider stops all mail of the shop:',
      '',
      ...all.map(([scope, trip]) => `* ${saidOf(scope, trip)}.`),
      '',
      'Transactional mail goes on. What is held back waits, in its order, and is lost only where it expires.',
      '',
      ...whys.map((why) => REMEDIES[why]),
      '',
      `Once that is mended, let it go again${all.length > 1 ? ': all of it by a command without a part, or part by part' : ''}. Mails that went before do not count any more then:`,
      '',
      ...all.map(([scope]) => `  npx tropa mail resume${flagOf(scope)} --stage STAGE --reason "what was mended"`),
      '',
      'npx tropa mail status --stage STAGE says how mails are received.',
      '',
    ].join('\n'),
  };
}

/** How the command line names a scope. */
export function flagOf(scope: Scope): string {
  if (scope === ALL) return '';
  const [kind, name] = [scope.slice(0, scope.indexOf('/')), scope.slice(scope.indexOf('/') + 1)];
  return ` --${kind === 'to' ? 'domain' : kind} ${name}`;
}
