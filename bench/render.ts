import { type ComposeDeps, compose } from '#functions/send/compose.ts';
import { type Message, messageSchema } from '#shared/message/message.ts';
import { ContactFacts } from '#shared/store/facts.ts';
import { defaultSettings } from '#shared/store/journeys.ts';
import type { Table } from '#shared/store/table.ts';
import { render } from '#shared/template/render.ts';
import { scopeOf } from '#shared/template/scope.ts';
import { templateVersion } from '#shared/template/template.ts';
import { enrolment } from '#test/build/enrolment.ts';
import { profile } from '#test/build/profile.ts';
import { memoryTable } from '#test/build/table.ts';

const ROUNDS = 7;
const RENDERS = 1000;
/** Mails differ, as contacts do: none is rendered twice in a row. */
const CONTACTS = 500;
const BODY = 20 * 1024;

/** What stands around the text of a mail that MJML has made: tables with their styles. */
const FILLING =
  '<table align="center" border="0" cellpadding="0" cellspacing="0" role="presentation" style="width:100%;"><tbody><tr><td style="direction:ltr;font-size:0px;padding:20px 0;text-align:center;">We roast on Tuesdays and Thursdays.</td></tr></tbody></table>\n';

const LINES =
  '{% for item in trigger.items limit: 6 %}<tr><td>{% if item.quantity > 1 %}{{ item.quantity }} × {% endif %}{{ item.name }}</td><td>{{ item.price | money }}</td></tr>{% endfor %}';
const HEAD =
  "<html lang=\"en\"><body><p>Hello {{ contact.name.first | default: 'there' }}, thank you for order {{ trigger.orderId }} of {{ trigger.at | date: 'long' }}.</p><table>";
const FOOT =
  '</table><p>{{ trigger.items.size }} {{ trigger.items.size | plural: "thing", "things" }}, together {{ trigger.total | money }}.</p><p><a href="{{ shop.url }}/orders/{{ trigger.orderId }}">Your order</a> {{ shop.name }}, {{ shop.address }} <a href="{{ message.unsubscribe_url }}">Unsubscribe</a></p></body></html>';
const TEXT =
  "Hello {{ contact.name.first | default: 'there' }}, thank you for order {{ trigger.orderId }} of {{ trigger.at | date: 'long' }}.\n\n{% for item in trigger.items limit: 6 %}\n{{ item.quantity }} × {{ item.name }} {{ item.price | money }}\n{% endfor %}\n\nTogether {{ trigger.total | money }}\n{{ shop.name }}, {{ shop.address }}\n{{ message.unsubscribe_url }}\n";

function orderMail() {
  const filling = FILLING.repeat(Math.ceil((BODY - HEAD.length - LINES.length - FOOT.length) / 2 / FILLING.length));
  const content = {
    ...{ v: 1 as const, id: 'bench', channel: 'email' as const, locale: '', variables: [], preheader: '' },
    subject: 'Thank you, {{ contact.name.first }}: order {{ trigger.orderId }}',
    html: `${HEAD}${filling}${LINES}${filling}${FOOT}`,
    text: TEXT,
  };
  return { ...content, version: templateVersion(content) };
}

const NAMES = ['Maja', "Aoife O'Brien", 'Zoë & Max', 'Jan'];
const PRODUCTS = ['Ethiopia Yirgacheffe 250 g', 'Salt & Pepper Mill', 'Pour-over Dripper', 'Earl Grey'];

const AT = '2026-06-15T10:00:00.000Z';

const contactFor = (n: number) => profile({ traits: { 'name.first': NAMES[n % NAMES.length] ?? '' } });

function triggerFor(n: number) {
  const items = PRODUCTS.map((name, i) => ({ name, quantity: 1 + ((n + i) % 3), price: 4.9 + ((n * 7 + i) % 40) }));
  return { orderId: `BB-${20_000 + n}`, at: AT, total: 40 + n / 10, items };
}

function scopeFor(n: number) {
  return scopeOf({
    profile: contactFor(n),
    settings: defaultSettings(),
    trigger: triggerFor(n),
    steps: {},
    data: {},
    message: {
      id: `m-${n}`,
      unsubscribeUrl: `https://shop.example/u/${n}?a=1&b=2`,
      locale: 'en',
      at: AT,
    },
  });
}

const message: Message = messageSchema.parse({
  ...{ v: 1, id: 'm', contact: 'c1', journey: 'cart', key: '', n: 1, version: 1, step: 'hello', visit: 1 },
  ...{
    channel: 'email',
    topic: 'orders',
    lane: 'marketing',
    template: 'bench',
    state: 'queued',
    queuedAt: AT,
    facts: {},
  },
});

/** What compose is asked for a mail, with all of it read already. */
function questionFor(n: number, table: Table) {
  const trigger = { event: `e${n}`, type: 'purchase', at: AT, data: triggerFor(n) };
  return {
    message: { ...message, id: `0123456789abcdef0123456789ab${n}`, contact: `c${n}` },
    profile: contactFor(n),
    settings: defaultSettings(),
    enrolment: enrolment({ trigger }),
    facts: new ContactFacts(table, [`c${n}`]),
    now: AT,
  };
}

type Template = ReturnType<typeof orderMail>;

function renderAll(template: Template): () => Promise<number> {
  // What a mail is made of is read for it alone, so no scope is rendered twice.
  const scopes = Array.from({ length: RENDERS }, (_, n) => scopeFor(n % CONTACTS));
  return async () => scopes.reduce((bytes, scope) => bytes + render(template, scope).html.length, 0);
}

function composeAll(template: Template): () => Promise<number> {
  const deps: ComposeDeps = {
    published: { templates: async () => ({}) },
    templates: { find: async () => template },
    secrets: { get: async () => ['a secret that links are signed with'] },
    linkSecretId: 'links',
    publicUrl: 'https://links.shop.example',
    sender: 'Shop <hello@shop.example>',
  };
  const { table } = memoryTable();
  const questions = Array.from({ length: RENDERS }, (_, n) => questionFor(n % CONTACTS, table));
  return async () => {
    let bytes = 0;
    for (const question of questions) bytes += (await compose(question, deps)).mail.html?.length ?? 0;
    return bytes;
  };
}

/** A thousand mails a round; the time is the core's, whoever else uses the machine. */
async function perSecond(prepare: () => () => Promise<number>): Promise<{ perSecond: number; bytes: number }> {
  const rounds = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const work = prepare();
    const began = process.cpuUsage();
    const bytes = await work();
    const { user, system } = process.cpuUsage(began);
    rounds.push({ perSecond: (RENDERS * 1_000_000) / (user + system), bytes: bytes / RENDERS });
  }
  rounds.sort((a, b) => a.perSecond - b.perSecond);
  const middle = rounds[Math.floor(ROUNDS / 2)];
  if (!middle) throw new Error('there are rounds');
  return middle;
}

/**
 * How many mails a second of one core makes of a 20 KB template: subject, HTML and text; and how many it makes ready to be
 * handed over, with their links signed, as `send` does once it has read what they are made of.
 */
export async function run(): Promise<object> {
  const template = orderMail();
  const rendered = await perSecond(() => renderAll(template));
  const composed = await perSecond(() => composeAll(template));
  return {
    bench: 'render',
    templateBytes: template.html.length,
    mailBytes: rendered.bytes,
    rounds: ROUNDS,
    perSecond: rendered.perSecond,
    composedPerSecond: composed.perSecond,
  };
}
