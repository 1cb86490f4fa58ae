import type { HttpResponse } from '#shared/http.ts';
import type { Instant } from '#shared/time/instant.ts';
import { localTime } from '#shared/time/local.ts';
import { html, type Markup } from './markup.ts';

/**
 * No page has scripts or anything from elsewhere. `same-origin` and not `no-referrer`, with which browsers leave out
 * the origin of a form, too.
 */
const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'referrer-policy': 'same-origin',
  'content-security-policy':
    "default-src 'none'; style-src 'self'; img-src data:; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
};

const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Crect width='16' height='16' rx='3' fill='%231f6f54'/%3E%3Cpath d='M3 5l5 4 5-4M3 5h10v6H3z' fill='none' stroke='white'/%3E%3C/svg%3E";

export type Page = {
  readonly title: string;
  readonly content: Markup;
  readonly status?: number;
  /** Where the shop's clock stands, which may run ahead of the reader's, and in which zone it and all times are shown. */
  readonly clock?: { readonly now: Instant; readonly zone: string };
};

/** A whole page around its content. */
export const page = ({ title, content, status = 200, clock }: Page): HttpResponse => ({
  statusCode: status,
  headers: HEADERS,
  body: html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Tropa inbox</title>
<link rel="icon" href="${ICON}">
<link rel="stylesheet" href="/inbox.css">
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header class="bar"><a class="home" href="/">Tropa inbox</a>${clock === undefined ? '' : html`<span>In the shop it is ${time(clock.now, clock.zone)}, ${clock.zone}</span>`}</header>
<main id="content" tabindex="-1">${content}</main>
</body>
</html>`.text,
});

/** A moment as the clocks of the zone show it, to the second, with the exact one for machines. */
export const time = (instant: Instant, zone: string): Markup =>
  html`<time datetime="${instant}" title="${zone}">${localTime(instant, zone)}</time>`;

/** Sends the browser on with a GET, so that a reload repeats nothing. */
export const seeOther = (location: string): HttpResponse => ({
  statusCode: 303,
  headers: { location, 'cache-control': 'no-store' },
  body: '',
});
