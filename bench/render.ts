import { defaultSettings } from '#shared/store/journeys.ts';
import { render } from '#shared/template/render.ts';
import { scopeOf } from '#shared/template/scope.ts';
import { templateVersion } from '#shared/template/template.ts';

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

function scopeFor(n: number) {
  const items = PRODUCTS.map((name, i) => ({ name, quantity: 1 + ((n + i) % 3), price: 4.9 + ((n * 7 + i) % 40) }));
  return scopeOf({
    profile: { traits: { 'name.first': NAMES[n % NAMES.length] ?? '' }, identities: {}, tags: [] },
    settings: defaultSettings(),
    trigger: { orderId: `BB-${20_000 + n}`, at: '2026-06-15T10:00:00.000Z', total: 40 + n / 10, items },
    steps: {},
    data: {},
    message: {
      id: `m-${n}`,
      unsubscribeUrl: `https://shop.example/u/${n}?a=1&b=2`,
      locale: 'en',
      at: '2026-06-15T10:00:00.000Z',
    },
  });
}

/** How many mails a second of one core (its time, whoever else uses the machine) makes of a 20 KB template: subject, HTML and text, as `send` has them made. */
export async function run(): Promise<object> {
  const template = orderMail();
  const round = () => {
    // What a mail is made of is read for it alone, so no scope is rendered twice.
    const scopes = Array.from({ length: RENDERS }, (_, n) => scopeFor(n % CONTACTS));
    const began = process.cpuUsage();
    let bytes = 0;
    for (const scope of scopes) bytes += render(template, scope).html.length;
    const { user, system } = process.cpuUsage(began);
    return { perSecond: (RENDERS * 1_000_000) / (user + system), bytes: bytes / RENDERS };
  };
  const rounds = Array.from({ length: ROUNDS }, round).sort((a, b) => a.perSecond - b.perSecond);
  const perSecond = rounds[Math.floor(ROUNDS / 2)]?.perSecond;
  return {
    bench: 'render',
    templateBytes: template.html.length,
    mailBytes: rounds[0]?.bytes,
    rounds: ROUNDS,
    perSecond,
  };
}
