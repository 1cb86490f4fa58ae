/** A promise that was not kept: which, and what was seen. */
export type Violation = { readonly law: string; readonly seen: string };
