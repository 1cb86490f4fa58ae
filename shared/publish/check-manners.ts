import type { Settings } from '#shared/settings/settings.ts';
import type { Front } from '#shared/template/front-data.ts';
import { liquidIn, withoutLiquid } from '#shared/template/mask.ts';
import { bareIn, variablesOf } from '#shared/template/variables.ts';
import { isMarketing, type LiquidPart } from './check-template.ts';
import { type Position, type Remark, remark } from './remarks.ts';
import { positions } from './syntax.ts';

/**
 * What providers and mail programs do not like in a mail. Codes: `E55` what runs, `W56` an image without words, `W57` a
 * link to nowhere, `W58` an open link, `W59` what mail programs take out, `W60` the subject, `W61` the preheader, `W62` the
 * postal address, `W63` a value that may be empty.
 */
export function checkManners(parts: readonly LiquidPart[], front: Front, settings: Settings): Remark[] {
  const body = parts.at(-1) ?? NOTHING;
  const positionOf = positions(body.text);
  const at = (offset: number): Position => body.at(positionOf(offset));
  return [
    ...tagsOf(body.text).flatMap((tag) => ofTag(tag, at)),
    ...styles(body.text, at),
    ...preheader(front, body),
    ...postalAddress(front, body, settings),
    ...mayBeEmpty(parts, settings),
  ];
}

const NOTHING: LiquidPart = { text: '', at: (position) => position };

type Attribute = { readonly name: string; readonly value: string; readonly offset: number };
type Tag = { readonly name: string; readonly offset: number; readonly attributes: readonly Attribute[] };

const TAG = /<([a-z][a-z0-9-]*)((?:"[^"]*"|'[^']*'|[^"'<>])*)>/gi;
const ATTRIBUTE = /\s([a-z][a-z0-9:-]*)\s*=\s*(?:"([^"]*)"|'([^']*)')/gi;

/** Opening tags. What stands in quotes is as it was written, with its Liquid. */
function tagsOf(text: string): Tag[] {
  return [...withoutLiquid(text).matchAll(TAG)].map(({ 1: name = '', 2: rest = '', index }) => {
    const from = index + 1 + name.length;
    const attributes = [...rest.matchAll(ATTRIBUTE)].map((found) => {
      const value = found[2] ?? found[3] ?? '';
      const end = from + found.index + found[0].length - 1;
      const written = text.slice(end - value.length, end).trim();
      return { name: (found[1] ?? '').toLowerCase(), value: written, offset: from + found.index + 1 };
    });
    return { name: name.toLowerCase(), offset: index, attributes };
  });
}

const RUNS = ['script', 'iframe', 'object', 'embed', 'applet'];
const FORMS = ['form', 'input', 'select', 'textarea'];
const IMAGES = ['img', 'mj-image', 'mj-carousel-image'];
const ADDRESSES = ['href', 'src', 'background-url', 'background'];

type At = (offset: number) => Position;

function ofTag({ name, offset, attributes }: Tag, at: At): Remark[] {
  const said = (code: string, message: string): Remark => remark(code, at(offset), message);
  const has = (wanted: string): boolean => attributes.some((one) => one.name === wanted);
  const sheet = name === 'link' && attributes.some((one) => one.name === 'rel' && /stylesheet/i.test(one.value));
  return [
    ...(RUNS.includes(name) ? [said('E55', runs(`<${name}>`))] : []),
    ...attributes.flatMap((one) =>
      /^on[a-z]+$/.test(one.name) ? [remark('E55', at(one.offset), runs(one.name))] : [],
    ),
    ...(IMAGES.includes(name) && !has('alt') ? [said('W56', noWords(name))] : []),
    ...attributes.flatMap((one) => (ADDRESSES.includes(one.name) ? addressed(one, at(one.offset)) : [])),
    ...(FORMS.includes(name) ? [said('W59', `Mail programs take <${name}> out. Link to a page that has it.`)] : []),
    ...(sheet || name === 'mj-font' ? [said('W59', fetched(`<${name}>`))] : []),
  ];
}

const runs = (what: string): string =>
  `${what} runs in no mail program, and filters take a mail that has it for an attack. Take it out.`;

const noWords = (name: string): string =>
  `This <${name}> has no "alt". Many see the words in place of the image: alt="what it shows", or alt="" for an ornament.`;

const fetched = (what: string): string =>
  `${what} is fetched from elsewhere when the mail is opened, and most mail programs do not. Write styles into <mj-style>, and name fonts that are there.`;

