import { describe, expect, it } from 'vitest';
import { ConditionFailed, Conflict } from '#shared/errors.ts';
import { insist } from '#shared/store/insist.ts';

/** Others are faster so many times. */
function contested(times: number, error: () => Error) {
  const waited: number[] = [];
  let asked = 0;
  const work = async (): Promise<string> => {
    asked += 1;
    if (asked <= times) throw error();
    return 'done';
  };
  const clock = { sleep: async (ms: number) => void waited.push(ms) };
  return { run: (given?: typeof clock) => insist('it', work, given), clock, waited, asked: () => asked };
}
const lost = [() => new ConditionFailed([0], [undefined]), () => new Conflict('two met')];

describe('work that meets other writers', () => {
  it.each(lost)('is done again after a pause that grows (%o)', async (error) => {
    const { run, clock, waited } = contested(3, error);
    expect(await run(clock)).toBe('done');
    expect(waited).toEqual([20, 40, 80]);
  });

  it('is done again at once where there is no clock', async () => {
    expect(await contested(7, lost[0] ?? Error).run()).toBe('done');
  });

  it.each(lost)('is given up after eight times (%o)', async (error) => {
    const { run, clock, waited, asked } = contested(8, error);
    await expect(run(clock)).rejects.toThrow(new Conflict('it met other writers 8 times'));
    expect([asked(), waited.reduce((a, b) => a + b)]).toEqual([8, 5100]);
  });

  it('is not done again where it fails for another reason', async () => {
    const { run, clock, asked } = contested(1, () => new TypeError('a slip'));
    await expect(run(clock)).rejects.toThrow(TypeError);
    expect(asked()).toBe(1);
  });
});
