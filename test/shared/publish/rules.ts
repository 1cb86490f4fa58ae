import type { CheckContext } from '#shared/publish/context.ts';
import { context, end, facts, send, template, wait } from '#test/build/checked.ts';
import { settings } from '#test/build/settings.ts';

/** What the language's table of remarks says, each with an example that earns it. */
export type Rule = {
  readonly said: string;
  /** What makes a journey without a fault one with this fault. */
  readonly changes?: object;
  /** A slip in the text itself. */
  readonly slip?: readonly [from: string, to: string];
  /** What stands where the remark points. */
  readonly at: string;
  readonly file?: string;
  readonly given?: CheckContext;
};

type More = Parameters<typeof settings>[0];

const traits: NonNullable<More>['traits'] = {
  ...{ name: 'text', points: 'number', birthday: 'date', 'cart.total': 'number', 'trial.endsAt': 'date' },
};
const events: NonNullable<NonNullable<More>['events']> = {
  ...{ purchase: { total: 'number' }, registration: {}, answered: {} },
  'cart.updated': { total: 'number', category: 'text' },
};
const topics = {
  news: { kind: 'marketing' },
  offers: { kind: 'marketing' },
  orders: { kind: 'transactional' },
} as const;

/** Templates that print what nobody has, alone or with a default. */
const PRINTS = {
  'to-nam': template({ variables: ['contact.nam', 'contact.email'], guarded: ['contact.nam'] }),
  'to-shoe': template({ variables: ['contact.shoe'] }),
  'of-cart': template({ variables: ['trigger.totl', 'trigger.total'] }),
  'of-data': template({ variables: ['data.gift'] }),
  'with-buttons': template({ links: ['checkout', 'help', '{{ shop.url }}/cart'] }),
  'without-names': template({ links: ['https://shop.example/cart'] }),
};

export const shop = (more: More = {}, given: Partial<CheckContext> = {}): CheckContext =>
  context({
    settings: settings({
      traits,
      events,
      topics,
      pools: { 'cart-10': { codes: 'pools/cart-10.csv' } },
      endpoints: {
        crm: { https: 'https://crm.shop.example/hook', secret: 'crm' },
        care: { email: 'care@shop.example' },
      },
      senders: { default: { email: 'hello@shop.example' }, care: { email: 'care@shop.example' } },
      ...more,
    }),
    templates: {
      hello: template(),
      'cart-reminder': template(),
      receipt: template({ hasUnsubscribe: false }),
      'cart-offer': template({ variables: ['steps.coupn.code'] }),
      'cart-code': template({ variables: ['steps.code.code'] }),
      ...PRINTS,
    },
    segments: { vip: { tag: 'vip' }, 'big-spenders': { tag: 'big' } },
    journeys: { 'abandoned-cart': facts({ trigger: 'event' }), beans: facts({ trigger: 'manual' }) },
    now: '2026-03-02T09:00:00.000Z',
    ...given,
  });

const waitFor = (id: string, condition: object, more: object = {}) => ({
  ...{ type: 'waitFor', id, for: condition, upTo: 'P1D' },
  ...more,
});
const branch = (id: string, cases: object[], more: object = {}) => ({ type: 'branch', id, cases, ...more });
const when = (condition: object, steps: object[] = [], more: object = {}) => ({ if: condition, steps, ...more });
const asks = (condition: object) => ({ steps: [send('first'), wait('w'), branch('b', [when(condition)])] });
const arm = (name: string, weight: number) => ({ name, weight, steps: [] });
const split = (...arms: object[]) => ({ steps: [send('first'), { type: 'split', id: 'test', arms }] });
const coupon = (more: object = {}) => ({ type: 'coupon', id: 'code', pool: 'cart-10', otherwise: [], ...more });
const repeat = (steps: object[]) => ({ type: 'repeat', id: 'lessons', times: 4, steps });
const update = (more: object) => ({ type: 'update', id: 'u', ...more });
const consents = { consent: 'offers' };
const clicked = (message: string) => ({ message, is: 'clicked' });
const quietFor = (more: object = {}) => ({ type: 'event', event: 'cart.updated', quietFor: 'PT1H', ...more });

