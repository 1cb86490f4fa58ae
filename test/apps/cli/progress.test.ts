import { Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { openProgress } from '#apps/cli/progress.ts';

it('where there is no terminal, says when a task begins, and now and then how far it is', () => {
  let text = '';
  const stream = new Writable({
    write: (chunk, _, done) => {
      text += chunk;
      done();
    },
  });
  let now = 0;
  const progress = openProgress(stream, () => now);
  for (let done = 0; done <= 60; done += 1) {
    now = done * 500;
    progress.show('playing', done, 60);
  }
  progress.show('counting', 0, 0);
  expect(text).toBe('playing ...\nplaying ... 33 %\nplaying ... 66 %\nplaying ... 100 %\ncounting ...\n');
});
