/** A mutant that no test can kill, since it does the same as the code. */
export interface Explained {
  readonly file: string;
  /** What its line contains. */
  readonly line: string;
  readonly replacement: string;
  readonly why: string;
}

/** Survivors that may stay. They count as survivors all the same. */
export const EXPLAINED: readonly Explained[] = [
  ...same(
    'shared/money/decimal.ts',
    'if (scale <= places)',
    'With as many places as asked for a unit is 1, and nothing is rounded.',
    ['scale < places'],
  ),
  ...same('shared/money/decimal.ts', 'digits < 0n ? -unit', 'Half a unit more or less than nothing is cut off again.', [
    'digits <= 0n',
  ]),
  ...same('shared/money/decimal.ts', 'const magnitude = String(', '-0n is 0n.', ['units <= 0n']),
  ...same(
    'shared/time/duration.ts',
    'years + months > 0',
    'The calendar comes to the same for days and hours, only slower.',
    ['true', 'years + months >= 0'],
  ),
  ...same(
    'shared/time/duration.ts',
    ': weeks + days > 0',
    'No days added are none, and the clock shows the same moment.',
    ['true', 'weeks + days >= 0'],
  ),
  ...same('shared/time/instant.ts', 'laterOf = ', 'Of two equal moments either is the later.', ['a >= b']),
  ...same('shared/time/instant.ts', 'earlierOf = ', 'Of two equal moments either is the earlier.', ['a <= b']),
  ...same('shared/time/instant.ts', "instant >= '0001'", 'A whole instant is no year alone.', ["instant > '0001'"]),
  ...same('shared/time/instant.ts', "if (zone === 'Z') return utc", 'No offset is one of no minutes, only slower.', [
    'false',
  ]),
  ...same('shared/time/local.ts', 'TIME.exec(text.trim()) ?? []', 'The first of what a pattern finds is not read.', [
    '["Stryker was here"]',
  ]),
  ...same('shared/time/moving.ts', 'RELATIVE.exec(expression) ?? []', 'It has been found to fit the pattern.', [
    '["Stryker was here"]',
  ]),
  ...same(
    'shared/time/moving.ts',
    'weeks + days > 0 ? SLACK : 0',
    'What is exact is found at once, whatever the slack.',
    ['true', 'years + months + weeks + days >= 0'],
  ),
  ...same(
    'shared/time/moment.ts',
    'let about = before === undefined',
    'The search begins earlier and comes to the same.',
    ['true'],
  ),
  ...same('shared/time/moment.ts', 'if (notBefore <= date)', 'On the day itself it recurs no time at all.', [
    'notBefore < date',
  ]),
  ...same('shared/time/window.ts', 'day < first + DAYS_AHEAD', 'One day more than are needed.', [
    'day <= first + DAYS_AHEAD',
  ]),
  ...same('shared/time/window.ts', "?? 'mon'", 'There are seven days.', ['""']),
  ...same('shared/time/offset.ts', 'yearsKept >= YEARS_KEPT', 'What is forgotten is asked again.', [
    'true',
    'false',
    'yearsKept > YEARS_KEPT',
    'yearsKept < YEARS_KEPT',
  ]),
  ...same('shared/message/mail-address.ts', "const words = [''];", 'No word is begun as an empty one.', ['[]']),
  ...same('shared/message/mail-address.ts', 'NAMED.exec(text) ??', 'A pattern that fits has both parts.', [
    '"Stryker was here!"',
  ]),
  ...same('shared/message/mail-address.ts', "words.pop() ?? ''", 'There is always a word.', ['"Stryker was here!"']),
  ...same('shared/message/record-fact.ts', 'if (isHeard) await hint(', 'Who is owed nothing is not woken by a hint.', [
    'true',
  ]),
  ...same('shared/message/record-fact.ts', 'links = [] }: Message', 'No link is called so.', ['["Stryker was here"]']),
  ...same('shared/message/record-fact.ts', 'if (note && own.length', 'One write is a transaction, too.', ['false']),
  ...same('functions/advance/advance.ts', 'return writes.length === 1 && first', 'One write is a transaction, too.', [
    'false',
  ]),
  ...same('functions/advance/advance.ts', 'if (all.length === 0) return []', 'Of none, none is wanted.', ['false']),
  ...same('functions/enrol/decide.ts', 'if (all.length === 0) return []', 'Of none, none is wanted.', ['false']),
  ...same('functions/enrol/merge.ts', 'if (open.includes(one)) continue', 'An open passage has left a door.', [
    'false',
  ]),
  ...same('functions/enrol/segments.ts', 'const isLater = look ===', 'The same look is written once more.', ['false']),
  ...same('functions/ingest/ingest.ts', 'if (put.length > 0) await keepEvents', 'No events are none on the bus.', [
    'true',
    'put.length >= 0',
  ]),
  ...same('functions/ingest/ingest.ts', "?.['source'] ?? ''", 'No source is called so.', ['"Stryker was here!"']),
  ...same('functions/ingest/ingest.ts', "source.shopOf(delivery) ?? ''", 'No shop is called so.', [
    '"Stryker was here!"',
  ]),
  ...same('functions/publish/compile-template.ts', 'if (refused || !name)', 'What has no name is refused.', [
    '["Stryker was here"]',
  ]),
  ...same(
    'functions/publish/publish-template.ts',
    'if (parts.length > 0) await putSource',
    'A source that no template names is not read.',
    ['true', 'parts.length >= 0'],
  ),
  ...same(
    'functions/publish/publish-test.ts',
    'if (!journey) return []',
    'Tests of a journey that is not there have an error.',
    ['false', '["Stryker was here"]'],
  ),
  ...same('functions/publish/publish-template.ts', 'parts.length > 0 && { parts:', 'An empty list names no part.', [
    'true',
    'parts.length >= 0',
  ]),
  ...same('functions/publish/next-version.ts', 'watching.length > 0 && {', 'An empty list names no goal.', [
    'true',
    'watching.length >= 0',
  ]),
  ...same(
    'functions/publish/journey-tests.ts',
    'const says = stored.some(',
    'Mails are read that no test asks about.',
    ['""'],
  ),
  ...same(
    'functions/review/door.ts',
    'profile.aka.length > 0 ? await wholeDoor',
    'Who was never another has one door.',
    ['true', 'profile.aka.length >= 0'],
  ),
  ...same('functions/review/review.ts', 'i < page.length; i += TOGETHER', 'Nothing is due behind the last.', [
    'i <= page.length',
  ]),
  ...same('functions/review/release.ts', 'a.sort < b.sort ? -1 : 1', 'Of two of one moment either comes first.', [
    'a.sort <= b.sort',
  ]),
  ...same('functions/review/release.ts', 'const emptied: Scope[] = []', 'No part is called so.', [
    '["Stryker was here"]',
  ]),
  ...same('functions/walk/move.ts', "return 'done'", 'Only who stays is counted.', ['""']),
  ...same('functions/walk/move.ts', 'step === undefined ? step :', 'What is no step leads nowhere.', ['false']),
  ...same('functions/walk/walk.ts', 'i < contacts.length; i += TOGETHER', 'Nobody is visited behind the last.', [
    'i <= contacts.length',
  ]),
  ...same('functions/walk/visit.ts', 'const due = over ? now', 'A door that is armed has a quiet time.', [
    'armed.quiet.until',
  ]),
  ...same('functions/walk/walk.ts', 'if (left.length > 0) await', 'No stretches are none in the queue.', [
    'true',
    'left.length >= 0',
  ]),
  ...same('shared/enrolment/closing.ts', 'if (until !== undefined && until > ended)', 'Undefined is no later moment.', [
    'true',
  ]),
  ...same('shared/contact/consents.ts', ': LENIENCE[known.state] <', 'Two states that differ are not as lenient.', [
    'LENIENCE[known.state] <= LENIENCE[said.state]',
  ]),
  ...same('shared/contact/fold.ts', 'at === bt ? (a < b ? -1 : 1)', 'No two types have one name.', [
    'a <= b',
    'at <= bt',
  ]),
  ...same('shared/contact/room.ts', 'rank(a) < rank(b) ? -1 : 1', 'No two names have one rank.', [
    'rank(a) <= rank(b)',
  ]),
  ...same('shared/call/mail.ts', "const [first = '', ...more]", 'A text has at least one line.', [
    '"Stryker was here!"',
  ]),
  ...same('shared/engagement/machines.ts', 'range.split', 'Every range of the list says its bits.', [
    '"Stryker was here!"',
    '""',
  ]),
  ...same('shared/engagement/machines.ts', 'numberOf(base) ?? -1', 'Every range of the list begins with an address.', [
    '+1',
  ]),
  ...same('shared/engagement/machines.ts', 'agent !== undefined && AGENTS', 'No pattern fits "undefined".', ['true']),
];

function same(file: string, line: string, why: string, replacements: readonly string[]): Explained[] {
  return replacements.map((replacement) => ({ file, line, replacement, why }));
}
