/**
 * Links have the names that a template gives them: `<mj-button name="checkout">`, `<a name="checkout">`. SES tells of a
 * click with the tags of its link, and takes them out of the mail (SES guide, "Adding tags to links").
 */
const LINK = /<a\s[^<>]*>/g;
const NAME = /\sname="([A-Za-z0-9_-]{1,100})"/;
const TAGS = /\sses:tags="link:([^;"]+);?"/;

/** HTML whose named links carry their names for SES. */
export const withLinkTags = (html: string): string =>
  html.replace(LINK, (link) => {
    const name = NAME.exec(link)?.[1];
    if (name === undefined || !/\shref=/.test(link) || /\sses:(tags|no-track)/.test(link)) return link;
    return link.replace(/^<a/, `<a ses:tags="link:${name};"`);
  });

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
