/** A strict reader of XML, as far as the pictures need it: elements, attributes, text, the five entities. */
export type Element = {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: (Element | string)[];
};

/** What XML 1.0 allows as a character. */
const ALLOWED = /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u;
const TOKEN = /<(\/?)([a-zA-Z][\w:-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/y;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

function decoded(text: string): string {
  return text.replace(/&([^;\s]*);?/g, (whole, name: string) => {
    const found = ENTITIES[name];
    if (found === undefined || !whole.endsWith(';')) throw new Error(`not an entity: ${whole}`);
    return found;
  });
}

function attributesOf(written: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [, name = '', value = ''] of written.matchAll(/([\w:-]+)="([^"]*)"/g)) {
    if (Object.hasOwn(found, name)) throw new Error(`twice: ${name}`);
    found[name] = decoded(value);
  }
  return found;
}

/** The one element of a document. Throws where it is not well-formed. */
export function parseXml(text: string): Element {
  if (!ALLOWED.test(text)) throw new Error('a character that XML does not allow');
  const root: Element = { name: '', attributes: {}, children: [] };
  const open: Element[] = [root];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const found = TOKEN.exec(text);
    if (!found) throw new Error(`not well-formed at ${at}: ${text.slice(at, at + 60)}`);
    const [, closing, name = '', attributes = '', empty, characters] = found;
    const around = open.at(-1) ?? root;
    if (characters !== undefined) {
      if (characters.includes(']]>')) throw new Error('"]]>" in text');
      if (open.length > 1) around.children.push(decoded(characters));
      else if (characters.trim() !== '') throw new Error(`text outside: ${characters}`);
    } else if (closing) {
      if (open.length === 1 || around.name !== name) throw new Error(`</${name}> closes <${around.name}>`);
      open.pop();
    } else {
      const element = { name, attributes: attributesOf(attributes), children: [] };
      around.children.push(element);
      if (!empty) open.push(element);
    }
  }
  const [only, ...others] = root.children;
  if (open.length > 1 || typeof only !== 'object' || others.length > 0) throw new Error('not one whole element');
  return only;
}

/** An element and all that it contains, in the order of the document. */
export const elementsIn = (element: Element): Element[] => [
  element,
  ...element.children.flatMap((child) => (typeof child === 'string' ? [] : elementsIn(child))),
];

export const textIn = (element: Element): string =>
  element.children.map((child) => (typeof child === 'string' ? child : textIn(child))).join('');
