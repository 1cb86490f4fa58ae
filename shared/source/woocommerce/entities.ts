const NAMED: Readonly<Record<string, string>> = {
  ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ', ndash: '–', mdash: '—', hellip: '…' },
  ...{ lsquo: '‘', rsquo: '’', ldquo: '“', rdquo: '”', times: '×', deg: '°', reg: '®', trade: '™', copy: '©' },
};

const HIGHEST = 0x10ffff;

function character(entity: string): string | undefined {
  const number = /^#(?:x([\da-f]{1,6})|(\d{1,7}))$/i.exec(entity);
  if (!number) return Object.hasOwn(NAMED, entity) ? NAMED[entity] : undefined;
  const code = number[1] === undefined ? Number(number[2]) : Number.parseInt(number[1], 16);
  const isHalf = code >= 0xd800 && code <= 0xdfff;
  return code > 0 && code <= HIGHEST && !isHalf ? String.fromCodePoint(code) : undefined;
}

/** WordPress writes names as HTML: `Salt &amp; Pepper &#8211; large`. What is no entity that is known stays. */
export const withoutEntities = (html: string): string =>
  html.replaceAll(/&(#x?[\da-f]{1,7}|[a-z]{2,8});/gi, (written, entity: string) => character(entity) ?? written);
