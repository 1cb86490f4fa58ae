/** An hour of a shop's busiest day: so many events a second, and bursts of many more. */
export type Profile = {
  readonly seconds: number;
  readonly base: number;
  readonly burst: number;
  readonly burstSeconds: number;
  /** When bursts begin. */
  readonly bursts: readonly number[];
  /** The part that browsers say; the rest is posted by the storefront's server. */
  readonly byBrowser: number;
};

export const profileOf = (base: number, burst: number, byBrowser: number): Profile => ({
  seconds: 3600,
  base,
  burst,
  burstSeconds: 60,
  bursts: [600, 1500, 2400],
  byBrowser,
});

/** Events a second at that second of the hour. */
export function rateAt({ seconds, base, burst, burstSeconds, bursts }: Profile, second: number): number {
  if (second >= seconds) return 0;
  return bursts.some((from) => second >= from && second < from + burstSeconds) ? burst : base;
}

export const totalOf = (profile: Profile): number =>
  Array.from({ length: profile.seconds }, (_, second) => rateAt(profile, second)).reduce((a, b) => a + b, 0);

/** When each event comes, in milliseconds. */
export function momentsOf(profile: Profile): number[] {
  const moments: number[] = [];
  let owed = 0;
  for (let second = 0; second < profile.seconds; second += 1) {
    owed += rateAt(profile, second);
    const n = Math.floor(owed);
    owed -= n;
    for (let i = 0; i < n; i += 1) moments.push((second + i / n) * 1000);
  }
  return moments;
}
