/** A pair of escaped halves, half a pair, or another escape. */
const ESCAPES = /\\u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|\\u[dD][89a-fA-F][\da-fA-F]{2}|\\./gs;
const HALF = '\\ud800'.length;

/** JSON without half characters, as texts have that were cut inside an emoji: no table holds them. */
const wellFormed = (json: string): string =>
  json.includes('\\') ? json.replaceAll(ESCAPES, (written) => (written.length === HALF ? '\\ufffd' : written)) : json;

/** More digits than a number surely holds: only then the numbers are looked at one by one. */
const MANY_DIGITS = /\d{16}/;
/** A whole text, or a whole number. */
const TEXTS_AND_NUMBERS = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/gs;
const INTEGER = /^-?[1-9]\d{15,}$/;

/** Whole numbers above 2^53 become texts: they are ids, and a number would lose their last digits. */
const longIdsAsText = (json: string): string =>
  MANY_DIGITS.test(json)
    ? json.replaceAll(TEXTS_AND_NUMBERS, (written) =>
        INTEGER.test(written) && !Number.isSafeInteger(Number(written)) ? `"${written}"` : written,
      )
    : json;

/** What a body says, or what is wrong with it as JSON. Whole numbers that JavaScript cannot hold are texts. */
export function postedJson(text: string): { readonly posted: unknown } | { readonly error: string } {
  try {
    return { posted: JSON.parse(longIdsAsText(wellFormed(text))) };
  } catch (error) {
    return { error: `the body is not JSON: ${error instanceof Error ? error.message : 'unreadable'}` };
  }
}
