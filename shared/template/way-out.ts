import type { Settings } from '#shared/settings/settings.ts';
import { type Rendered, render } from './render.ts';
import { SAMPLE_WAY_OUT, sampleScope } from './sample.ts';
import type { CompiledTemplate } from './template.ts';

/** What nobody sees is no way out; Outlook alone shows some comments. */
const withoutComments = (html: string): string =>
  html
    .split('<!--')
    .map((part, i) => (i === 0 ? part : part.split('-->').slice(1).join('-->')))
    .join('');

/** Whether somebody who has had enough finds the way out in what was rendered with a sample: in both parts of the mail. */
export const showsWayOut = ({ html, text }: Pick<Rendered, 'html' | 'text'>): boolean =>
  withoutComments(html).includes(SAMPLE_WAY_OUT) && text.includes(SAMPLE_WAY_OUT);

/** The same of a template that can be rendered with its sample. */
export const hasUnsubscribe = (template: CompiledTemplate, settings: Settings): boolean =>
  showsWayOut(render(template, sampleScope(template, settings)));
