import type { HttpResponse } from '#shared/http.ts';

const TEXTS = {
  ask: { title: 'Unsubscribe', text: 'Do you want no more mails of this kind?' },
  done: { title: 'You are unsubscribed', text: 'You will get no more mails of this kind. You may close this page.' },
  'ask-service': {
    title: 'Unsubscribe',
    text: 'Mails like this one are about something that you have ordered or asked for, and go on. Do you want no more advertising?',
  },
  'done-service': {
    title: 'You are unsubscribed',
    text: 'You will get no more advertising. Mails about what you have ordered or asked for go on. You may close this page.',
  },
  'not-found': {
    title: 'This link does not work',
    text: 'It may have been cut off. Please use the link in the mail once more.',
  },
} as const;

/** A page that works without scripts, tells nothing about anybody, and is not kept by anyone on the way. */
export function page(statusCode: number, kind: keyof typeof TEXTS): HttpResponse {
  const { title, text } = TEXTS[kind];
  const form =
    kind === 'ask' || kind === 'ask-service'
      ? '<form method="post"><button type="submit">Unsubscribe</button></form>'
      : '';
  return {
    statusCode,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex',
      'content-security-policy':
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'",
    },
    body: `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${title}</title><style>${STYLE}</style></head><body><main><h1>${title}</h1><p>${text}</p>${form}</main></body></html>`,
  };
}

const STYLE =
  'body{font:1.1rem/1.5 system-ui,sans-serif;margin:0;display:grid;min-height:100vh;place-items:center;color:#222;background:#f6f5f2}' +
  'main{max-width:28rem;padding:2rem}button{font:inherit;padding:.7rem 1.4rem;border:0;border-radius:.4rem;background:#1f5f4a;color:#fff;cursor:pointer}' +
  'button:focus-visible{outline:3px solid #e0a100}';
