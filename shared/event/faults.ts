import type * as z from 'zod';
import { didYouMean } from '#shared/publish/did-you-mean.ts';
import { eventSchema } from './event.ts';

/** What is wrong with an event, in words for who builds the storefront. Values are left out: they may be addresses. */
type Issue = z.core.$ZodIssue;

/** What the fields are, by the last name of their path. */
const MEANINGS: Readonly<Record<string, string>> = {
  id: 'a text that is unique for ever, as "order-1042-paid"',
  type: 'an event type, as "cart.updated"',
  at: 'when it happened, as 2026-03-02T09:00:00Z',
  identities: 'who it was, as { "externalId": "4711", "email": "ada@shop.example" }',
  journey: 'the id of the journey in the address, as "care"',
  data: 'an object in "{ }"',
  traits: 'an object in "{ }"',
  consents: 'a list in "[ ]"',
  channel: '"email"',
  topic: 'a topic of the settings, as "news"',
  state: '"granted" or "denied"',
  source: 'where it was said, as "checkout box"',
  wording: 'the words that were agreed to',
};

const KINDS: Readonly<Record<string, string>> = {
  string: 'a text in double quotes',
  boolean: 'true or false',
  array: 'a list in "[ ]"',
  object: 'an object in "{ }"',
  record: 'an object in "{ }"',
};

const FIELDS = Object.keys(eventSchema.shape).filter((name) => !['hops', 'contact', 'journey'].includes(name));

/** A sentence for each fault, behind its path: `at: is missing. It is when it happened, as ...` */
export const eventFaults = (error: z.ZodError, given: unknown): string[] => faultsOf(error, given, 'event', FIELDS);

/** The same of something else that is posted, which has fields of these names. */
export const faultsOf = ({ issues }: z.ZodError, given: unknown, what: string, fields: readonly string[]): string[] =>
  issues.map((issue) => {
    const path = issue.path.map(String);
    return `${path.join('.') || what}: ${fault(issue, path, given, fields)}`;
  });

function fault(issue: Issue, path: readonly string[], given: unknown, fields: readonly string[]): string {
  const meaning = MEANINGS[path.at(-1) ?? ''];
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => `there is no field "${key}" here.${didYouMean(key, fields)}`).join(' ');
  if (path.length > 0 && path.reduce(memberOf, given) === undefined && issue.code !== 'custom')
    return `is missing.${meaning === undefined ? '' : ` It is ${meaning}`}`;
  if (issue.code === 'invalid_type') return `should be ${meaning ?? KINDS[issue.expected] ?? issue.expected}`;
  if (issue.code === 'invalid_value') return `should be ${issue.values.map((v) => `"${String(v)}"`).join(' or ')}`;
  if (issue.code === 'invalid_format' && issue.format === 'datetime')
    return 'should be a time with seconds and "Z" or an offset, as 2026-03-02T09:00:00Z';
  if (issue.code === 'invalid_format' && issue.format === 'email') return 'is no e-mail address';
  if (issue.code === 'too_small') return 'is empty';
  if (issue.code === 'too_big') return `is longer than ${issue.maximum}`;
  return issue.message;
}

function memberOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? new Map(Object.entries(value)).get(key) : undefined;
}
