import type { HttpResponse } from '#shared/http.ts';
import { page } from './layout.ts';
import { html } from './markup.ts';

const WORDS = {
  400: ['Bad request', 'This mail cannot be answered in this way.'],
  403: ['Not from here', 'This page answers only what was asked from itself, on this machine.'],
  404: ['Not found', 'There is nothing at this address.'],
  405: ['Method not allowed', 'This address does not take requests of this method.'],
  413: ['Content too large', 'A request has at most 1,000,000 bytes; send smaller batches.'],
  500: ['Internal server error', 'That went wrong. What happened stands in the log.'],
} as const;

export type Refused = keyof typeof WORDS;

/** Says no: to a browser with a page, to any other client with JSON. */
export function refusal(
  { headers: { accept = '' } }: { readonly headers: { readonly accept?: string | undefined } },
  status: Refused,
  more: Readonly<Record<string, string>> = {},
): HttpResponse {
  const [title, text] = WORDS[status];
  const plain = {
    statusCode: status,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ error: text }),
  };
  const content = html`<h1>${title}</h1><p>${text}</p><p><a href="/">To the inbox</a></p>`;
  const given = accept.includes('text/html') ? page({ title, status, content }) : plain;
  return { ...given, headers: { ...given.headers, ...more } };
}
