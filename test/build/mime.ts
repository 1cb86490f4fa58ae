/** A mail as a strict mailbox reads it: throws for whatever the RFCs do not allow. */
export type Part = {
  /** By name in small letters, each once, decoded. */
  readonly headers: Readonly<Record<string, string>>;
  readonly type: string;
  /** Line ends as one `\n`. */
  readonly body: string;
  readonly parts: readonly Part[];
};

const refuse = (what: string): never => {
  throw new Error(`no mail: ${what}`);
};

export function readMime(source: string): Part {
  if (!/^[\t\r\n\x20-\x7e]*$/.test(source)) refuse('it has other signs than ASCII');
  if (/(?<!\r)\n|\r(?!\n)/.test(source)) refuse('a line ends without CRLF');
  for (const line of source.split('\r\n')) if (line.length > 998) refuse('a line of more than 998 characters');
  return readPart(source);
}

function readPart(source: string): Part {
  const end = source.indexOf('\r\n\r\n');
  if (end < 0) refuse('headers without an end');
  const headers: Record<string, string> = {};
  for (const line of source
    .slice(0, end)
    .replaceAll(/\r\n(?=[ \t])/g, '')
    .split('\r\n')) {
    const [, name = refuse(`a header like ${line}`), value = ''] = /^([!-9;-~]+): (.*)$/.exec(line) ?? [];
    if (name.toLowerCase() in headers) refuse(`two headers ${name}`);
    headers[name.toLowerCase()] = words(value);
  }
  const [type = ''] = (headers['content-type'] ?? '').split(';');
  const body = source.slice(end + 4);
  const boundary = /boundary="([^"]{1,70})"/.exec(headers['content-type'] ?? '')?.[1];
  if (type.startsWith('multipart/'))
    return { headers, type, body: '', parts: partsOf(body, boundary ?? refuse('no boundary')) };
  if (headers['content-transfer-encoding'] !== 'quoted-printable') refuse('an encoding that is not known');
  return { headers, type, body: printable(body), parts: [] };
}

function partsOf(body: string, boundary: string): Part[] {
  const [before = '', ...rest] = `\r\n${body}`.split(`\r\n--${boundary}`);
  if (before.trim() !== '' || rest.pop()?.trim() !== '--') refuse('parts without beginning or end');
  return rest.map((part) => (part.startsWith('\r\n') ? readPart(part.slice(2)) : refuse('a boundary within a line')));
}

/** RFC 2047: spaces between encoded words are no text. */
function words(value: string): string {
  const word = /=\?UTF-8\?B\?([A-Za-z0-9+/]*={0,2})\?=/g;
  for (const [whole] of value.matchAll(word))
    if (whole.length > 75) refuse('an encoded word of more than 75 characters');
  return value
    .replaceAll(/(\?=) +(?==\?)/g, '$1')
    .replaceAll(word, (_, digits: string) =>
      new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(digits, 'base64')),
    );
}

/** RFC 2045, section 6.7. */
function printable(body: string): string {
  for (const line of body.split('\r\n')) {
    if (line.length > 76) refuse('a line of more than 76 characters');
    if (/[\t ]$/.test(line)) refuse('white space at the end of a line');
    if (/=(?![0-9A-F]{2}|$)/.test(line)) refuse(`an escape that is none: ${line}`);
  }
  const signs = body
    .replaceAll('=\r\n', '')
    .replaceAll('\r\n', '\n')
    .replaceAll(/=([0-9A-F]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
  return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(signs, 'latin1'));
}
