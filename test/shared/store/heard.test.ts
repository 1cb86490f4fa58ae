import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Placeholders, updateExpression } from '#shared/adapters/aws/expressions.ts';
import { loadEnrolment, putNewEnrolment } from '#shared/store/enrolments.ts';
import { noteHeard } from '#shared/store/heard.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { enrolment } from '#test/build/enrolment.ts';
import { memoryTable } from '#test/build/table.ts';

const EXPRESSION_LIMIT = 4096;
const listeners = (n: number) => Array.from({ length: n }, (_, i) => `step-with-a-name-as-long-as-one-may-be-${i}/0`);
const passage = enrolment();

async function heardAfter(hearings: readonly (readonly string[])[]) {
  const { table, clock } = memoryTable();
  await table.write(putNewEnrolment(passage, clock.now()));
  for (const [i, of] of hearings.entries()) {
    const at = plusMillis(passage.entered, i);
    await table.write(noteHeard(passage, of, { event: `e${i}`, type: 'page.viewed', at }, at));
  }
  return loadEnrolment(table, passage);
}

describe('what a passage hears', () => {
  it.each([1, 20, 21, 300])('is noted within what DynamoDB takes at once, for %i listeners', async (n) => {
    const note = noteHeard(
      passage,
      listeners(n),
      { event: 'e', type: 'page.viewed', at: passage.entered },
      passage.entered,
    );
    if (note.kind !== 'update') throw new Error('a note is an update');
    expect(updateExpression(note.change, new Placeholders()).length).toBeLessThan(EXPRESSION_LIMIT);
  });

  it('is told to each listener: the first event that it heard, and how many', async () => {
    const some = fc.subarray(listeners(30), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(fc.array(some, { maxLength: 6 }), async (hearings) => {
        const heard: Record<string, object> = {};
        for (const id of new Set(hearings.flat())) {
          const first = hearings.findIndex((of) => of.includes(id));
          const n = hearings.filter((of) => of.includes(id)).length;
          heard[id] = { n, event: `e${first}`, type: 'page.viewed', at: plusMillis(passage.entered, first) };
        }
        expect(await heardAfter(hearings)).toMatchObject({ heard, seq: hearings.length });
      }),
      { numRuns: 50 },
    );
  });
});
