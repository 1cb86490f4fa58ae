import type { HttpResponse } from '#shared/http.ts';

/** Text as HTML shows it, also within an attribute's quotes. */
export const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

export type Page = {
  readonly language: string;
  /** Whose page it is. */
  readonly shop: string;
  readonly title: string;
  /** HTML. */
  readonly main: string;
};

/** Of what is for its reader alone: nobody keeps it on the way, finds it or is told of it. */
export const privately = (policy: string): HttpResponse['headers'] => ({
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-robots-tag': 'noindex',
  'x-content-type-options': 'nosniff',
  'content-security-policy': policy,
});

/** A page that works without scripts, tells nothing about anybody, and is not kept by anyone on the way. */
export function page(statusCode: number, { language, shop, title, main }: Page): HttpResponse {
  return {
    statusCode,
    headers: privately(
      "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    body: `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escaped(title)} – ${escaped(shop)}</title><style>${STYLE}</style></head><body><main><p class="shop">${escaped(shop)}</p><h1>${escaped(title)}</h1>
${main}</main></body></html>`,
  };
}

const LIGHT =
  '--ink:#222;--soft:#595959;--page:#f6f5f2;--card:#fff;--line:#767676;--key:#1f5f4a;--on-key:#fff;--focus:#a35200';
const DARK =
  '--ink:#eee;--soft:#b8b8b8;--page:#161816;--card:#222522;--line:#8f8f8f;--key:#8fd6bb;--on-key:#10201a;--focus:#ffc14d';
const STYLE = [
  `:root{color-scheme:light dark;${LIGHT}}@media(prefers-color-scheme:dark){:root{${DARK}}}`,
  'body{font:1.1rem/1.5 system-ui,sans-serif;margin:0;color:var(--ink);background:var(--page)}',
  'main{box-sizing:border-box;max-width:34rem;margin:0 auto;padding:1.5rem;overflow-wrap:anywhere}',
  'h1{font-size:1.6rem;line-height:1.25;margin:0 0 1rem}h2{font-size:1.2rem;margin:2rem 0 .3rem}.shop{color:var(--soft);margin:0 0 .3rem}',
  'fieldset{border:1px solid var(--line);border-radius:.4rem;margin:0 0 1.2rem;padding:.8rem 1rem;background:var(--card);min-width:0}legend{font-weight:600;padding:0 .3rem}',
  'label{display:flex;gap:.7rem;align-items:flex-start;padding:.4rem 0}input{flex:none;width:1.2rem;height:1.2rem;margin:.25rem 0 0;accent-color:var(--key)}',
  'select{font:inherit;color:inherit;background:var(--card);border:1px solid var(--line);border-radius:.4rem;padding:.5rem;max-width:100%}label.above{flex-direction:column;gap:.3rem;margin:0 0 1.2rem}',
  'button{font:inherit;padding:.7rem 1.4rem;border:2px solid var(--key);border-radius:.4rem;background:var(--key);color:var(--on-key);cursor:pointer;max-width:100%}',
  'button.quiet{background:transparent;color:var(--key)}a{color:var(--key)}',
  '[role=status]{border-left:.3rem solid var(--key);background:var(--card);padding:.8rem 1rem;margin:0 0 1.2rem}',
  ':focus-visible{outline:3px solid var(--focus);outline-offset:2px}',
].join('');
