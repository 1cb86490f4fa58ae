import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { consent } from '#test/build/event.ts';
import { open, YES } from './signing-up.ts';

const DAY = 86_400_000;

describe('a yes to a topic with double opt-in', () => {
  it.each([
    ['confirm', YES],
    ['preferences', 'act=save&topic=news'],
    ['unsubscribe', 'act=undo'],
  ] as const)(
    'is not confirmed for another address, whatever the link of the mail to the former one does: %s',
    async (act, body) => {
      const { shop, signUp, settle, follow, letters } = await open();
      await signUp({ identities: { externalId: '7', email: 'mine@shop.example' } });
      const [asking] = shop.mailer.mails;
      shop.clock.pass(1000);
      await signUp({ identities: { externalId: '7', email: 'ann@shop.example' }, consents: [] });
      const { contact } = await shop.contact();
      const topic = act === 'unsubscribe' ? 'news' : 'account';
      await follow({ contact, message: asking?.tags['message'] ?? '', topic, act }, 'POST', body);
      await settle();
      expect(await letters()).toBe(0);
    },
  );

  it('is confirmed by nobody’s link but their own, whoever presses what in whatever order', async () => {
    const people = ['ann@shop.example', 'bob@shop.example'];
    const step = fc.record({
      who: fc.constantFrom(...people),
      does: fc.constantFrom('signUp', 'GET', 'HEAD', 'POST', 'one-click', 'no'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 10 }), async (steps) => {
        const { shop, signUp, press, letters, settle } = await open();
        for (const email of people) await signUp({ identities: { email }, consents: [] });
        const pressed = new Set<string>();
        for (const { who, does } of steps) {
          shop.clock.pass(1000);
          const identities = { email: who };
          if (does === 'signUp') await signUp({ identities });
          else if (does === 'no') {
            await signUp({ identities, consents: [consent('news', shop.clock.now(), 'denied')] });
            pressed.delete(who);
          } else if (does === 'POST') {
            if ((await press('POST', YES, who)).body.includes('role="status"')) pressed.add(who);
          } else await press(does === 'one-click' ? 'POST' : does, 'List-Unsubscribe=One-Click', who);
        }
        await settle();
        for (const email of people) expect(await letters(email)).toBe(pressed.has(email) ? 1 : 0);
      }),
      { numRuns: 20 },
    );
  });

  it('is one of the address that the mail went to: another is asked once, and by its own mail', async () => {
    const { shop, signUp, follow, letters, asked } = await open();
    const ids = { externalId: 'c-1' };
    const followMail = async (mail: number) => {
      const sent = shop.mailer.mails.filter(({ tags }) => tags['step'] === 'ask')[mail];
      const { contact = '', message = '' } = sent?.tags ?? {};
      await follow({ contact, message, topic: 'account', act: 'confirm' }, 'POST', YES);
      for (const { detail } of shop.bus.entries.splice(0)) await shop.enrol(detail);
    };
    await signUp({ identities: { ...ids, email: 'ann@shop.example' } });
    await followMail(0);
    expect(await letters('ann@shop.example')).toBe(1);
    shop.clock.pass(DAY);
    await signUp({ identities: { ...ids, email: 'eve@shop.example' }, consents: [] });
    expect(asked()).toBe(2);
    expect(await letters('eve@shop.example')).toBe(0);
    // The link that went to the old address confirms nothing for the new one.
    await followMail(0);
    expect(await letters('eve@shop.example')).toBe(0);
    await followMail(1);
    expect(await letters('eve@shop.example')).toBe(1);
    expect(asked()).toBe(2);
  });
});
