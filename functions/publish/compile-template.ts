import { checkLiquid, checkRights, liquidParts } from '#shared/publish/check-template.ts';
import { garbled } from '#shared/publish/encoding.ts';
import {
  BAD_LAYOUT,
  BAD_LIQUID,
  hasErrors,
  inOrder,
  MISFIT,
  notYet,
  type Remark,
  remark,
  TOO_LONG_A_MAIL,
} from '#shared/publish/remarks.ts';
import type { Settings } from '#shared/settings/settings.ts';
import type { LayoutProblem, TemplateCompiler } from '#shared/template/compiler.ts';
import { type Front, type Fronted, readFront } from '#shared/template/front.ts';
import { problemOf } from '#shared/template/liquid.ts';
import { render } from '#shared/template/render.ts';
import { sampleScope } from '#shared/template/sample.ts';
import { type CompiledTemplate, readTemplateKey, templateVersion } from '#shared/template/template.ts';
import { variablesOf } from '#shared/template/variables.ts';

export type CheckTemplateDeps = { readonly compiler: TemplateCompiler; readonly settings: Settings };
type Checked = { template?: CompiledTemplate; remarks: readonly Remark[] };

const TOP = { line: 1, column: 1 };
/** Gmail shows the beginning of a longer mail and hides the rest, with the unsubscribe link, behind another. */
const GMAIL_CUTS_AT = 102 * 1024;

/**
 * Makes a template of an uploaded file: layout done, Liquid intact, tried out with its sample. The template is there
 * when no remark is an error. Remarks are in the order of the file.
 */
export async function checkTemplate(key: string, text: string, deps: CheckTemplateDeps): Promise<Checked> {
  const name = readTemplateKey(key);
  if (!name)
    return { remarks: [remark(MISFIT, TOP, 'A template lies at "templates/<id>/<channel>[.<locale>].mjml".')] };
  if (name.channel !== 'email') return { remarks: [notYet(TOP, 'Channels other than email are')] };
  if (name.form !== 'mjml')
    return { remarks: [remark(MISFIT, TOP, 'Mail is written in MJML: name the file email.mjml.')] };
  const strange = garbled(text);
  if (strange) return { remarks: [strange] };
  const fronted = readFront(text);
  const { front } = fronted;
  if (!front) return { remarks: inOrder(fronted.remarks) };
  const parts = liquidParts(front, fronted);
  const said = [...fronted.remarks, ...checkLiquid(parts), ...checkRights(front, fronted, name.id, deps.settings)];
  if (hasErrors(said)) return { remarks: inOrder(said) };
  const { html, text: plain, problems } = await deps.compiler.compile(fronted.body, { preheader: front.preheader });
  if (problems.length > 0) return { remarks: inOrder([...said, ...problems.map((p) => layoutRemark(p, fronted))]) };
  const template = compiled(name, front, { html, text: plain, body: fronted.body });
  const remarks = inOrder([...said, ...tryOut(template, deps.settings)]);
  return hasErrors(remarks) ? { remarks } : { template, remarks };
}

const layoutRemark = ({ line, column = 1, message }: LayoutProblem, { bodyLine }: Fronted): Remark =>
  remark(BAD_LAYOUT, { line: line + bodyLine - 1, column }, message);

function compiled(
  { id, channel, locale }: Pick<CompiledTemplate, 'id' | 'channel' | 'locale'>,
  front: Front,
  made: { html: string; text: string; body: string },
): CompiledTemplate {
  const { subject, preheader, note: _note, ...rest } = front;
  const { html, text, body } = made;
  const paths = [subject, preheader, body].flatMap((part) => variablesOf(part).map(({ path }) => path));
  const variables = [...new Set(paths)].sort();
  const content = { v: 1 as const, id, channel, locale, subject, preheader, html, text, variables, ...rest };
  return { ...content, version: templateVersion(content) };
}

/** What only shows when it is rendered: a filter that cannot take its value, a loop without end, the size. */
function tryOut(template: CompiledTemplate, settings: Settings): Remark[] {
  try {
    const { html } = render(template, sampleScope(template, settings));
    const bytes = new TextEncoder().encode(html).length;
    if (bytes <= GMAIL_CUTS_AT) return [];
    const said = `Gmail cuts a mail off at 102 KB, and this one has ${Math.round(bytes / 1024)} KB.`;
    return [remark(TOO_LONG_A_MAIL, TOP, said)];
  } catch (error) {
    return [remark(BAD_LIQUID, TOP, `With its sample this template fails: ${problemOf(error).message}`)];
  }
}
