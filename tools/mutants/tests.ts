/** Stories hold use cases together, and what they are made of. */
const STORIES = 'test/functions/story/*.test.ts';
const functionTest = (name: string): string => `test/functions/${name}.test.ts`;

/**
 * Which tests are held against the mutants of a folder: those that mirror it, and here those of its nearest users.
 * The model, the worlds and the apps' own tests are left out, since one run of them takes longer than a hundred mutants.
 */
const ALSO: Readonly<Record<string, readonly string[]>> = {
  'functions/advance': ['call/*', 'segment*', 'states', 'walk/paused'].map(functionTest),
  'functions/enrol': ['segment*', 'states'].map(functionTest),
  'functions/publish': ['segment-triggers', 'walk/dates', 'walk/inside', 'walk/schedule'].map(functionTest),
  'functions/review': [
    'call/call',
    'enrol/again',
    'enrol/merged-doors',
    'segment*',
    'send/account',
    'send/flow',
    'send/send',
    'tally/habits',
    'track/engagement',
    'walk/dates',
    'walk/schedule',
  ].map(functionTest),
  'functions/send': [
    'enrol/merge-races',
    'enrol/messages-of-others',
    'respond/confirm*',
    'review/breaker',
    'walk/edits',
    'walk/paused',
  ].map(functionTest),
  'shared/contact': ['enrol/ask-once', 'enrol/merge', 'respond/confirm*'].map(functionTest),
  'shared/coupon': ['test/shared/enrolment/coupon.test.ts'],
  'shared/engagement': ['test/functions/track/engagement.test.ts'],
  'shared/enrolment': [
    'advance/*',
    'call/call',
    'enrol/again',
    'enrol/enrol',
    'enrol/left',
    'enrol/many',
    'enrol/merged-doors',
    'review/*',
    'segments',
    'states',
    'story/*',
    'walk/move',
    'walk/paused',
    'walk/schedule',
  ].map(functionTest),
  'shared/message': ['track/track', 'track/engagement', 'send/send', 'send/steps'].map(functionTest).concat(STORIES),
  'shared/segment': [
    'test/functions/segment*.test.ts',
    'test/shared/publish/*segment*.test.ts',
    'test/shared/simulation/segments.test.ts',
  ],
  'shared/sending': ['send/account', 'send/caps', 'send/flow', 'send/send'].map(functionTest),
};

/** The globs of tests for a folder such as `shared/money` or `functions/send`. */
export function testsOf(folder: string): readonly string[] {
  const stories = folder.startsWith('functions/') ? [STORIES] : [];
  return [`test/${folder}/**/*.test.ts`, ...(ALSO[folder] ?? []), ...stories];
}

/**
 * Whether a folder remembers answers from one call to the next, so that a mutant could leave a wrong one behind.
 * Its modules are loaded anew for each file of tests; those of others once, which is much quicker.
 */
export const remembers = (folder: string): boolean =>
  ['shared/condition', 'shared/publish', 'shared/template', 'shared/time'].includes(folder);

/**
 * What the titles of tests contain that play thousands of cases one after the other, count how many they have
 * played, or measure the time. `npm test` has them.
 */
export const TOO_LONG: readonly string[] = [
  'a condition that publish lets through has an answer, whatever lies in traits and data',
  'when SES answers',
  'is recorded, or put aside, by a DynamoDB engine',
  'is recorded exactly once, whatever goes wrong',
  'stops when its time is over, and the next goes on at that page',
  'a word of SES settles it',
  'ends in one contact of whom the same is known',
  'loses nothing and doubles no mail',
  'is told once, whoever dies before or after any effect',
  'hostile requests, each with what it deserves',
  'twice, at any two of them, doubles no mail and leaves nobody behind',
  'leaves a marketing mail that was cut off inside the SES call unknown',
  'so do they when a function dies before or after any of its effects',
  'gives 900 codes to 1,000 who come at once',
  'is taken in portions, each of which may come twice',
  'lets exactly 500 of 2,000 in who come at once',
  'and those of a rush leave a mailing no slot',
  'keeps to the rate, uses it, and loses nothing',
  'seconds, whatever mailing is on its way',
  'is put off without an end among the dead letters, orders too',
  'is acted on exactly once where a step waits for it',
  'as a goal stops every mail that is not claimed yet',
  'are published without a remark, and pass their tests',
  'is read in a second when it is as long as can be',
  'costs a contact with many events no more calls than one with few',
  'is tried again file by file',
  'a mailing on its way stops within ten seconds',
  'is stopped when a template would never end',
  'leaves everyone somewhere that exists',
  'fits the grammar, has each id once',
  'has every kind of trigger and step sooner or later',
  'is refused in time with the reason',
  'holds nothing up',
  'prints what the library prints',
  'prints no HTML of others whatever they write',
  'is told in the zone of the contact, else of the shop',
];
