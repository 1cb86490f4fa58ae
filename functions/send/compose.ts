import { Unprocessable } from '#shared/errors.ts';
import { type LinkPayload, linkPath } from '#shared/link/token.ts';
import { mailOf } from '#shared/message/mail.ts';
import { localeFor, printedBy } from '#shared/message/printed.ts';
import type { Mail, Secrets } from '#shared/ports.ts';
import { addressOf } from '#shared/sending/address.ts';
import type { Shelf } from '#shared/store/journeys.ts';
import type { Published } from '#shared/store/published.ts';
import { canonicalLocale } from '#shared/template/language.ts';
import type { TemplateLibrary } from '#shared/template/library.ts';
import { render } from '#shared/template/render.ts';
import type { CompiledTemplate } from '#shared/template/template.ts';
import { plusMillis } from '#shared/time/instant.ts';
import type { TableQuestion } from './opening.ts';

export type ComposeDeps = {
  readonly published: Pick<Published, 'templates'>;
  readonly templates: Pick<TemplateLibrary, 'find'>;
  readonly secrets: Secrets;
  readonly linkSecretId: string;
  /** Where `respond` is found, without a slash at the end. */
  readonly publicUrl: string;
  /** Who sends where the settings name nobody. */
  readonly sender: string;
  /** Decides and counts, and says nothing: the mails of a dry run have no text. */
  readonly dry?: boolean;
};

/** What a mail is made of. */
type MailQuestion = Pick<TableQuestion, 'message' | 'profile' | 'settings' | 'enrolment' | 'facts' | 'now'>;

/**
 * The mail of a message, ready to be handed over, and the version of the template that it was made from. Throws
 * Unprocessable when no mail can be made of it, now or later.
 */
export async function compose(
  question: MailQuestion,
  deps: ComposeDeps,
): Promise<{ mail: Mail; templateVersion: string }> {
  const { message, profile, settings, enrolment } = question;
  const email = addressOf(enrolment, profile);
  if (email === undefined) throw new Error('a mail needs an address');
  const tags = { contact: message.contact, message: message.id, journey: message.journey, step: message.step };
  if (deps.dry) return { templateVersion: 'dry', mail: { ...EMPTY, to: email, tags } };
  const template = await templateOf(question, deps);
  const unsubscribeUrl = await linkOf('unsubscribe', question, deps);
  const isMarketing = message.lane === 'marketing';
  const links = {
    unsubscribeUrl,
    preferencesUrl: await linkOf('preferences', question, deps),
    // What stands in a mail about an order is for whoever has the mailbox.
    ...(isMarketing && { viewUrl: await linkOf('view', question, deps) }),
    // Who is asked to confirm has agreed to no marketing yet.
    ...(!isMarketing && { confirmUrl: await linkOf('confirm', question, deps) }),
  };
  const trigger = await question.facts.settle(() => question.facts.trigger(enrolment.trigger) ?? {});
  const made = rendered(
    template,
    printedBy({ message, enrolment, profile, settings, trigger, template, links, at: question.now }),
  );
  const mail = mailOf({
    rendered: made,
    to: email,
    sender: message.sender ?? template.sender,
    settings,
    otherwise: deps.sender,
    wayOut: isMarketing ? unsubscribeUrl : undefined,
    tags,
  });
  return { templateVersion: template.version, mail };
}

/** How long a mail waits for a template that is not there: less than the hour after which its hint would be dead. */
const PATIENCE = 30 * 60_000;

const EMPTY = { from: 'dry@shop.example', subject: '', html: '', text: '', headers: [] };

function rendered(...how: Parameters<typeof render>): ReturnType<typeof render> {
  try {
    return render(...how);
  } catch (error) {
    throw new Unprocessable('render', 'the template cannot be rendered', { cause: error });
  }
}

/**
 * The shelf that is known may be ten seconds older than the journey. A template that is not there now either is waited for,
 * since the mail would be lost; after half an hour it is Unprocessable.
 */
async function templateOf(question: MailQuestion, deps: ComposeDeps): Promise<CompiledTemplate> {
  const { message, settings, now } = question;
  const { published, templates } = deps;
  const wanted = canonicalLocale(localeFor(question));
  const findIn = (shelf: Shelf['templates']) =>
    templates.find(shelf, message.template, message.channel, wanted, settings.shop.locale);
  const found = (await findIn(await published.templates())) ?? (await findIn(await published.templates({ now: true })));
  if (found) return found;
  const missing = `there is no template ${message.template} for ${message.channel}`;
  if (now < plusMillis(message.queuedAt, PATIENCE)) throw new Error(missing);
  throw new Unprocessable('no-template', missing);
}

async function linkOf(
  act: LinkPayload['act'],
  { message }: MailQuestion,
  { secrets, linkSecretId, publicUrl }: ComposeDeps,
): Promise<string> {
  const [secret = ''] = await secrets.get(linkSecretId);
  const { contact, topic, id } = message;
  return publicUrl + linkPath({ contact, message: id, topic, act }, secret);
}