const WHOLE = /^(?:https:\/\/[^\s/]|mailto:.|tel:.|sms:.|cid:.|#.|\{\{|\{%)/i;

function addressed({ name, value }: Attribute, at: Position): Remark[] {
  if (/^javascript:/i.test(value)) return [remark('E55', at, runs('"javascript:"'))];
  if (/^http:\/\//i.test(value))
    return [remark('W58', at, `"${value}" can be read and changed on its way. Write "https://".`)];
  if (WHOLE.test(value) || (name.startsWith('background') && /^[a-z#]?[\w()#,. %-]*$/i.test(value))) return [];
  const said =
    value === '' || value === '#' ? `This "${name}" leads nowhere.` : `"${value}" leads nowhere from a mail.`;
  return [
    remark('W57', at, `${said} Write the whole address, as "https://www.shop.example/new" or "{{ shop.url }}/new".`),
  ];
}

/** `@import` in styles. */
const styles = (text: string, at: At): Remark[] =>
  [...withoutLiquid(text).matchAll(/@import\b/g)].map(({ index }) => remark('W59', at(index), fetched('"@import"')));

/** Telephones show about half of it. */
const LONGEST_SUBJECT = 80;

/** The subject as somebody with the sample sees it. */
export function checkSubject(subject: string, at: Position): Remark[] {
  const length = [...subject].length;
  if (length === 0) return [remark('W60', at, 'With its sample the subject is empty. Give what it prints a default.')];
  if (length <= LONGEST_SUBJECT) return [];
  const said = `The subject has ${length} letters with its sample, and mail programs cut it off at about ${LONGEST_SUBJECT}.`;
  return [remark('W60', at, `${said} Say the most important thing first, and less.`)];
}

const FIRST: Position = { line: 1, column: 1 };

function preheader(front: Front, { text }: LiquidPart): Remark[] {
  if (front.preheader.trim() !== '' || /<mj-preview[\s>]/.test(text)) return [];
  const said = 'Mail programs show the beginning of the mail behind the subject. Say it better: "preheader": "...".';
  return [remark('W61', FIRST, said)];
}

/** Laws of many countries ask for it in advertising. */
function postalAddress(front: Front, { text, at }: LiquidPart, settings: Settings): Remark[] {
  if (!isMarketing(front, settings)) return [];
  if (!variablesOf(text).some(({ path }) => path === 'shop.address'))
    return [remark('W62', at(FIRST), 'Marketing mail says where the shop is: print {{ shop.address }}.')];
  if (settings.shop.address) return [];
  const said = 'The shop has no postal address to print: add "address" under "shop" in settings.json.';
  return [remark('W62', at(FIRST), said)];
}

/** What every mail has. Of the trigger, steps and data journeys say whether they have it. */
const ALWAYS = ['contact.email', 'contact.tags', 'contact.createdAt', 'shop.name', 'shop.timeZone', 'shop.locale'];
const ALWAYS_TOO = ['shop.currency', 'message.id', 'message.at', 'message.locale', 'message.unsubscribe_url'];
/** Of those that may ask to confirm: where it may not, that is another remark's affair. */
const CONFIRMING = ['message.confirm_url'];

function mayBeEmpty(parts: readonly LiquidPart[], { shop }: Settings): Remark[] {
  const there = new Set([...ALWAYS, ...ALWAYS_TOO, ...CONFIRMING, ...Object.keys(shop).map((name) => `shop.${name}`)]);
  const said = new Set<string>();
  return parts.flatMap(({ text, at }) =>
    printedIn(text).flatMap(({ path, position }) => {
      const [root = '', member] = path.split('.');
      if (!['contact', 'shop', 'message'].includes(root) || member === undefined) return [];
      if (there.has(path) || said.has(path)) return [];
      said.add(path);
      return [remark('W63', at(position), emptyFor(path))];
    }),
  );
}

const emptyFor = (path: string): string =>
  path.startsWith('shop.')
    ? `settings.json has no "${path.slice('shop.'.length)}" under "shop", so ${path} prints nothing.`
    : `Not everybody has ${path}. Say what stands in its place: {{ ${path} | default: '...' }}, or ask with {% if ${path} %}.`;

/** Paths that are printed without a `default`, and not only asked about, with where. */
function printedIn(text: string): { path: string; position: Position }[] {
  const positionOf = positions(text);
  const outputs = liquidIn(text).filter(({ start }) => text.startsWith('{{', start));
  const places = outputs.map(({ start, end }) => ({ from: positionOf(start), to: positionOf(end) }));
  const isIn = ({ line, column }: Position) =>
    places.some(
      ({ from, to }) =>
        (from.line < line || (from.line === line && from.column <= column)) &&
        (line < to.line || (line === to.line && column < to.column)),
    );
  return bareIn(text)
    .filter(isIn)
    .map(({ path, line, column }) => ({ path, position: { line, column } }));
}
