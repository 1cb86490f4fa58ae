import * as z from 'zod';
import { isReckoned } from '#shared/contact/derived.ts';
import { pathFrom } from '#shared/import/ids.ts';
import { instantSchema } from '#shared/time/instant.ts';
import { channelOf } from './messages-asked.ts';

/**
 * An endpoint of Amazon Pinpoint as its export jobs wrote it, a line each: an address or a device, what was known of it, and
 * of the user who had it.
 */
const texts = z.record(z.string(), z.array(z.union([z.string(), z.number(), z.boolean()])).nullish());
const numbers = z.record(z.string(), z.number().nullish());
const text = z.string().nullish();
const endpointSchema = z.object({
  Id: text,
  ChannelType: z.string(),
  Address: text,
  EndpointStatus: text,
  OptOut: text,
  CreationDate: text,
  EffectiveDate: text,
  Attributes: texts.nullish(),
  Metrics: numbers.nullish(),
  Demographic: z.object({ Locale: text, Timezone: text, Make: text, Model: text, Platform: text }).nullish(),
  Location: z.object({ Country: text, Region: text, City: text, PostalCode: text }).nullish(),
  User: z.object({ UserId: text, UserAttributes: texts.nullish(), UserMetrics: numbers.nullish() }).nullish(),
});
type Endpoint = z.infer<typeof endpointSchema>;

/** Why an endpoint becomes no contact. */
export type LeftOut = 'no-json' | 'no-endpoint' | 'inactive' | 'device-only' | 'no-address';

/** A contact as a row of a list: by column. */
export type ContactRow = {
  readonly who: Readonly<Record<string, string>>;
  readonly traits: Readonly<Record<string, string>>;
  /** Traits with several values, parted by ";". */
  readonly several: readonly string[];
  readonly since: string | undefined;
  /** Of an address: whether its owner wanted no more, and since when. */
  readonly word?: { readonly channel: 'email' | 'sms'; readonly isOut: boolean; readonly at: string | undefined };
};

/** Names of attributes that are something else here. */
const TAKEN = ['email', 'phone', 'externalId', 'createdAt', 'tags', 'timeZone', 'locale'];
const taken = TAKEN.map((name) => name.toLowerCase());
const KNOWN = new Map([
  ['firstname', 'name.first'],
  ['lastname', 'name.last'],
]);

/** The trait that an attribute is here: the one by which imported journeys and segments ask for it. */
function traitNamed(attribute: string): string {
  const path = pathFrom(attribute);
  const plain = path.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  const isOurs = taken.includes(plain) || isReckoned(path);
  return KNOWN.get(plain) ?? (isOurs ? `pinpoint.${path}` : path);
}

const given = (values: Readonly<Record<string, string | null | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).flatMap(([name, value]) => (value ? [[name, value]] : [])));

const timeOf = (written: string | null | undefined): string | undefined => instantSchema.safeParse(written).data;

/** A line of an export. */
export function readEndpoint(line: string): ContactRow | LeftOut {
  const value = jsonIn(line);
  if (value === undefined) return 'no-json';
  const { data } = endpointSchema.safeParse(value);
  return data ? contactOf(data) : 'no-endpoint';
}

function jsonIn(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** What one endpoint says, or why nothing can be made of it. What the user has said of themselves wins. */
function contactOf(endpoint: Endpoint): ContactRow | LeftOut {
  const { ChannelType, Address, EndpointStatus, OptOut, Attributes, Metrics, Demographic, Location, User } = endpoint;
  // Pinpoint sent nothing there: another endpoint has the address since, or somebody took it away. A no stays a no.
  if (EndpointStatus === 'INACTIVE' && OptOut !== 'ALL') return 'inactive';
  const channel = ChannelType === 'VOICE' ? 'sms' : channelOf(ChannelType);
  const isAddress = channel === 'email' || channel === 'sms';
  if (isAddress && !Address) return 'no-address';
  if (!isAddress && !User?.UserId) return 'device-only';
  const values = [Metrics, User?.UserMetrics, Attributes, User?.UserAttributes].flatMap((all) =>
    Object.entries(all ?? {}),
  );
  const listed = values.map(([name, value]): [string, string] => [traitNamed(name), [value].flat().join(';')]);
  const [created, changed] = [timeOf(endpoint.CreationDate), timeOf(endpoint.EffectiveDate)];
  return {
    who: given({
      ...(isAddress && { [channel === 'email' ? 'email' : 'phone']: Address }),
      externalId: User?.UserId,
    }),
    traits: given({
      locale: Demographic?.Locale,
      timeZone: Demographic?.Timezone,
      'location.country': Location?.Country,
      'location.region': Location?.Region,
      'location.city': Location?.City,
      'location.postalCode': Location?.PostalCode,
      'device.make': Demographic?.Make,
      'device.model': Demographic?.Model,
      'device.os': Demographic?.Platform,
      ...Object.fromEntries(listed),
    }),
    several: values.flatMap(([name, value]) => (Array.isArray(value) && value.length > 1 ? [traitNamed(name)] : [])),
    since: created,
    ...(isAddress && { word: { channel, isOut: OptOut === 'ALL', at: changed ?? created } }),
  };
}
