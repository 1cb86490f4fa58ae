/** A pair of escaped halves, half a pair, or another escape. */
const ESCAPES = /\\u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|\\u[dD][89a-fA-F][\da-fA-F]{2}|\\./gs;
const HALF = '\\ud800'.length;

/** JSON without half characters, as texts have that were cut inside an emoji: no table holds them. */
const wellFormed = (json: string): string =>
  json.includes('\\') ? json.replaceAll(ESCAPES, (written) => (written.length === HALF ? '\\ufffd' : written)) : json;

/** More digits than a number surely holds: only then the numbers are looked at one by one. */
const MANY_DIGITS = /\d{16}/;
/** A text to its end, or to the end of all: so no quote is begun from in vain, and the time is that of one look. A whole number. */
const TEXTS_AND_NUMBERS = /"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?$)|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/gs;
const INTEGER = /^-?[1-9]\d{15,}$/;

/** Whole numbers above 2^53 become texts: they are ids, and a number would lose their last digits. */
const longIdsAsText = (json: string): string =>
  MANY_DIGITS.test(json)
    ? json.replaceAll(TEXTS_AND_NUMBERS, (written) =>
        INTEGER.test(written) && !Number.isSafeInteger(Number(written)) ? `"${written}"` : written,
      )
    : json;

/**
 * What a body says, or what is wrong with it as JSON. Whole numbers that JavaScript cannot hold are texts. Takes a time in
 * proportion to the body's length: anybody may post one.
 */
export function postedJson(text: string): { readonly posted: unknown } | { readonly error: string } {
  try {
    // Only what is JSON is worth a second look.
    const posted: unknown = JSON.parse(text);
    const exact = longIdsAsText(wellFormed(text));
    return { posted: exact === text ? posted : JSON.parse(exact) };
  } catch (error) {
    return { error: `the body is not JSON: ${error instanceof Error ? error.message : 'unreadable'}` };
  }
}
