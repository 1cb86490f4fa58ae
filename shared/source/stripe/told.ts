import type { Fact } from '#shared/source/fact.ts';

/** What an object of Stripe's tells, or a word for why it tells nothing. `nobody`: it says of whom in no way. */
export type StripeFact = Fact | readonly Fact[] | { readonly ignored: string } | 'nobody';
