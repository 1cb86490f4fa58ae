import {
  type Became,
  type Lying,
  PARKED,
  PASSAGES,
  type RedriveRequest,
  type RedriveResult,
} from '#apps/cli/redrive/request.ts';
import { flagsOf, type Target } from '#apps/cli/target/options.ts';
import { deadLetterWirings } from '#functions/wiring.ts';
import { countOf, type Pile } from '#shared/redrive/pile.ts';

/** Piles that are shown; of more, that there are some. */
const SHOWN = 20;
const n = (count: number): string => count.toLocaleString('en');

const PARKED_LOSS =
  'Events that are too old or came through too many journeys were not recorded, and requests wait for a person to decide.';

const GONE = 'Nothing brings these counts back. Once the cause is mended';

/** What lies where, why, what is lost while it does, and what to type next. */
export function printOverview(lying: readonly Lying[], target: Target): string {
  const flags = flagsOf(target);
  const places = lying.filter(({ lies }) => lies.length > 0).map((one) => printPlace(one, flags));
  const passages = `Passages that stand still are found by looking at every contact: npx tropa redrive ${PASSAGES} --dry-run ${flags}`;
  return [...(places.length === 0 ? ['No dead letters, and nothing parked.'] : places), passages].join('\n\n');
}

function printPlace({ what, lies, stopped }: Lying, flags: string): string {
  const wiring = deadLetterWirings().get(what);
  const end =
    what === PARKED ? 'To record what did happen' : wiring?.to === undefined ? GONE : 'Once the cause is mended';
  const how = what !== PARKED && wiring?.to === undefined ? `${what} --discard --yes` : what;
  const title = `${what}: ${stopped ? 'more than ' : ''}${n(countOf(lies))} ${what === PARKED ? 'put aside' : countOf(lies) === 1 ? 'dead letter' : 'dead letters'}`;
  return [
    title,
    `  ${wiring?.loss ?? PARKED_LOSS}`,
    ...lines(lies),
    `  ${end}: npx tropa redrive ${how} ${flags}`,
  ].join('\n');
}

const NOUNS: Readonly<Record<string, string>> = { [PARKED]: 'parked events', [PASSAGES]: 'passages that stand still' };

/** What was found, and what became of it. */
export function printRedriven(
  { what, lies, meant, became, stopped }: RedriveResult,
  { dryRun, discard, target }: Pick<RedriveRequest, 'dryRun' | 'discard' | 'target'>,
): string {
  const noun = NOUNS[what] ?? 'dead letters';
  const ends = [
    ...(stopped === undefined ? [] : [STOPS[stopped]]),
    ...(dryRun ? ['Nothing was changed: a dry run.'] : said(became, what, flagsOf(target))),
  ];
  if (countOf(lies) === 0) return [`No ${noun}.`, ...said(became, what, flagsOf(target))].join('\n');
  if (countOf(meant) === 0)
    return [
      `None with this reason, of ${n(countOf(lies))}:`,
      ...lines(lies),
      ...(dryRun ? [] : [`Nothing was ${discard ? 'taken away' : 'brought back'}.`]),
      ...ends,
    ].join('\n');
  const others = countOf(lies) - countOf(meant);
  const title = `${noun.replace(/^./, (first) => first.toUpperCase())} by reason${others > 0 ? `, ${n(others)} others left out` : ''}:`;
  return [title, ...lines(meant), ...ends].join('\n');
}

const STOPS = {
  limit: 'There are more: the limit is reached.',
  interrupted: 'Interrupted: what is not named below stays where it was.',
} as const;

function lines(piles: readonly Pile[]): string[] {
  const more = piles.slice(SHOWN);
  return [
    ...piles.slice(0, SHOWN).map(lineOf),
    ...(more.length > 0
      ? [`  ${n(countOf(more)).padStart(7)}  for ${n(more.length)} further reasons (--json has all)`]
      : []),
  ];
}

function lineOf({ reason, journey, step, count, oldest }: Pile): string {
  const place = journey === undefined ? '' : `  in ${journey}${step ? ` at ${step}` : ' before its first step'}`;
  return `  ${n(count).padStart(7)}  since ${oldest.slice(0, 16)}Z  ${reason}${place}`;
}

const SENTENCES: Readonly<Record<Became, (count: string, what: string, flags: string) => string>> = {
  sent: (count) => `${count} sent again.`,
  diedAgain: (count) => `${count} died again, or have come meanwhile: they lie there.`,
  refused: (count) => `${count} were refused by SQS: they lie there still.`,
  recorded: (count) => `${count} recorded, and put aside no more.`,
  known: (count) => `${count} had been counted before, and are put aside no more.`,
  erased: (count) => `${count} of somebody who was erased since, and gone now.`,
  pending: (count, what, flags) =>
    `${count} sent, and not recorded yet: they stay until they are. Look again: npx tropa redrive ${what} ${flags}`,
  undecided: (count) => `${count} are left to a person: docs/operations.md says what may be done.`,
  asked: (count) => `${count} are looked at by review within two minutes, and go on in their next execution.`,
  moved: (count) => `${count} have moved on.`,
  discarded: (count) => `${count} taken away for good.`,
};
const ORDER: readonly Became[] = [
  ...(['sent', 'recorded', 'moved', 'asked', 'known', 'erased', 'discarded'] as const),
  ...(['pending', 'undecided', 'refused', 'diedAgain'] as const),
];

const said = (became: RedriveResult['became'], what: string, flags: string): string[] =>
  ORDER.flatMap((word) => (became[word] ? [SENTENCES[word](n(became[word]), what, flags)] : []));
