import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { preview } from '#shared/diagram/picture.ts';
import { journeySchema } from '#shared/journey/journey.ts';
import { parseJsonc } from '#shared/publish/parse.ts';
import { example, exampleKeys } from '#test/build/examples.ts';

const PICTURES = join(import.meta.dirname, '../../../docs/pictures');

describe('the pictures in docs', () => {
  it.each(exampleKeys('journeys'))('show %s as it is now; "npx vitest -u" draws them anew', async (key) => {
    const journey = journeySchema.parse(parseJsonc(example(key)).value);
    await expect(preview(journey).svg).toMatchFileSnapshot(join(PICTURES, `${journey.id}.svg`));
  });
});
