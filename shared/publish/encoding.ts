import { NOT_UTF8, type Remark, remark } from './remarks.ts';
import { positions } from './syntax.ts';

/** What decoding leaves of bytes that are not UTF-8, and the zero bytes between the letters of UTF-16. */
const GARBLED = /[\uFFFD\0]/;

/**
 * What is said of a file that was saved in another encoding: read as UTF-8, its letters would reach customers garbled.
 * `firstLine`: of
 * the file, on which the text begins. Undefined for a file that is fine.
 */
export function garbled(text: string, firstLine = 1): Remark | undefined {
  const found = GARBLED.exec(text);
  if (!found) return undefined;
  const message = 'This file is not in UTF-8, and its letters would be garbled. Save it again with the encoding UTF-8.';
  return remark(NOT_UTF8, positions(text, firstLine)(found.index), message);
}
