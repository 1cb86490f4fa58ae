/**
 * Links have the names that a template gives them: `<mj-button name="checkout">`, `<a name="checkout">`. SES tells of a
 * click with the tags of its link, and takes them out of the mail (SES guide, "Adding tags to links").
 */
const LINK = /<a\s[^<>]*>/g;
const NAME = /\sname="([A-Za-z0-9_-]{1,100})"/;
/** The links that lead to the shop's own pages of a mail. */
const OWN = /\shref="\{\{-?\s*message\.(?:unsubscribe|preferences|view|confirm)_url\b/;
const TAGS = /\sses:tags="link:([^;"]+);?"/;

/**
 * HTML whose named links carry their names for SES. Whoever goes to the pages of the mail itself, to leave or to read it
 * there, has not clicked on what it offers: SES is not to tell of it, unless the template gives the link a name. `restore`
 * puts back the Liquid of a piece, where it is masked.
 */
export const withLinkTags = (html: string, restore = (link: string): string => link): string =>
  html.replace(LINK, (link) => {
    const name = NAME.exec(link)?.[1];
    if (!/\shref=/.test(link) || /\sses:(tags|no-track)/.test(link)) return link;
    if (name !== undefined) return link.replace(/^<a/, `<a ses:tags="link:${name};"`);
    return OWN.test(restore(link)) ? link.replace(/^<a/, '<a ses:no-track') : link;
  });

/** HTML as a reader gets it: SES takes out what is meant for it. */
export const withoutLinkTags = (html: string): string =>
  html.replace(LINK, (link) => link.replace(/\sses:(?:tags="[^"]*"|no-track(?:="[^"]*")?)/g, ''));

/** The links of a rendered mail as SES tells of them, each once. */
export function linksOf(html: string): readonly { readonly href: string; readonly name?: string }[] {
  const found = (html.match(LINK) ?? []).flatMap((link) => {
    const href = /\shref="(https?:[^"]*)"/.exec(link)?.[1];
    const name = TAGS.exec(link)?.[1];
    return href === undefined ? [] : [{ href: href.replaceAll('&amp;', '&'), ...(name !== undefined && { name }) }];
  });
  return [...new Map(found.map((link) => [link.name ?? link.href, link])).values()];
}

/** What the links of a template go by before it is rendered: their names, else their addresses, Liquid and all. */
export const linksIn = (html: string): readonly string[] => [
  ...new Set(
    (html.match(LINK) ?? []).flatMap((link) => TAGS.exec(link)?.[1] ?? /\shref="([^"]+)"/.exec(link)?.[1] ?? []),
  ),
];
