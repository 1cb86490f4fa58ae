import { describe, expect, it } from 'vitest';
import type { Journey } from '#shared/journey/journey.ts';
import { editOf } from '#shared/publish/impact.ts';
import { print } from '#shared/publish/print.ts';
import { impactLines } from '#shared/publish/print-impact.ts';
import { journey, send, wait } from '#test/build/journey.ts';

const before = journey({ steps: [wait('long', 'P2D'), send('hello')] });
const standing = [
  { version: 2, step: 'long', contacts: 1200 },
  { version: 2, step: '', contacts: 3 },
  { version: 1, step: 'old', contacts: 1 },
  { version: 7, step: 'long', contacts: 9 },
];
const versions = [
  { version: 2, definition: before },
  { version: 1, definition: journey({ steps: [wait('old'), send('hello')] }) },
];
const said = (after: Journey) => {
  const edit = editOf(after, versions, standing);
  return edit ? impactLines({ edit }) : [];
};

describe('what becomes of those inside', () => {
  it('is told of each step that is changed or gone, in the words of their own version', () => {
    expect(said(journey({ steps: [wait('long', 'P3D'), send('hello')] }))).toEqual([
      'Changes against version 2:',
      '  Steps',
      '    ~ long',
      '        - Wait 2 days',
      '        + Wait 3 days',
      'Inside: 1204 contacts. They stay on their version and go on as before.',
      '  1,200 in "long" of version 2, which is changed',
      '  1 in "old" of version 1, which is gone',
    ]);
  });

  it.each([
    [{ inside: 'leave' }, 'They leave, as "replaced".', ''],
    [{ inside: 'move' }, 'They move to the new version.', ': nobody has said where they go on'],
    [{ inside: 'move', moved: { long: 'hello' } }, 'They move to the new version.', ': they go on at "hello"'],
    [{ inside: 'move', moved: { long: 'end' } }, 'They move to the new version.', ': they end'],
  ] as const)('is what %o says', (publish, fate, then) => {
    const lines = said(journey({ publish, steps: [send('hello')] }));
    expect(lines).toContain(`Inside: 1204 contacts. ${fate}`);
    expect(lines).toContain(`  1,200 in "long" of version 2, which is gone${then}`);
  });

  it.each([
    ['paused', 'They stand still until the journey is live again.'],
    ['archived', 'They leave, as "archived".'],
  ] as const)('hangs on the status before that: %s', (status, fate) => {
    expect(said({ ...before, status })).toContain(`Inside: 1204 contacts. ${fate}`);
  });
});

it('figures of a sample are said with "about", to two digits, and of how many', () => {
  const looked = { at: 300, of: 40_210 };
  const week = { entries: 1234, mails: 2468, usd: 0.31 };
  expect(impactLines({ existing: 12_408, week, looked })).toEqual([
    'Enter at once: about 12,000, for whom it is true already.',
    'First week: about 1,200 enter, about 2,500 mails go out, for 0.31 USD (SES and Step Functions).',
    'Looked at 300 of 40,210 contacts.',
  ]);
  expect(impactLines({ existing: 12, looked: { at: 40, of: 40 } })).toEqual([
    'Enter at once: 12, for whom it is true already.',
  ]);
});

it('a report ends with it', () => {
  const report = { file: 'journeys/a.json', remarks: [], published: 1, impact: { existing: 2 } };
  expect(print(report)).toBe(
    'journeys/a.json   PUBLISHED as version 1.\n  Enter at once: 2, for whom it is true already.\n',
  );
});