export const ERRORS: readonly Rule[] = [
  { said: 'E01 A comma is missing after line 4.', slip: ['"live",', '"live"'], at: '\n  "topic"' },
  {
    said: 'E02 "waitFor" has no "uptoo". Did you mean "upTo"?',
    changes: { steps: [waitFor('w', { event: 'purchase' }, { uptoo: 'P1D' })] },
    at: '"uptoo"',
  },
  {
    said: 'E03 There is no step "sms". Did you mean "send" with "channel": "sms"?',
    changes: { steps: [{ type: 'sms', id: 'x' }] },
    at: '"sms"',
  },
  {
    said: 'E04 The id "offer" is used twice (lines 23 and 33). Ids tell steps apart in reports and when you edit.',
    changes: { steps: [send('offer'), wait('w'), end('offer')] },
    at: '"offer"',
  },
  {
    said: 'E05 An id has small Latin letters, digits and "-". How about "pismo-1"? Put the name into "name".',
    changes: { steps: [send('Письмо 1')] },
    at: '"Письмо 1"',
  },
  {
    said: 'E06 The file is named "cart", the journey "basket". Make them the same.',
    changes: { id: 'basket' },
    file: 'journeys/cart.json',
    at: '"basket"',
  },
  {
    said: 'E07 "2 days" is not a duration. Write "P2D".',
    changes: { steps: [wait('w', { for: '2 days' })] },
    at: '"2 days"',
  },
  {
    said: 'E08 "think" waits no time at all. Remove it or give it a time.',
    changes: { steps: [wait('think', { for: 'PT0S' })] },
    at: '"PT0S"',
  },
  { said: 'E09 A wait lasts at most a year ("P1Y").', changes: { steps: [wait('w', { for: 'P2Y' })] }, at: '"P2Y"' },
  {
    said: 'E10 Days stand before the T, hours after it: "P2D".',
    changes: { steps: [wait('w', { for: 'PT2D' })] },
    at: '"PT2D"',
  },
  {
    said: 'E10 Days stand before the T, hours after it: "P1DT12H".',
    changes: { steps: [wait('w', { for: 'P1D12H' })] },
    at: '"P1D12H"',
  },
  {
    said: 'E11 There is no template "cart-remindr". Did you mean "cart-reminder"?',
    changes: { steps: [send('a', { template: 'cart-remindr' })] },
    at: '"cart-remindr"',
  },
  {
    said: 'E12 "cart-reminder" has no text for push. Add templates/cart-reminder/push.liquid or remove push.',
    changes: { steps: [send('a', { template: 'cart-reminder', channel: ['push'] })] },
    at: '[',
  },
  {
    said: 'E13 "cart-offer" prints steps.coupn.code, but no step "coupn" comes before "offer". Did you mean "code"?',
    changes: { steps: [coupon(), send('offer', { template: 'cart-offer' })] },
    at: '"cart-offer"',
  },
  {
    said: 'E14 "receipt" has no way to unsubscribe. Marketing mail must have one: <a href="{{ message.unsubscribe_url }}">Unsubscribe</a>.',
    changes: { steps: [send('a', { template: 'receipt' })] },
    at: '"receipt"',
  },
  { said: 'E15 There is no segment "vips". Did you mean "vip"?', changes: asks({ segment: 'vips' }), at: '"vips"' },
  {
    said: 'E15 There is no segment "vips". Did you mean "vip"?',
    changes: { trigger: { type: 'segment', segment: 'vips', when: 'enters' } },
    at: '"vips"',
  },
  { said: 'E15 There is no topic "ofers". Did you mean "offers"?', changes: { topic: 'ofers' }, at: '"ofers"' },
  {
    said: 'E15 There is no sender "car". Did you mean "care"?',
    changes: { steps: [send('a', { sender: 'car' })] },
    at: '"car"',
  },
  {
    said: 'E15 There is no pool "cart-1". Did you mean "cart-10"?',
    changes: { steps: [coupon({ pool: 'cart-1' })] },
    at: '"cart-1"',
  },
  {
    said: 'E15 There is no survey "np". Did you mean "nps"?',
    changes: { steps: [send('a', { survey: 'np' })] },
    at: '"np"',
  },
  {
    said: 'E15 There is no endpoint "crn". Did you mean "crm"?',
    changes: { steps: [{ type: 'call', id: 'c', endpoint: 'crn' }] },
    at: '"crn"',
  },
  {
    said: 'E25 "c" leaves "at", no "tier".',
    changes: {
      steps: [{ type: 'call', id: 'c', endpoint: 'crm' }, update({ set: { tier: { step: 'c.tier' } } })],
    },
    at: '"c.tier"',
  },
  {
    said: 'E25 "c" comes later than this step, so its tier is not there yet. Move it up.',
    changes: {
      steps: [update({ set: { tier: { step: 'c.tier' } } }), { type: 'call', id: 'c', endpoint: 'crm', answer: true }],
    },
    at: '"c.tier"',
  },
  {
    said: 'E15 There is no product list "bestseller". Did you mean "bestsellers"?',
    changes: { steps: [send('a', { products: { list: 'bestseller', count: 3 } })] },
    at: '"bestseller"',
  },
  {
    said: 'E15 There is no journey "abandoned-car". Did you mean "abandoned-cart"?',
    changes: asks({ journey: 'abandoned-car' }),
    at: '"abandoned-car"',
  },
  {
    said: 'E15 There is no journey "bean". Did you mean "beans"?',
    changes: { steps: [{ type: 'enrol', id: 'e', journey: 'bean' }] },
    at: '"bean"',
  },
  {
    said: 'E17 Nobody has a trait "cart.totl". Did you mean "cart.total"?',
    changes: asks({ trait: 'cart.totl', gt: 5 }),
    at: '"cart.totl"',
  },
  {
    said: 'E17 Nobody has a trait "pionts". Did you mean "points"?',
    changes: { steps: [update({ set: { seen: { trait: 'pionts' } } })] },
    at: '"pionts"',
  },
  {
    said: 'E18 No event "purchaze" is known or was ever seen. Did you mean "purchase"?',
    changes: { goal: { if: { event: 'purchaze' } } },
    at: '"purchaze"',
  },
  {
    said: 'E18 No event "cart.updatd" is known or was ever seen. Did you mean "cart.updated"?',
    changes: { trigger: { type: 'event', event: 'cart.updatd' } },
    at: '"cart.updatd"',
  },
  {
    said: 'E11 The template "hint" has errors of its own. Mend templates/hint/email.mjml first.',
    changes: { steps: [send('a', { template: 'hint' })] },
    at: '"hint"',
    given: shop({}, { faulty: { hint: 'templates/hint/email.mjml' } }),
  },
  {
    said: 'E18 No event "wishlist.shared" is known or was ever seen. If your shop sends it, declare it under "events" in settings.json.',
    changes: { goal: { if: { event: 'wishlist.shared' } } },
    at: '"wishlist.shared"',
    given: shop({}, { seen: ['page.viewed'] }),
  },
  {
    // Nothing has come in yet: it may still come.
    said: 'W52 No event "wishlist.shared" is known or was ever seen. If your shop sends it, declare it under "events" in settings.json.',
    changes: { goal: { if: { event: 'wishlist.shared' } } },
    at: '"wishlist.shared"',
    given: shop({}, { seen: [] }),
  },
  {
    said: 'E19 "name" is a text; "gt" compares numbers. Take "is", "contains" or "startsWith".',
    changes: asks({ trait: 'name', gt: 5 }),
    at: '"gt"',
  },
  {
    said: 'E19 "total" is a number; "contains" looks into texts. Take "is", "gt" or "lt".',
    changes: asks({ trigger: 'total', contains: 'x' }),
    at: '"contains"',
  },
  {
    said: 'E19 "total" is a number; "many" is a text. Write a number without quotes, as 20.',
    changes: asks({ event: 'purchase', where: { data: 'total', is: 'many' } }),
    at: '"many"',
  },
  {
    said: 'E19 The number of "purchase" is a number; "before" compares dates. Take "is", "gt" or "lt".',
    changes: asks({ event: 'purchase', before: 'now-P1D' }),
    at: '"before"',
  },
  {
    said: 'E19 "category" is a text; "sum" adds numbers. Name a field that is one.',
    changes: asks({ event: 'cart.updated', sum: 'category', gt: 5 }),
    at: '"sum"',
  },
  {
    said: 'E20 A condition asks one thing; here are "trait" and "tag". Put two into "all".',
    changes: asks({ trait: 'points', tag: 'b' }),
    at: '{',
  },
  { said: 'E21 An empty "any" is never true. Put a condition into it.', changes: asks({ any: [] }), at: '[]' },
  {
    said: 'E22 "data" is for the events inside "where". Here it is "trigger".',
    changes: asks({ data: 'total', gt: 5 }),
    at: '"total"',
  },
  {
    said: 'E23 This journey is started by a segment, which has no "total". There are "segment", "at".',
    changes: { trigger: { type: 'segment', segment: 'vip', when: 'enters' }, ...asks({ trigger: 'total', gt: 5 }) },
    at: '"total"',
  },
  {
    said: 'E23 "message.clicked" has no "stepp". Did you mean "step"?',
    changes: { trigger: { type: 'event', event: 'message.clicked' }, ...asks({ trigger: 'stepp', is: 'offer' }) },
    at: '"stepp"',
  },
  {
    said: 'E23 "tag.added" has no "tags". Did you mean "tag"?',
    changes: { goal: { if: { event: 'tag.added', where: { data: 'tags', is: 'vip' } } } },
    at: '"tags"',
  },
  {
    said: 'E49 "link" goes with "clicked": only a click is on a link. Say "is": "clicked", or take it out.',
    changes: { steps: [send('a'), waitFor('w', { message: 'a', is: 'opened', link: 'shop' })] },
    at: '"link"',
  },
  {
    said: 'E49 "care" is a colleague, and a mail brings no answer back. Take "answer" out, or call an endpoint with "https".',
    changes: { steps: [{ type: 'call', id: 'c', endpoint: 'care', answer: true }] },
    at: 'true',
  },
  {
    said: 'E25 "w" leaves "at" and "happened" and "channel" and "link", no "total".',
    changes: { steps: [send('a'), waitFor('w', clicked('a')), update({ set: { paid: { step: 'w.total' } } })] },
    at: '"w.total"',
  },
  {
    said: 'E24 There is no send step "offr". Did you mean "offer"?',
    changes: { steps: [send('offer'), waitFor('w', clicked('offr'))] },
    at: '"offr"',
  },
  {
    said: 'E25 "code" comes later than this step, so its code is not there yet. Move it up.',
    changes: { steps: [send('a', { data: { code: { step: 'code.code' } } }), coupon()] },
    at: '"code.code"',
  },
  {
    said: 'E25 "a" leaves "at" and "channel", no "chanel". Did you mean "channel"?',
    changes: { steps: [send('a'), update({ set: { by: { step: 'a.chanel' } } })] },
    at: '"a.chanel"',
  },
  {
    said: 'E26 Events are kept for 400 days. For longer, fold a trait in settings.',
    changes: asks({ event: 'purchase', within: 'P3Y' }),
    at: '"P3Y"',
  },
  {
    said: 'E26 Events are kept for 400 days. For longer, fold a trait in settings.',
    changes: asks({ event: 'purchase', since: 'now-P3Y' }),
    at: '"now-P3Y"',
  },
  {
    said: 'E27 The arms of "test" add up to 90. They must make 100.',
    changes: split(arm('a', 50), arm('b', 40)),
    at: '[',
  },
  {
    said: 'E28 "test" has one arm; nothing is split. Add another, or take the split out.',
    changes: split(arm('a', 100)),
    at: '[',
  },
  {
    said: 'E29 Nobody reaches "thanks": every way before it ends. Move it up, or remove it.',
    changes: { steps: [end('x'), send('thanks')] },
    at: '{',
  },
  {
    said: 'E30 Nobody reaches the case "gold": the case above takes all of them. Put it above, or remove it.',
    changes: {
      steps: [
        branch('b', [when({ trait: 'points', gte: 100 }), when({ trait: 'points', gte: 1000 }, [], { name: 'gold' })]),
      ],
    },
    at: '{',
  },
  {
    said: 'E30 Nobody reaches case 2: the case above takes all of them. Put it above, or remove it.',
    changes: { steps: [branch('b', [when({ tag: 'vip' }), when({ tag: 'vip' })])] },
    at: '{',
  },
  {
    said: 'E31 "skip" goes forward only; "reminder" is above. To do it again use "repeat".',
    changes: { steps: [send('reminder'), wait('w'), { type: 'skip', id: 's', to: 'reminder' }] },
    at: '"reminder"',
  },
  {
    said: 'E32 "offer" lies inside another arm; one can skip to a later step of this list or of one around it.',
    changes: {
      steps: [
        branch('b', [
          when({ sample: 5 }, [{ type: 'skip', id: 's', to: 'offer' }]),
          when({ tag: 'a' }, [send('offer')]),
        ]),
      ],
    },
    at: '"offer"',
  },
  {
    said: 'E33 "lessons" would send 4 messages at once. Put a wait into it.',
    changes: { steps: [repeat([send('lesson')])] },
    at: '{',
  },
  {
    said: 'E34 "again" starts this very journey again. Choose another event, or use "repeat".',
    changes: { steps: [{ type: 'emit', id: 'again', event: 'cart.updated' }] },
    at: '"cart.updated"',
  },
  {
    said: 'E35 Whoever enters has reached the goal already and would leave at once. Ask for something that comes later.',
    changes: { trigger: { type: 'segment', segment: 'vip', when: 'enters' }, goal: { if: { segment: 'vip' } } },
    at: '{',
  },
  {
    said: 'E35 Whoever enters has reached the goal already and would leave at once. Ask for something that comes later.',
    changes: {
      entry: { if: { all: [consents, { trait: 'points', gte: 200 }] } },
      goal: { if: { trait: 'points', gte: 100 } },
    },
    at: '{',
  },
  {
    said: 'E36 Whoever enters would leave at once by exit 1. Ask there for something that comes later.',
    changes: {
      entry: { if: { all: [consents, { tag: 'vip' }] } },
      exits: [{ if: { any: [{ tag: ['vip', 'gold'] }, { event: 'purchase' }] } }],
    },
    at: '{',
  },
  {
    said: 'E37 "night-offer" may go only from 22:00 to 23:00, which is quiet time for sms. It would never be sent. Choose other hours.',
    changes: { steps: [send('night-offer', { channel: 'sms', when: { from: '22:00', to: '23:00' } })] },
    given: shop({ quiet: [{ from: '21:00', to: '09:00', channels: ['sms'] }] }),
    at: '{',
  },
  {
    said: 'E38 That moment has passed. Choose a later one.',
    changes: { steps: [wait('w', { until: '2025-12-24T10:00' })] },
    at: '"2025-12-24T10:00"',
  },
  {
    said: 'E39 Some have no "trial.endsAt", or it is past. Say "missed": "end" or "continue".',
    changes: { steps: [wait('w', { until: { trait: 'trial.endsAt' } })] },
    at: '{',
  },
  {
    said: 'E40 This window is never open: it begins and ends at one time. Make it longer.',
    changes: { steps: [wait('w', { until: { from: '18:00', to: '18:00' } })] },
    at: '{',
  },
  {
    said: 'E40 This window is never open: it begins and ends at one time. Make it longer.',
    changes: asks({ now: { from: '18:00', to: '18:00' } }),
    at: '{',
  },
  {
    said: 'E41 Say what happens when "cart-10" has no codes left: "otherwise": [ steps ].',
    changes: { steps: [{ type: 'coupon', id: 'code', pool: 'cart-10' }] },
    at: '{',
  },
  {
    said: 'E42 A journey may withdraw consent, never give it: write "denied", or take it out.',
    changes: { steps: [update({ consent: { offers: 'granted' } })] },
    at: '"granted"',
  },
  {
    said: 'E43 No event can make this true. Use "wait" with "until".',
    changes: { steps: [waitFor('w', { any: [{ now: { days: ['sat'] } }, { sample: 5 }] })] },
    at: '{',
  },
  {
    said: 'E45 214 contacts are in "offer", which is gone. Say in "moved" where they go on, or use "inside": "finish".',
    changes: { publish: { inside: 'move' } },
    at: '"move"',
    given: shop({}, { inside: { hash: 'live', steps: ['offer', 'hello'], standing: { offer: 214, hello: 3 } } }),
  },
  {
    said: 'E46 "abandoned-cart" is started by an event. Only "manual" journeys can be enrolled into: give it the trigger { "type": "manual" }.',
    changes: { steps: [{ type: 'enrol', id: 'e', journey: 'abandoned-cart' }] },
    at: '"abandoned-cart"',
  },
  {
    said: 'E47 1 of 4 tests fails: "who buys within the hour never enters" in tests/cart.test.json: expected no message, got "reminder" after PT1H.',
    given: shop(
      {},
      {
        tests: () => ({
          count: 4,
          failed: [
            {
              file: 'tests/cart.test.json',
              name: 'who buys within the hour never enters',
              said: 'expected no message, got "reminder" after PT1H.',
            },
          ],
        }),
      },
    ),
    at: '"j"',
  },
  {
    said: 'E48 "converted" is the goal\'s word. Choose another.',
    changes: { steps: [end('x', { outcome: 'converted' })] },
    at: '"converted"',
  },
  {
    // With a default it is still a slip.
    said: 'E17 "to-nam" prints contact.nam, but nobody has a trait "nam". Did you mean "name"?',
    changes: { steps: [send('a', { template: 'to-nam' })] },
    at: '"to-nam"',
  },
  {
    said: 'E17 "to-shoe" prints contact.shoe, but nobody has a trait "shoe". If it is one, declare it under "traits" in settings.json.',
    changes: { steps: [send('a', { template: 'to-shoe' })] },
    at: '"to-shoe"',
  },
  {
    said: 'W52 "to-shoe" prints contact.shoe, but nobody has a trait "shoe". If it is one, declare it under "traits" in settings.json.',
    changes: { steps: [send('a', { template: 'to-shoe' })] },
    at: '"to-shoe"',
    given: shop({ traits: {} }),
  },
  {
    said: 'W52 "of-cart" prints trigger.totl, but "cart.updated" has no "totl". Did you mean "total"?',
    changes: { steps: [send('a', { template: 'of-cart' })] },
    at: '"of-cart"',
  },
  {
    said: 'E23 "of-cart" prints trigger.totl, but the trigger has no "totl". It has "segment", "at".',
    changes: {
      trigger: { type: 'segment', segment: 'vip', when: 'enters' },
      steps: [send('a', { template: 'of-cart' })],
    },
    at: '"of-cart"',
  },
  {
    said: 'E13 "of-data" prints data.gift, but "a" gives no "gift" in its "data". Did you mean "gifts"?',
    changes: { steps: [send('a', { template: 'of-data', data: { gifts: 'tea' } })] },
    at: '"of-data"',
  },
  {
    said: 'E15 "with-buttons" has no link "chekout". Did you mean "checkout"?',
    changes: { steps: [send('a', { template: 'with-buttons' }), waitFor('w', { ...clicked('a'), link: 'chekout' })] },
    at: '"chekout"',
  },
  {
    said: 'W52 "with-buttons" has no link "survey". Its links are named "checkout", "help".',
    changes: { steps: [send('a', { template: 'with-buttons' }), waitFor('w', { ...clicked('a'), link: 'survey' })] },
    at: '"survey"',
  },
  {
    said: 'W52 "without-names" has no link "shop.example/car-t". Name it there: <mj-button name="buy" href="...">.',
    changes: {
      steps: [send('a', { template: 'without-names' }), waitFor('w', { ...clicked('a'), link: 'shop.example/car-t' })],
    },
    at: '"shop.example/car-t"',
  },
];

