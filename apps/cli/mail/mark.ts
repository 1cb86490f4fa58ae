import { type Given, type Links, sampleMail } from '#apps/cli/preview/mail.ts';
import { mailOf } from '#shared/message/mail.ts';
import type { Mail } from '#shared/ports.ts';
import { kindOfTopic } from '#shared/settings/settings.ts';

export type Marked = { readonly mail: Mail; readonly made: Awaited<ReturnType<typeof sampleMail>> };

/** Links that look like those of a mail and are signed by nobody: whoever follows them reads that they do not work. */
const linksTo = (publicUrl: string): Links => ({
  unsubscribe_url: `${publicUrl}/u/test`,
  preferences_url: `${publicUrl}/p/test`,
  view_url: `${publicUrl}/v/test`,
});

/**
 * A mail as it would be sent, and about nobody: its tags name no contact and no message, so that nothing is counted, and
 * what its links and headers ask for is asked for nobody.
 */
export async function marked(
  { folder, key, given, locale }: { folder: string; key: string; given: Given; locale: string | undefined },
  { to, publicUrl, sender, before = '' }: { to: string; publicUrl: string; sender: string; before?: string },
): Promise<Marked> {
  const links = linksTo(publicUrl);
  const made = await sampleMail(folder, key, { given, locale, links });
  const { subject, html, text, template, settings } = made;
  const isMarketing = kindOfTopic(settings, template.topic ?? 'marketing') === 'marketing';
  const mail = mailOf({
    rendered: { subject: before + subject, html, text },
    to,
    sender: template.sender,
    settings,
    otherwise: sender,
    wayOut: isMarketing ? links.unsubscribe_url : undefined,
    tags: { test: template.id },
  });
  return { mail, made };
}
