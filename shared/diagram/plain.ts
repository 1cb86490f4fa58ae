/** Names come from files that anybody may have written, and go into terminals and pictures. */

// Controls move a terminal's cursor and are forbidden in XML; marks of direction turn the text around them.
const CONTROLS = /[\p{Cc}\u2028\u2029\s]+/gu;
const DIRECTIONS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu;
const NO_CHARACTERS = /[\ufffe\uffff]/gu;

/** The text in one line, without anything that acts instead of being read. */
export const plain = (text: string): string =>
  text.toWellFormed().replace(DIRECTIONS, '').replace(NO_CHARACTERS, '\ufffd').replace(CONTROLS, ' ').trim();