const many = (count: number) =>
  Array.from({ length: count }, (_, i) => [send(i === count - 1 ? 'last-call' : `m${i}`), wait(`w${i}`)]).flat();

export const WARNINGS: readonly Rule[] = [
  {
    said: 'W01 Those without consent for "offers" walk the journey and get nothing (31 % today). Ask in "entry".',
    changes: { entry: undefined },
    given: shop({}, { population: { consenting: { offers: 0.69 } } }),
    at: '{',
  },
  {
    said: 'W01 Those without consent for "offers" walk the journey and get nothing. Ask in "entry".',
    changes: { entry: undefined },
    at: '{',
  },
  {
    said: 'W02 "last-word" follows the withdrawal of consent and will never be sent.',
    changes: { steps: [update({ consent: { marketing: 'denied' } }), send('last-word')] },
    at: '{',
  },
  {
    said: 'W02 "last-word" follows the withdrawal of consent and will never be sent.',
    changes: { steps: [send('a'), waitFor('w', { message: 'a', is: 'unsubscribed' }, { then: [send('last-word')] })] },
    at: '{',
  },
  {
    said: 'W03 Nothing can have happened to "offer" yet. Use "waitFor".',
    changes: { steps: [send('offer'), branch('b', [when(clicked('offer'))])] },
    at: '{',
  },
  { said: 'W04 "a" and "b" go out together. Is a wait missing?', changes: { steps: [send('a'), send('b')] }, at: '{' },
  { said: 'W05 Without a goal the report can count clicks, not success.', changes: { goal: undefined }, at: '{' },
  {
    said: 'W06 Only later purchases count, not the one that starts it.',
    changes: { trigger: { type: 'event', event: 'purchase' } },
    at: '{',
  },
  {
    said: 'W07 "read" decides on opens alone, and mail programs open by themselves. Add clicks or visits.',
    changes: { steps: [send('a'), waitFor('read', { message: 'a', is: 'opened' })] },
    at: '{',
  },
  {
    said: 'W08 With your cap of 4 in 7 days, "last-call" is seldom sent.',
    changes: { steps: many(5) },
    given: shop({ caps: [{ count: 4, per: 'P7D' }] }),
    at: '{',
  },
  {
    said: 'W09 The cap of 5 never bites.',
    changes: {
      caps: [
        { count: 5, per: 'P7D' },
        { count: 1, per: 'P1W' },
      ],
    },
    at: '{',
  },
  {
    said: 'W10 Who is inside cannot enter again; "again" works only after about 9 days.',
    changes: {
      entry: { if: consents, again: { after: 'P1D' } },
      steps: [send('a'), wait('w', { for: 'P9D' }), send('b')],
    },
    at: '"P1D"',
  },
  {
    said: 'W11 Several orders of one contact are taken as one. "key": "orderId" keeps them apart.',
    changes: { trigger: quietFor({ event: 'order.delivered' }) },
    given: shop({ events: { ...events, 'order.delivered': { orderId: 'text' } } }),
    at: '"PT1H"',
  },
  {
    said: 'W12 To see 10 % better at 95 % you need about 9,400 contacts; that is 78 months.',
    changes: {
      steps: [
        send('first'),
        {
          type: 'split',
          id: 's',
          arms: [arm('a', 50), arm('b', 50)],
          experiment: { metric: 'goal', winner: 'manual' },
        },
      ],
    },
    given: shop({}, { population: { entrants: { j: 120 }, converting: { j: 0.25 } } }),
    at: '{',
  },
  {
    said: 'W13 A control group without a goal measures nothing.',
    changes: { goal: undefined, entry: { if: consents, holdout: 10 } },
    at: '10',
  },
  {
    said: 'W14 "a" offers goods in a transactional message: in many countries that makes it marketing.',
    changes: { topic: 'orders', steps: [send('a', { products: { list: 'again', count: 3 } })] },
    at: '{',
  },
  {
    said: 'W15 12,408 contacts enter at publish, 2,100 a day under the cap: six days.',
    changes: { trigger: quietFor({ existing: true }), entry: { if: consents, cap: [{ count: 2100, per: 'P1D' }] } },
    given: shop({}, { population: { existing: { j: 12_408 } } }),
    at: 'true',
  },
  {
    said: 'W16 "cart-10" has 212 codes; this journey used 1,480 last month.',
    changes: { steps: [coupon(), send('a')] },
    given: shop({}, { population: { codes: { 'cart-10': 212 }, used: { 'j/cart-10': 1480 } } }),
    at: '"cart-10"',
  },
  {
    said: 'W17 18 % of contacts read Polish; "hello" has no pl.',
    given: shop(
      {},
      { templates: { hello: template({ locales: [''] }) }, population: { reading: { pl: 0.18, en: 0.8, de: 0.02 } } },
    ),
    at: '"hello"',
  },
  {
    said: 'W18 Nobody is in "big-spenders" today.',
    changes: asks({ segment: 'big-spenders' }),
    given: shop({}, { population: { contacts: 40_210, satisfying: { 'segment:big-spenders': 0 } } }),
    at: '{',
  },
  {
    said: 'W18 All 40,210 satisfy this today.',
    changes: asks({ tag: 'vip' }),
    given: shop({}, { population: { contacts: 40_210, satisfying: { '{tag:"vip"}': 40_210 } } }),
    at: '{',
  },
  {
    said: 'W19 Some get "miss-you" without a code. Give the print a default or end them.',
    changes: { steps: [coupon(), send('miss-you', { template: 'cart-code' })] },
    at: '"cart-code"',
  },
  {
    said: 'W20 "P5M" is five months. Five minutes is "PT5M".',
    changes: { steps: [send('a'), wait('w', { for: 'P5M' }), send('b')] },
    at: '"P5M"',
  },
  {
    said: 'W21 "cart-a" starts on the same event; 88 % would be in both. If that is not meant, keep out of one who is in the other: "entry": { "if": { "not": { "journey": "cart-a" } } }.',
    given: shop(
      {},
      {
        journeys: { 'cart-a': facts({ events: ['cart.updated'], topics: ['offers'] }) },
        population: { both: { 'j/cart-a': 0.88 } },
      },
    ),
    at: '{',
  },
  {
    said: 'W21 "cart-a" starts on the same event; nothing keeps the two apart. If that is not meant, keep out of one who is in the other: "entry": { "if": { "not": { "journey": "cart-a" } } }.',
    given: shop({}, { journeys: { 'cart-a': facts({ events: ['cart.updated'], topics: ['offers'] }) } }),
    at: '{',
  },
];
