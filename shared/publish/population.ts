/**
 * Figures about contacts that rules may speak of, from counters and from the nightly sample. Each may be missing. Shares
 * are between 0 and 1.
 */
export type Population = {
  /** How many contacts the figures were taken from, and of how many: fewer than all is a sample. */
  readonly looked?: { readonly at: number; readonly of: number };
  /** All contacts, and how many satisfy a condition: by the condition as JSON, or `segment:<id>`. */
  readonly contacts?: number;
  readonly satisfying?: Readonly<Record<string, number>>;
  /** Share of contacts that agree to a topic. */
  readonly consenting?: Readonly<Record<string, number>>;
  /** Entries of a journey in the last month. */
  readonly entrants?: Readonly<Record<string, number>>;
  /** Share of a journey's entrants that reach its goal. */
  readonly converting?: Readonly<Record<string, number>>;
  /** For whom `existing` is true of a journey that is about to be published. */
  readonly existing?: Readonly<Record<string, number>>;
  /** Codes left in a pool, and codes that a journey used in the last month (`<journey>/<pool>`). */
  readonly codes?: Readonly<Record<string, number>>;
  readonly used?: Readonly<Record<string, number>>;
  /** Share of contacts by the language they read. */
  readonly reading?: Readonly<Record<string, number>>;
  /** Share of those whom one journey's trigger starts that another's starts, too: `<a>/<b>`. */
  readonly both?: Readonly<Record<string, number>>;
};

/** `31 %`. */
export const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** `12,408`, the same everywhere. */
export const figure = (n: number): string => String(Math.round(n)).replace(/\B(?=(\d{3})+$)/g, ',');

/** To two digits, as the figure of a sample: `9,400`. */
export function roughly(n: number): string {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, n))) - 1);
  return figure(Math.round(n / unit) * unit);
}

/** Whether not everybody was looked at. */
export const isSample = ({ looked }: Population = {}): boolean => looked !== undefined && looked.at < looked.of;

const WORDS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'];

/** `six`, `13`. */
export const inWords = (n: number): string => WORDS[n] ?? figure(n);
