import { describe, expect, it } from 'vitest';
import { applied } from '#shared/contact/change.ts';
import { fold } from '#shared/contact/fold.ts';
import { checkJourney } from '#shared/publish/check.ts';
import { context, journeyText, said } from '#test/build/checked.ts';
import { consent, event } from '#test/build/event.ts';
import { HandShop } from '#test/build/hand-shop.ts';
import { journey, send, tag, wait } from '#test/build/journey.ts';
import { profile } from '#test/build/profile.ts';
import { CONTENT } from '#test/build/published.ts';
import { settings } from '#test/build/settings.ts';

/** What every object has under these names is nothing that anybody said. */
const NAMES = Object.getOwnPropertyNames(Object.prototype);
const IDS = NAMES.filter((name) => /^[a-z][a-z0-9-]*$/.test(name));
const AT = '2026-03-02T09:00:00.000Z';

describe.each(IDS)('%s', (name) => {
  it('may be the name of a journey, its steps, arms, topic and outcome', async () => {
    const steps = [
      wait(name, 'PT1H'),
      {
        type: 'repeat',
        id: 'twice',
        times: 2,
        steps: [{ type: 'split', id: 'halves', arms: [{ name, weight: 100, steps: [send('hello')] }] }],
      },
      { type: 'end', id: 'last', outcome: name },
    ];
    const topics = { [name]: { kind: 'marketing' as const } };
    const shop = await HandShop.open([journey({ id: name, topic: name, steps })], settings({ topics }));
    await shop.enrol(event('cart.updated', { consents: [consent(name, '2026-03-01T00:00:00.000Z')] }));
    const leg = shop.leg();
    await leg.run();
    await leg.runOut();
    await shop.send();
    expect(shop.mailer.mails).toHaveLength(2);
    expect(await shop.passage()).toMatchObject({ state: 'finished', outcome: name, visits: { [name]: 1, halves: 2 } });
  });

  it('is unknown to publish as long as nobody has said it', () => {
    const step = (more: object) => said({ steps: [send('first', more)] }).join();
    expect(step({ template: name })).toMatch(`There is no template "${name}"`);
    expect(step({ sender: name })).toMatch(`There is no sender "${name}"`);
    expect(said({ topic: name }).join()).toMatch(`There is no topic "${name}"`);
    expect(said({ steps: [{ type: 'enrol', id: 'on', journey: name }] }).join()).toMatch(
      `There is no journey "${name}"`,
    );
    expect(said({ steps: [{ type: name, id: 'x' }] }).join()).toMatch('There are send');
    expect(checkJourney(`journeys/${name}.json`, journeyText({ id: name }), context()).journey?.id).toBe(name);
  });
});

describe.each(NAMES)('%s', (name) => {
  it('may be the name of a trait, and is none before it is said', async () => {
    const traits = JSON.parse(`{ "${name}": "said", "inner": { "${name}": 7 } }`);
    const { profile: said } = fold(undefined, event('registration', { traits }), 'c1', settings());
    const kept = name === '__proto__' ? { 'inner.__proto__': 7 } : { [name]: 'said', [`inner.${name}`]: 7 };
    expect(said.traits).toEqual(kept);
    expect(Object.getPrototypeOf(said.traits)).toBe(Object.prototype);
    const asked = { type: 'branch', id: 'b', cases: [{ if: { trait: name, exists: true }, steps: [tag('has')] }] };
    const shop = await HandShop.open([journey({ steps: [asked] })]);
    await shop.enrol(event('cart.updated'));
    await shop.leg().run();
    expect((await shop.contact()).tags).toEqual([]);
  });

  it('may be the name of what an event and a trait hold, and a mail prints them', async () => {
    const held = JSON.parse(`{ "item": { "${name}": "said" }, "${name}": "said" }`);
    const traits = JSON.parse(`{ "inner": { "${name}": "said" }, "${name}": "said" }`);
    const path = `item.${name}`;
    const html = `<p>{{ trigger.item }} {{ trigger.${path} }} {{ contact.inner }} {{ trigger.none.${name} }}</p>`;
    const content = { ...CONTENT, html, variables: [`trigger.${path}`, 'trigger.item', 'contact.inner'] };
    const shop = await HandShop.open([journey({ steps: [send('hello')] })], settings(), content);
    await shop.enrol(
      event('cart.updated', { data: held, traits, consents: [consent('offers', '2026-03-01T00:00:00.000Z')] }),
    );
    await shop.leg().run();
    await shop.send();
    expect(shop.mailer.mails.map((mail) => mail.html)).toEqual(['<p>[object Object] said [object Object] </p>']);
  });

  it.each(['add', 'append', 'remove'] as const)('may be the name of a trait to %s to', (kind) => {
    const change = kind === 'add' ? { kind, path: name, by: 1 } : { kind, path: name, value: 'x' };
    const { traits } = applied(profile(), [change], settings(), AT).profile;
    const result = { add: 1, append: ['x'], remove: [] }[kind];
    expect(Object.entries(traits)).toEqual(name === '__proto__' ? [] : [[name, result]]);
  });
});

it('an event may be called constructor, and counts from its first time on', async () => {
  const asked = { type: 'branch', id: 'b', cases: [{ if: { event: 'constructor' }, steps: [tag('has')] }] };
  const shop = await HandShop.open([journey({ entry: { again: {} }, steps: [asked] })]);
  for (const type of ['cart.updated', 'constructor', 'constructor', 'cart.updated']) {
    await shop.enrol(event(type));
    await shop.leg().run();
    if (type === 'cart.updated' && (await shop.contact()).last['constructor'] === undefined)
      expect((await shop.contact()).tags).toEqual([]);
  }
  const { last, tags } = await shop.contact();
  expect(Object.hasOwn(last, 'constructor')).toBe(true);
  expect(tags).toEqual(['has']);
});
