import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checkJourney } from '#shared/publish/check.ts';
import { checkSegment } from '#shared/publish/check-segment.ts';
import { context } from '#test/build/checked.ts';

const guide = readFileSync(join(import.meta.dirname, '../../../docs/segments.md'), 'utf8');
const [segment = '', journey = ''] = [...guide.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text]) => text ?? '');

it('the example of the guide to segments goes live as it stands there', () => {
  const one = checkSegment('segments/lapsed.json', segment, context());
  expect(one.remarks).toEqual([]);
  const segments = { lapsed: one.segment?.if ?? { tag: 'none' } };
  const two = checkJourney('journeys/come-back.json', journey, context({ segments }));
  expect(two.remarks).toEqual([]);
});
