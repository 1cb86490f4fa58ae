import * as z from 'zod';
import type { HttpRequest } from '#shared/http.ts';

/** Many times what the longest form of a page has. */
const MOST_BYTES = 16_384;

const topics = z.array(z.string().max(60)).max(400);
const formSchema = z.object({
  act: z.enum(['save', 'pause', 'resume', 'off']),
  topic: topics,
  /** What the form showed when it was opened: only what differs from it was said. */
  wasTopic: topics,
  wasOff: z.boolean(),
  frequency: z.string().max(60).optional(),
  wasFrequency: z.string().max(60).optional(),
  locale: z.string().max(60).optional(),
  wasLocale: z.string().max(60).optional(),
});
export type Form = z.infer<typeof formSchema>;

const isTooLong = ({ body = '', isBase64Encoded }: HttpRequest): boolean =>
  (isBase64Encoded ? (body.length * 3) / 4 : body.length) > MOST_BYTES;

/** What a form of a page has posted; undefined when it is longer than any. */
export function postedFields(request: HttpRequest): URLSearchParams | undefined {
  if (isTooLong(request)) return undefined;
  const text = Buffer.from(request.body ?? '', request.isBase64Encoded ? 'base64' : 'utf8').toString('utf8');
  return new URLSearchParams(text);
}

/** Undefined for what the page of preferences cannot have posted. */
export function formOf(fields: URLSearchParams): Form | undefined {
  const one = (name: string) => fields.get(name) ?? undefined;
  return formSchema.safeParse({
    act: one('act'),
    topic: fields.getAll('topic'),
    wasTopic: fields.getAll('wasTopic'),
    wasOff: fields.get('wasOff') === 'yes',
    frequency: one('frequency'),
    wasFrequency: one('wasFrequency'),
    locale: one('locale'),
    wasLocale: one('wasLocale'),
  }).data;
}
