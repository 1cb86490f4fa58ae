/** Fields by which a body is known as what its topic tells of: topics are headers, and storefronts sign bodies only. */
export type Look = { readonly has: readonly string[]; readonly hasNot: readonly string[] };

/** Why a body does not look so, in words; undefined when it does. */
export function strangeness({ has, hasNot }: Look, body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null) return 'the body is no object';
  const lacking = has.find((field) => !Object.hasOwn(body, field));
  if (lacking !== undefined) return `the body has no "${lacking}"`;
  const odd = hasNot.find((field) => Object.hasOwn(body, field));
  return odd === undefined ? undefined : `the body has "${odd}"`;
}
