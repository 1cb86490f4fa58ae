import { expect, it } from 'vitest';
import { type Verdict, verdictOf } from '#shared/catchup/verdict.ts';
import type { Reading } from '#shared/ports.ts';

const NOW = '2026-10-21T07:28:00.000Z';
const said = (status: number, headers: Record<string, string> = {}): Reading => ({ status, headers, body: '' });
const again = (wait: number, smaller = false): Verdict => ({ type: 'again', wait, smaller });
const calls = (used: string) => ({ 'x-shopify-shop-api-call-limit': used });

it.each<[what: string, got: Reading, verdict: Verdict]>([
  ['a page', said(200), { type: 'taken', wait: 0 }],
  ['a page, and a bucket with room', said(200, calls('30/40')), { type: 'taken', wait: 0 }],
  ['a page, and a bucket that is nearly full', said(200, calls('38/40')), { type: 'taken', wait: 4000 }],
  ['a page, and a bucket of a larger plan', said(200, calls('390/400')), { type: 'taken', wait: 45_000 }],
  ['a page, and no bucket', said(200, calls('soon')), { type: 'taken', wait: 0 }],
  ['too many, and seconds', said(429, { 'retry-after': '2.0' }), again(2000)],
  ['too many, and a date', said(429, { 'retry-after': 'Wed, 21 Oct 2026 07:28:30 GMT' }), again(30_000)],
  ['too many, and a date that is over', said(429, { 'retry-after': 'Wed, 21 Oct 2026 07:20:00 GMT' }), again(1000)],
  ['too many, and nothing', said(429), again(4000)],
  ['too many, and no time at all', said(429, { 'retry-after': 'Wed, 99 Oct 2026 07:28:30 GMT' }), again(4000)],
  ['that it is broken', said(500), again(4000, true)],
  ['that it is down for a time', said(503, { 'retry-after': '30' }), again(30_000, true)],
  ['nothing in time', { failed: 'timed-out' }, again(4000, true)],
  ['more than anybody reads', { failed: 'too-large' }, again(0, true)],
  ['nothing, since nobody is there', { failed: 'unreachable' }, again(4000)],
  ['nothing, since it lies in no public network', { failed: 'forbidden' }, { type: 'wrong' }],
  ['that the token is none', said(401), { type: 'refused' }],
  ['that the token may not', said(403), { type: 'refused' }],
  ['that it lies elsewhere', said(301), { type: 'moved' }],
  ['that there is no such list', said(404), { type: 'wrong' }],
  ['that the question is wrong', said(400), { type: 'wrong' }],
])('when the shop says %s', (_, got, verdict) => {
  expect(verdictOf(got, 2, false, NOW)).toEqual(verdict);
});

it('takes a page that the shop no longer knows for stale, and a first page for wrong', () => {
  expect(verdictOf(said(400), 0, true, NOW)).toEqual({ type: 'stale' });
  expect(verdictOf(said(400), 0, false, NOW)).toEqual({ type: 'wrong' });
});
