/** A pair of escaped halves, half a pair, or another escape. */
const ESCAPES = /\\u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|\\u[dD][89a-fA-F][\da-fA-F]{2}|\\./gs;
const HALF = '\\ud800'.length;

/** JSON without half characters, as texts have that were cut inside an emoji: no table holds them. */
const wellFormed = (json: string): string =>
  json.replaceAll(ESCAPES, (written) => (written.length === HALF ? '\\ufffd' : written));

/** What a body says, or what is wrong with it as JSON. */
export function postedJson(text: string): { readonly posted: unknown } | { readonly error: string } {
  try {
    return { posted: JSON.parse(wellFormed(text)) };
  } catch (error) {
    return { error: `the body is not JSON: ${error instanceof Error ? error.message : 'unreadable'}` };
  }
}
