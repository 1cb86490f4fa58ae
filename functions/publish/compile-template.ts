import { checkManners, checkSubject } from '#shared/publish/check-manners.ts';
import { checkLiquid, checkRights, hiddenWayOut, isMarketing, liquidParts } from '#shared/publish/check-template.ts';
import { garbled } from '#shared/publish/encoding.ts';
import {
  BAD_LAYOUT,
  BAD_LIQUID,
  hasErrors,
  inOrder,
  MISFIT,
  notYet,
  OVER_LIMIT,
  type Position,
  type Remark,
  remark,
  TOO_LONG_A_MAIL,
  TOP,
  tooLong,
} from '#shared/publish/remarks.ts';
import type { Settings } from '#shared/settings/settings.ts';
import { assemble } from '#shared/template/assemble.ts';
import { type Brand, noBrand } from '#shared/template/brand.ts';
import type { LayoutProblem, TemplateCompiler } from '#shared/template/compiler.ts';
import { tooDeepLayout, tooMuchLiquid } from '#shared/template/depth.ts';
import { type Fronted, readFront } from '#shared/template/front.ts';
import type { Front } from '#shared/template/front-data.ts';
import { canonicalLocale } from '#shared/template/language.ts';
import { problemOf } from '#shared/template/liquid.ts';
import { withoutLiquid } from '#shared/template/mask.ts';
import { render } from '#shared/template/render.ts';
import { sampleScope } from '#shared/template/sample.ts';
import { type CompiledTemplate, readTemplateKey, templateVersion } from '#shared/template/template.ts';
import { guardedIn, variablesOf } from '#shared/template/variables.ts';
import { showsWayOut } from '#shared/template/way-out.ts';

export type CheckTemplateDeps = {
  readonly compiler: TemplateCompiler;
  readonly settings: Settings;
  readonly brand?: Brand;
};
/** `guarded`: paths that it prints and does without. `parts`: what it takes in of the brand. */
type Checked = {
  template?: CompiledTemplate;
  guarded?: readonly string[];
  parts?: readonly string[];
  remarks: readonly Remark[];
};

/** Gmail shows the beginning of a longer mail and hides the rest, with the unsubscribe link, behind another. */
const GMAIL_CUTS_AT = 102 * 1024;

/**
 * Makes a template of an uploaded file: layout done, Liquid intact, tried out with its sample. The template is there
 * when no remark is an error. Remarks are in the order of the file.
 */
export async function checkTemplate(key: string, text: string, deps: CheckTemplateDeps): Promise<Checked> {
  const name = readTemplateKey(key);
  const refused = tooLong(text) ?? garbled(text) ?? (name ? (notMail(name) ?? misspelt(name)) : misplaced(key));
  if (refused || !name) return { remarks: refused ? [refused] : [] };
  try {
    return await checkMail(name, readFront(text), deps);
  } catch (error) {
    // Nothing here reads from anywhere: whatever is thrown is thrown by what stands in the file.
    const said = error instanceof Error ? error.message : String(error);
    return { remarks: [remark(BAD_LAYOUT, TOP, `Nothing can be made of this template: ${said}.`)] };
  }
}

type Name = NonNullable<ReturnType<typeof readTemplateKey>>;

const MISPLACED =
  'A mail lies at "templates/<id>/email.mjml", and in Polish at "templates/<id>/email.pl.mjml"; <id> is of small letters, digits and "-".';

function misplaced(key: string): Remark {
  const [, folder = '', file = ''] = key.split('/');
  const place = `templates/${folder.replace(/[_ ]/g, '-').toLowerCase()}`;
  // "email-pl.mjml", "email_pl.mjml", "Email.pl.mjml": the language is there, and written otherwise.
  const written = /^e?mail[-_. ]([a-z]{2}(?:-[a-z]{2})?)\.mjml$/i.exec(file)?.[1];
  const locale = written && canonicalLocale(written);
  const hint = locale ? ` Is "${place}/email.${locale}.mjml" meant?` : '';
  return remark(MISFIT, TOP, `${MISPLACED}${hint}`);
}

/** A variant is looked for by its locale as BCP 47 writes it, so another spelling would never be found. */
function misspelt({ channel, form, locale }: Name): Remark | undefined {
  const written = locale && canonicalLocale(locale);
  if (written === locale) return undefined;
  const hint = written
    ? `Name the file ${channel}.${written}.${form}.`
    : 'Write a language, as pl, or one with a country, as pt-BR.';
  return remark(MISFIT, TOP, `No contact has the locale "${locale}". ${hint}`);
}

function notMail({ channel, form }: Name): Remark | undefined {
  if (channel !== 'email') return notYet(TOP, 'Channels other than email are', 'Name the file email.mjml.');
  return form === 'mjml' ? undefined : remark(MISFIT, TOP, 'Mail is written in MJML: name the file email.mjml.');
}

