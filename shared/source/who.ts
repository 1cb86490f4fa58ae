import { type Identities, postedIdentitiesSchema } from '#shared/event/event.ts';

type Given = Readonly<Partial<Record<keyof Identities, string | undefined>>>;

const isValid = (kind: string, value: string): boolean => postedIdentitiesSchema.safeParse({ [kind]: value }).success;

/** E.164, from what is written with blanks and dashes; undefined of a number that does not say its country. */
export function internationalPhone(phone: string | undefined): string | undefined {
  const digits = phone?.replace(/[\s().-]/g, '').replace(/^00/, '+') ?? '';
  return /^\+[1-9]\d{6,14}$/.test(digits) ? digits : undefined;
}

const spelled = ({ email, phone, ...others }: Given): Given => ({
  ...others,
  email: email?.trim().toLowerCase(),
  phone: internationalPhone(phone),
});

/** Who it was, as far as it is an identity: an address that is none costs nobody the event. Undefined when nobody is left. */
export function whoIs(given: Given): Identities | undefined {
  const said = Object.entries(spelled(given)).filter(([, value]) => value !== undefined);
  if (said.length === 0) return undefined;
  const whole = postedIdentitiesSchema.safeParse(Object.fromEntries(said));
  if (whole.success) return Object.fromEntries(said);
  const valid = said.filter(([kind, value]) => value !== undefined && isValid(kind, value));
  return valid.length === 0 ? undefined : Object.fromEntries(valid);
}
