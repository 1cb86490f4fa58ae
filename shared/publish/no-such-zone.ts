import { nearest } from './did-you-mean.ts';

/** The end of a sentence on a zone that nobody knows, with the one that was probably meant: by its name, or by its city alone. */
export function noSuchZone(written: string): string {
  const zones = Intl.supportedValuesOf('timeZone');
  const byCity = new Map(zones.map((zone) => [zone.slice(zone.lastIndexOf('/') + 1), zone]));
  const city = byCity.get(nearest(written, byCity.keys()) ?? '');
  const meant = nearest(written, zones) ?? city;
  const hint = meant === undefined ? 'Write it as "Europe/Warsaw".' : `Did you mean "${meant}"?`;
  return `no time zone "${written}". ${hint}`;
}