async function checkMail(
  name: Name,
  fronted: Fronted,
  { settings, compiler, brand }: CheckTemplateDeps,
): Promise<Checked> {
  const { front, bodyLine } = fronted;
  if (!front) return { remarks: inOrder(fronted.remarks) };
  const shops = settings.shop.locale;
  const { layout } = front;
  // A layout prints the subject, too. What is wrong with that is said once, where the subject stands.
  const subject = readsWell(front.subject, name.locale || shops) ? front.subject : '';
  const wanted = { body: fronted.body, locale: name.locale, shops, layout, subject, brand: brand ?? noBrand() };
  const { text: body, parts, ...assembled } = assemble(wanted);
  const inFile = <P extends Position>(place: P): P => ({ ...place, line: place.line + bodyLine - 1 });
  const at = (position: Position): Position => inFile(assembled.at(position));
  const given = [...fronted.remarks, ...assembled.remarks.map(inFile)];
  if (hasErrors(given)) return { parts, remarks: inOrder(given) };
  const deep = tooMuchLiquid(body) ?? tooDeepLayout(withoutLiquid(body));
  if (deep) return { remarks: [{ ...layoutRemark(deep, at), code: OVER_LIMIT }] };
  const texts = liquidParts(front, fronted, { text: body, at });
  const said = [
    ...given,
    ...checkLiquid(texts, name.locale || shops),
    ...checkRights(front, { ...fronted, whole: body }, name.id, settings),
  ];
  if (hasErrors(said)) return { remarks: inOrder(said) };
  const { html, text, problems } = await compiler.compile(body, { preheader: front.preheader });
  if (problems.length > 0) return { remarks: inOrder([...said, ...problems.map((p) => layoutRemark(p, at))]) };
  const template = compiled(name, front, { html, text, body });
  const tried = [...said, ...tryOut(template, fronted, settings)];
  // What is wrong comes first; how it could be better is for a mail that can go.
  const remarks = inOrder(hasErrors(tried) ? tried : [...tried, ...checkManners(texts, front, settings)]);
  return hasErrors(remarks) ? { remarks } : { template, guarded: guardedOf(front, body), parts, remarks };
}

const readsWell = (subject: string, locale: string): boolean =>
  checkLiquid([{ text: subject, at: (position) => position }], locale).length === 0;

/** What is guarded in one part and bare in another is bare. */
function guardedOf({ subject, preheader }: Front, body: string): readonly string[] {
  const parts = [subject, preheader, body].map((text) => ({
    all: variablesOf(text).map(({ path }) => path),
    guarded: guardedIn(text),
  }));
  const bare = new Set(parts.flatMap(({ all, guarded }) => all.filter((path) => !guarded.includes(path))));
  return [...new Set(parts.flatMap(({ guarded }) => guarded))].filter((path) => !bare.has(path)).sort();
}

const layoutRemark = ({ line, column = 1, message }: LayoutProblem, at: (place: Position) => Position): Remark =>
  remark(BAD_LAYOUT, at({ line, column }), message);

function compiled(
  { id, channel, locale }: Pick<CompiledTemplate, 'id' | 'channel' | 'locale'>,
  front: Front,
  made: { html: string; text: string; body: string },
): CompiledTemplate {
  const { subject, preheader, note: _note, layout: _layout, ...rest } = front;
  const { html, text, body } = made;
  const paths = [subject, preheader, body].flatMap((part) => variablesOf(part).map(({ path }) => path));
  const variables = [...new Set(paths)].sort();
  const content = { v: 1 as const, id, channel, locale, subject, preheader, html, text, variables, ...rest };
  return { ...content, version: templateVersion(content) };
}

/** What only shows when it is rendered: a filter that cannot take its value, a loop without end, the size, what is hidden. */
function tryOut(template: CompiledTemplate, { bodyLine, source }: Fronted, settings: Settings): Remark[] {
  try {
    const mail = render(template, sampleScope(template, settings));
    const bytes = new TextEncoder().encode(mail.html).length;
    const size = `Gmail cuts a mail off at 102 KB, and this one has ${Math.round(bytes / 1024)} KB.`;
    const said = `${size} What stands last is not seen, as the way to unsubscribe: say less, or link to a page with the rest.`;
    const hidden = isMarketing(template, settings) && !showsWayOut(mail);
    return [
      ...checkSubject(mail.subject, source.at(['subject'])),
      ...(hidden ? [remark('E14', { line: bodyLine, column: 1 }, hiddenWayOut(template.id))] : []),
      ...(bytes > GMAIL_CUTS_AT ? [remark(TOO_LONG_A_MAIL, TOP, said)] : []),
    ];
  } catch (error) {
    return [remark(BAD_LIQUID, TOP, `With its sample this template fails: ${problemOf(error).message}`)];
  }
}
