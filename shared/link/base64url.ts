/** RFC 4648 section 5, without padding. Own, because the core knows neither Buffer nor btoa. */
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

const letter = (sextet: number): string => ALPHABET.charAt(sextet & 63);

export function toBase64Url(bytes: Uint8Array): string {
  let out = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const a = bytes[i] ?? 0;
    const b = bytes[i + 1] ?? 0;
    const c = bytes[i + 2] ?? 0;
    out += letter(a >> 2) + letter((a << 4) | (b >> 4)) + letter((b << 2) | (c >> 6)) + letter(c);
  }
  const missing = (3 - (bytes.length % 3)) % 3;
  // The letters of bytes that are not there stand for nothing.
  return missing ? out.slice(0, -missing) : out;
}

/** The bytes, or undefined where the text has another letter or an impossible length. */
export function fromBase64Url(text: string): Uint8Array | undefined {
  if (text.length % 4 === 1) return undefined;
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let buffer = 0;
  let bits = 0;
  let at = 0;
  for (const character of text) {
    const sextet = ALPHABET.indexOf(character);
    if (sextet < 0) return undefined;
    buffer = ((buffer << 6) | sextet) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[at++] = (buffer >> bits) & 0xff;
  }
  return bytes;
}
