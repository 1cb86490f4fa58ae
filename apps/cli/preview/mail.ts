import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FaultyFile } from '#apps/cli/bad-input.ts';
import { brandIn } from '#apps/cli/validate/brand.ts';
import { placeOf } from '#apps/cli/validate/read-folder.ts';
import { filesOf } from '#apps/local/shop-files.ts';
import { checkTemplate } from '#functions/publish/compile-template.ts';
import { mjmlCompiler } from '#shared/adapters/mjml/compiler.ts';
import { checkSettings } from '#shared/publish/check-settings.ts';
import { remarkLines } from '#shared/publish/print.ts';
import { defaultSettings } from '#shared/store/journeys.ts';
import { render } from '#shared/template/render.ts';
import { sampleScope } from '#shared/template/sample.ts';

/** A mail as it reads with the `sample` of its template. */
export type SampleMail = {
  /** `still-undecided.pl`, with the locale of its variant. */
  readonly name: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
};

/** Whether a name is that of a mail's file. */
export const isMail = (file: string): boolean => /\.mjml$/i.test(file);

/** A mail with its sample, in a shop of its folder's settings. Throws BadInput when there is none, FaultyFile when it has errors. */
export async function sampleMail(file: string): Promise<SampleMail> {
  const { folder, file: key = '' } = placeOf(file);
  const settings = settingsOf(folder);
  const { template, remarks } = await checkTemplate(key, readFileSync(file, 'utf8'), {
    compiler: mjmlCompiler,
    settings,
    brand: brandIn(filesOf(folder)),
  });
  if (!template) throw new FaultyFile([`${file}   NOT DRAWN.`, ...remarkLines(remarks)].join('\n'));
  const { subject, html, text } = render(template, sampleScope(template, settings));
  return { name: [template.id, template.locale].filter(Boolean).join('.'), subject, html, text };
}

/** Faulty settings have their own report, and a mail can be looked at without them. */
function settingsOf(folder: string) {
  const file = join(folder, 'settings.json');
  const found = existsSync(file) ? checkSettings(readFileSync(file, 'utf8')).settings : undefined;
  return found ?? defaultSettings();
}
