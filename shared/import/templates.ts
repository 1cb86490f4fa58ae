import type { Channel } from '#shared/event/event.ts';
import { formatJson } from '#shared/journey/format.ts';
import { checkLiquid } from '#shared/publish/check-template.ts';

/** What is known of a message whose text has to be brought over by hand. */
export type Letter = {
  readonly name: string;
  /** Where its text lies: `the Pinpoint template "welcome"`. */
  readonly origin: string;
  readonly subject?: string | undefined;
  readonly preheader?: string | undefined;
  readonly topic?: string | undefined;
  readonly sender?: string | undefined;
  readonly ttl?: string | undefined;
  /** Its words, of channels that have no layout. */
  readonly text?: string | undefined;
};

/** Names that other tools print a contact's first name by. */
const FIRST_NAME =
  /\{\{\s*(?:person|contact|profile|User\.UserAttributes|Attributes)?[.|]?\s*(?:properties\.)?(?:first_?name|FirstName)\s*(?:\|\s*default:?\s*(?:'([^']*)'|"([^"]*)"))?\s*\}\}/gi;

const isLiquid = (text: string): boolean => checkLiquid([{ text, at: (position) => position }], 'en').length === 0;

/** Placeholders that are no Liquid of ours stand in square brackets, to be seen and replaced. */
export function placeholders(text: string): { text: string; foreign: boolean } {
  const named = text.replace(FIRST_NAME, (_, single: string | undefined, double: string | undefined) => {
    const other = (single ?? double)?.replaceAll("'", '’');
    return other === undefined ? '{{ contact.name.first }}' : `{{ contact.name.first | default: '${other}' }}`;
  });
  if (isLiquid(named))
    return { text: named, foreign: /\{[a-z][\w.]*(=[^}]*)?\}/i.test(named.replace(/\{\{.*?\}\}/g, '')) };
  const bracketed = text.replace(/\{\{\s*(.*?)\s*\}\}/g, '[[$1]]').replace(/\{%\s*(.*?)\s*%\}/g, '[[$1]]');
  return { text: bracketed.replace(/\{[{%]|[}%]\}/g, ''), foreign: true };
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const mail = (what: string): string => `<mjml>
  <mj-body>
    <mj-section>
      <mj-column>
        <mj-text>TODO: paste ${escaped(what)} here.</mj-text>
      </mj-column>
    </mj-section>
    <mj-section>
      <mj-column>
        <mj-text align="center" font-size="13px">
          {{ shop.name }}, {{ shop.address }}<br />
          <a href="{{ message.unsubscribe_url }}">Unsubscribe</a>
        </mj-text>
      </mj-column>
    </mj-section>
  </mj-body>
</mjml>
`;

/** Whether it prints words of the other tool that a person has to replace. */
export const hasForeignWords = ({ subject = '', preheader = '', text = '' }: Letter): boolean =>
  [subject, preheader, text].some((words) => placeholders(words).foreign);

/** The stub of a template: front data as far as it is known, and a body that says what to paste. */
export function templateStub(id: string, channel: Channel, letter: Letter): { path: string; text: string } {
  const said = (words: string | undefined) => (words ? placeholders(words).text : undefined);
  const origin = placeholders(letter.origin).text.replace(/\{[{%]|[}%]\}/g, '');
  const front = {
    subject: (said(letter.subject) ?? said(letter.name) ?? id).slice(0, 500),
    preheader: said(letter.preheader)?.slice(0, 500),
    topic: letter.topic,
    sender: letter.sender,
    ttl: letter.ttl,
    note: `From ${origin}.`,
  };
  const body = channel === 'email' ? mail(origin) : `${said(letter.text) ?? `TODO: paste ${origin} here.`}\n`;
  const form = channel === 'email' ? 'mjml' : 'liquid';
  return { path: `templates/${id}/${channel}.${form}`, text: `---\n${formatJson(front)}---\n${body}` };
}
