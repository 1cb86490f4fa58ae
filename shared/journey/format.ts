/** JSON text as a person would lay it out: what fits into a line stands on one line, all else is broken. */

const WIDTH = 120;

type Members = readonly (readonly [prefix: string, value: unknown])[];

function membersOf(value: object): Members {
  if (Array.isArray(value)) return value.map((member) => ['', member] as const);
  return Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .map(([key, member]) => [`${JSON.stringify(key)}: `, member] as const);
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

function onOneLine(value: unknown): string {
  if (!isObject(value)) return JSON.stringify(value) ?? 'null';
  const inner = membersOf(value).map(([prefix, member]) => prefix + onOneLine(member));
  if (Array.isArray(value)) return `[${inner.join(', ')}]`;
  return inner.length === 0 ? '{}' : `{ ${inner.join(', ')} }`;
}

/** Words and numbers fill their lines. */
function filled(words: readonly string[], indent: string): string {
  const lines: string[] = [];
  words.forEach((word, i) => {
    const text = i < words.length - 1 ? `${word},` : word;
    const line = `${lines.at(-1) ?? indent} ${text}`;
    if (lines.length === 0 || line.length > WIDTH) lines.push(`${indent}${text}`);
    else lines[lines.length - 1] = line;
  });
  return lines.join('\n');
}

function broken(value: object, indent: string): string {
  const deeper = `${indent}  `;
  if (Array.isArray(value) && !value.some(isObject)) {
    return `[\n${filled(value.map(onOneLine), deeper)}\n${indent}]`;
  }
  const lines = membersOf(value).map(([prefix, member], i, all) => {
    const comma = i < all.length - 1 ? ',' : '';
    return `${deeper}${prefix}${laidOut(member, deeper, deeper.length + prefix.length + comma.length)}${comma}`;
  });
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  return `${open}\n${lines.join('\n')}\n${indent}${close}`;
}

/** `taken`: columns of the line that are not the value's. */
function laidOut(value: unknown, indent: string, taken: number): string {
  const line = onOneLine(value);
  if (!isObject(value) || membersOf(value).length === 0) return line;
  return taken + line.length <= WIDTH ? line : broken(value, indent);
}

/** The text of a journey, segment or settings file. The outermost object is always broken. `value` is JSON. */
export function formatJson(value: unknown): string {
  const empty = !isObject(value) || membersOf(value).length === 0;
  return `${empty ? onOneLine(value) : broken(value, '')}\n`;
}
