import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FaultyFile } from '#apps/cli/bad-input.ts';
import { brandIn } from '#apps/cli/validate/brand.ts';
import { filesOf } from '#apps/local/shop-files.ts';
import { checkTemplate } from '#functions/publish/compile-template.ts';
import { mjmlCompiler } from '#shared/adapters/mjml/compiler.ts';
import { checkSettings } from '#shared/publish/check-settings.ts';
import { remarkLines } from '#shared/publish/print.ts';
import type { Remark } from '#shared/publish/remarks.ts';
import type { Settings } from '#shared/settings/settings.ts';
import { defaultSettings } from '#shared/store/journeys.ts';
import { isObject } from '#shared/store/json.ts';
import type { Json } from '#shared/store/table.ts';
import { problemOf } from '#shared/template/liquid.ts';
import { type Rendered, type RenderScope, render } from '#shared/template/render.ts';
import { sampleScope } from '#shared/template/sample.ts';
import type { CompiledTemplate } from '#shared/template/template.ts';

/** What stands in for the `sample` of a template, part by part: `contact`, `trigger` and the like. */
export type Given = Readonly<Record<string, Json>>;
export type Links = { readonly unsubscribe_url: string; readonly preferences_url: string; readonly view_url: string };

/** A mail as it reads with the `sample` of its template, and with what was given in its place. */
export type SampleMail = Rendered & {
  /** `still-undecided.pl`, with the locale of its variant. */
  readonly name: string;
  readonly template: CompiledTemplate;
  readonly preheader: string;
  readonly settings: Settings;
  /** How it could be better. */
  readonly remarks: readonly Remark[];
  /** What it prints and nobody has given, so that nothing stands there. */
  readonly missing: readonly string[];
};

/** Whether a name is that of a mail's file. */
export const isMail = (file: string): boolean => /\.mjml$/i.test(file);

/** A mail of a shop's folder, by its key. Throws FaultyFile when it has errors, or cannot take what was given. */
export async function sampleMail(
  folder: string,
  key: string,
  { given = {}, locale, links }: { given?: Given; locale?: string | undefined; links?: Links } = {},
): Promise<SampleMail> {
  const settings = settingsOf(folder);
  const { template, remarks, guarded } = await checkTemplate(key, readFileSync(join(folder, key), 'utf8'), {
    compiler: mjmlCompiler,
    settings,
    brand: brandIn(filesOf(folder)),
  });
  if (!template) throw new FaultyFile([`${join(folder, key)}   NOT DRAWN.`, ...remarkLines(remarks)].join('\n'));
  const sample = { ...template.sample, ...given };
  const contact = isObject(sample['contact']) ? sample['contact'] : {};
  const reader = locale === undefined ? contact : { ...contact, locale };
  const sampled = sampleScope({ ...template, sample: { ...sample, contact: reader } }, settings);
  const scope = { ...sampled, message: { ...sampled.message, ...links } };
  const { subject: preheader } = printed(key, preheaderOf(template), scope);
  return {
    name: [template.id, template.locale].filter(Boolean).join('.'),
    template,
    preheader,
    settings,
    remarks,
    missing: template.variables.filter((path) => isMissing(scope, path) && !guarded?.includes(path)),
    ...printed(key, template, scope),
  };
}

/** A template that says no more than its subject, and by its version is not taken for the one that it belongs to. */
const preheaderOf = ({ preheader: subject, ...template }: CompiledTemplate): CompiledTemplate => ({
  ...template,
  ...{ subject, preheader: '', html: '', text: '' },
  version: `preheader of ${template.version}`,
});

function printed(key: string, template: CompiledTemplate, scope: RenderScope): Rendered {
  try {
    return render(template, scope);
  } catch (error) {
    throw new FaultyFile(`${key} cannot be made with what was given: ${problemOf(error).message}`, { cause: error });
  }
}

const isMissing = (scope: RenderScope, path: string): boolean => {
  let here: unknown = scope;
  for (const name of path.split('.')) {
    if (typeof here !== 'object' || here === null) return true;
    here = Object.entries(here).find(([known]) => known === name)?.[1];
  }
  return here === undefined || here === null || here === '';
};

/** Faulty settings have their own report, and a mail can be looked at without them. */
export function settingsOf(folder: string): Settings {
  const file = join(folder, 'settings.json');
  const found = existsSync(file) ? checkSettings(readFileSync(file, 'utf8')).settings : undefined;
  return found ?? defaultSettings();
}
