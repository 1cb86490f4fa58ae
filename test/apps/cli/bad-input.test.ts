import { afterEach, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { BadInput, orSayWhatIsWrong } from '#apps/cli/bad-input.ts';

afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

it.each([
  [new BadInput('There is no such folder.'), 'There is no such folder.\n'],
  [
    z.object({ state: z.enum(['inside', 'exited']) }).safeParse({ state: 'outsid' }).error,
    'Something in the table cannot be read by this version: state: Invalid option: expected one of "inside"|"exited"\nnpx tropa audit names the row.\n',
  ],
])('whoever typed it is told what is wrong, without where in the code it was noticed: %#', async (error, said) => {
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  await orSayWhatIsWrong(() => Promise.reject(error));
  expect(write.mock.calls).toEqual([[said]]);
  expect(process.exitCode).toBe(2);
});

it('a fault of the program stays one', async () => {
  await expect(orSayWhatIsWrong(() => Promise.reject(new TypeError('x')))).rejects.toThrow(TypeError);
});
