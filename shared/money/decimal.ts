/** Decimal numbers, exactly: amounts of money go through no binary fraction. */
type Decimal = {
  readonly digits: bigint;
  /** So many of the digits stand behind the point; below zero, noughts follow them. */
  readonly scale: number;
};

const WRITTEN = /^([+-]?)(\d{1,130})(?:\.(\d{1,130}))?(?:[eE]([+-]?\d{1,3}))?$/;

/** A number as it is written in JSON, or a decimal text; undefined for everything else. */
function read(written: string | number): Decimal | undefined {
  const parts = WRITTEN.exec(String(written).trim());
  if (!parts) return undefined;
  const [, sign, whole, fraction = '', exponent] = parts;
  return { digits: BigInt(`${sign}${whole}${fraction}`), scale: fraction.length - Number(exponent ?? 0) };
}

export const isDecimal = (written: string): boolean => WRITTEN.test(written.trim());

/** Half a unit and more is rounded away from zero, as tills do. */
function rounded({ digits, scale }: Decimal, places: number): bigint {
  if (scale <= places) return digits * 10n ** BigInt(places - scale);
  const unit = 10n ** BigInt(scale - places);
  return (digits + (digits < 0n ? -unit : unit) / 2n) / unit;
}

/** So many minor units as a decimal text: 1999 of two places is `19.99`. */
export function minorText(units: bigint, places: number): string {
  const magnitude = String(units < 0n ? -units : units).padStart(places + 1, '0');
  const point = magnitude.length - places;
  const sign = units < 0n ? '-' : '';
  return `${sign}${magnitude.slice(0, point)}${places === 0 ? '' : `.${magnitude.slice(point)}`}`;
}

/** An amount times a rate, with so many places behind the point. Undefined when either is no decimal number. */
export function timesRate(amount: string | number, rate: number, places: number): string | undefined {
  const a = read(amount);
  const b = read(rate);
  if (!a || !b) return undefined;
  return minorText(rounded({ digits: a.digits * b.digits, scale: a.scale + b.scale }, places), places);
}
