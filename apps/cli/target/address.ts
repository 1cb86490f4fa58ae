import { BadInput } from '#apps/cli/bad-input.ts';
import { USUAL_URL } from '#apps/local/with-state.ts';

/** An address of Tropa as a person says it, without a slash at its end. Throws BadInput. */
export function addressOf(url: string): string {
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return url.replace(/\/+$/, '');
  throw new BadInput(`"${url}" is no address. One looks like ${USUAL_URL}, or https://go.shop.example`);
}
