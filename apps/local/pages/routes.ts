import { readFileSync } from 'node:fs';
import type { Route } from '#apps/local/routing.ts';
import type { Runtime } from '#apps/local/runtime.ts';
import { respond } from '#functions/respond/respond.ts';
import { SqliteTable } from '#shared/adapters/sqlite/table.ts';
import type { HttpRequest, HttpResponse } from '#shared/http.ts';
import { Published } from '#shared/store/published.ts';
import { answerMail } from './answers.ts';
import { arrivalsOf } from './arrivals.ts';
import { contactJson, contactPage } from './contact-page.ts';
import type { InboxDeps } from './deps.ts';
import { guarded } from './guard.ts';
import { mailList } from './mail-list.ts';
import { mailFrame, mailPage } from './mail-page.ts';

const STYLE = ['base', 'list', 'mail']
  .map((name) => readFileSync(new URL(`./style/${name}.css`, import.meta.url), 'utf8'))
  .join('\n');

/** The inbox: for who runs the laptop, and for nobody else. */
export function inboxRoutes(runtime: Runtime, summary: () => Promise<object>): readonly Route[] {
  const deps = depsOf(runtime, summary);
  const get = (path: string, answer: Route['answer']): Route => ({ method: 'GET', path, answer: guarded(answer) });
  return [
    get('/', (request) => mailList(request, deps)),
    get('/mails/{id}', (request) => mailPage(request, deps)),
    get('/mails/{id}/html', (request) => mailFrame(request, deps)),
    { method: 'POST', path: '/mails/{id}/answer', answer: guarded((request) => answerMail(request, deps)) },
    get('/api/summary', async () => given('application/json', JSON.stringify(await summary()))),
    get('/api/arrivals', async (request) =>
      given('application/json', JSON.stringify(await arrivalsOf(request, runtime, deps))),
    ),
    get('/contacts/{contact}', (request) => contactPage(request, deps)),
    get('/api/contacts/{contact}', async (request) =>
      given('application/json', JSON.stringify(await contactJson(request, deps))),
    ),
    get('/inbox.css', async () => given('text/css; charset=utf-8', STYLE)),
  ];
}

function depsOf({ inbox, db, clock, deps, meter }: Runtime, summary: () => Promise<object>): InboxDeps {
  const table = new SqliteTable(db, { now: () => clock.now() });
  const published = new Published(table, clock);
  return {
    mails: inbox.mails,
    table,
    published,
    clock,
    zone: async () => (await published.settings()).shop.timeZone,
    summary,
    act: (id, kind, link) => clock.run(() => inbox.act(id, kind, link)),
    unsubscribe: async (token) => {
      meter.count('lambda', 1);
      const { statusCode } = await clock.run(() => respond(oneClick(token), deps));
      return statusCode === 200;
    },
  };
}

/** What a mailbox posts when its reader unsubscribes (RFC 8058). */
const oneClick = (token: string): HttpRequest => ({
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  pathParameters: { token },
  requestContext: { http: { method: 'POST' } },
  body: 'List-Unsubscribe=One-Click',
  isBase64Encoded: false,
});

const given = (type: string, body: string): HttpResponse => ({
  statusCode: 200,
  headers: { 'content-type': type, 'cache-control': 'no-store' },
  body,
});
