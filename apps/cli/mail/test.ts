import { BadInput } from '#apps/cli/bad-input.ts';
import type { Target } from '#apps/cli/target/options.ts';
import { findStage, type Stage } from '#apps/cli/target/stage.ts';
import { stageMailer } from '#apps/cli/target/stage-mailer.ts';
import { USUAL_URL, withState } from '#apps/local/with-state.ts';
import { MailAmbiguous, MailDeferred, MailRejected } from '#shared/errors.ts';
import type { Mail, Mailer } from '#shared/ports.ts';
import type { Settings } from '#shared/settings/settings.ts';
import { isObject } from '#shared/store/json.ts';
import { type Marked, marked } from './mark.ts';
import { findMail, readGiven, type WhichMail } from './which-mail.ts';

export type TestRequest = WhichMail & { readonly to: string; readonly contact?: string | undefined };
export type TestResult = { readonly id: string; readonly mail: Mail; readonly made: Marked['made'] };
export type RunTest = (request: TestRequest, target: Target) => Promise<TestResult>;

/** Sends one mail to one of the shop's own people. Throws BadInput where it may not, or where nothing was sent. */
export const runTest =
  (find: (stage: string) => Promise<Stage> = findStage): RunTest =>
  async (request, target) => {
    if ('stage' in target) return toMailbox(request, await find(target.stage));
    const { data } = target;
    const { mail, made } = await markedFor(request, USUAL_URL, 'Shop <hello@shop.example>');
    const { id } = await withState(data, (runtime) => runtime.inbox.send(mail));
    return { id, mail, made };
  };

async function toMailbox(request: TestRequest, stage: Stage): Promise<TestResult> {
  const { mailer, settings, domain, sender, publicUrl } = await stageMailer(stage);
  if (!isOwn(request.to, settings, domain)) throw new BadInput(notOwn(request.to, domain));
  const { mail, made } = await markedFor(request, publicUrl, sender);
  return { id: await send(mail, mailer), mail, made };
}

/** Whoever hears of files, and who has an address of the domain that SES has verified: nobody whom the shop writes to. */
function isOwn(to: string, { authors }: Settings, domain: string): boolean {
  const written = to.toLowerCase();
  const known = [authors?.default, ...Object.values(authors?.journeys ?? {})];
  return written.endsWith(`@${domain.toLowerCase()}`) || known.some((author) => author?.toLowerCase() === written);
}

const notOwn = (to: string, domain: string): string =>
  `A test goes to the shop's own people: to an address of ${domain}, or to one that the settings that are live name under "authors". ${to} is neither.`;

async function markedFor(request: TestRequest, publicUrl: string, sender: string): Promise<Marked> {
  const given = readGiven(request.contact);
  const reads = isObject(given['contact']) ? given['contact']['locale'] : undefined;
  // One mail: in the language that the contact reads, else in the shop's.
  const locale = request.locale ?? (typeof reads === 'string' ? reads : '');
  const { folder, keys } = findMail({ ...request, locale });
  return marked(
    { folder, key: keys[0], given, locale: request.locale },
    { to: request.to, publicUrl, sender, before: '[Test] ' },
  );
}

async function send(mail: Mail, mailer: Mailer): Promise<string> {
  try {
    return (await mailer.send(mail)).id;
  } catch (error) {
    if (error instanceof MailAmbiguous)
      throw new BadInput('Nobody knows whether SES has taken it: look into the mailbox.', { cause: error });
    if (error instanceof MailRejected || error instanceof MailDeferred)
      throw new BadInput(`SES did not take it: ${error.code}. "tropa mail doctor --stage" says what to do.`, {
        cause: error,
      });
    throw error;
  }
}
