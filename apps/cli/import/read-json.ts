import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { BadInput } from '#apps/cli/bad-input.ts';

/** One file as it is, several as a list. Throws BadInput when a file is not there or is no JSON. */
export function readJson(files: readonly string[]): unknown {
  const values = files.map(readOne);
  return values.length === 1 ? values[0] : values;
}

function readOne(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8').replace(/^\uFEFF/, ''));
  } catch (cause) {
    const why = cause instanceof SyntaxError ? 'is no JSON' : 'cannot be read';
    throw new BadInput(`${file} ${why}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** Of several files, a place says the name of its file: `cart.json: $.Activities` for `$[1].Activities`. */
export function placeIn(files: readonly string[], place: string): string {
  const [, index, rest = ''] = /^\$\[(\d+)\](.*)$/s.exec(place) ?? [];
  const file = index === undefined ? undefined : files[Number(index)];
  return files.length > 1 && file !== undefined ? `${basename(file)}: $${rest}` : place;
}
