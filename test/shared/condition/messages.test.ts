import { describe, expect, it } from 'vitest';
import type { Message, MessageFact } from '#shared/message/message.ts';
import { ask, KnownFacts, message, scope } from './build.ts';

const facts = (...reached: MessageFact[]): Message['facts'] =>
  Object.fromEntries(reached.map((fact) => [fact, '2026-11-20T10:00:00.000Z']));

describe('a condition on an own message', () => {
  const own = (given: Partial<Message>) => scope({ own: { reminder: message(given) } });

  it.each<[MessageFact[], MessageFact, boolean]>([
    [['clicked'], 'clicked', true],
    [['clicked'], 'opened', true],
    [['clicked'], 'delivered', true],
    [['clicked'], 'sent', true],
    [['opened'], 'delivered', true],
    [['opened'], 'clicked', false],
    [['delivered'], 'sent', true],
    [['sent'], 'delivered', false],
    [['answered'], 'opened', true],
    [['complained'], 'delivered', true],
    [['unsubscribed'], 'sent', true],
    [['bounced'], 'sent', true],
    [['bounced'], 'delivered', false],
    [['withheld'], 'sent', false],
    [['withheld'], 'withheld', true],
    [[], 'sent', false],
  ])('that has %j is %s: %s', (reached, status, expected) => {
    const given = own({ facts: facts(...reached) });
    expect(ask({ message: 'reminder', is: status }, given)).toBe(expected);
    expect(ask({ message: 'reminder', isNot: status }, given)).toBe(!expected);
  });

  it.each<[object, boolean]>([
    [{}, true],
    [{ is: ['answered', 'clicked'] }, true],
    [{ is: ['answered', 'bounced'] }, false],
    [{ isNot: ['answered', 'bounced'] }, true],
    [{ isNot: ['answered', 'clicked'] }, false],
    [{ is: 'clicked', link: 'checkout' }, true],
    [{ is: 'clicked', link: 'imprint' }, false],
    [{ is: 'clicked', channel: 'email' }, true],
    [{ is: 'clicked', channel: 'sms' }, false],
    [{ is: 'clicked', topic: 'orders' }, false],
    [{ is: 'clicked', within: 'P3D' }, true],
    [{ is: 'clicked', within: 'P2D' }, false],
    [{ is: 'clicked', since: '2026-11-20' }, true],
    [{ is: 'clicked', since: '2026-11-21' }, false],
    [{ is: 'clicked', since: { trait: 'nothing' } }, false],
    [{ is: 'clicked', lt: 1 }, false],
    [{ is: 'bounced', lt: 1 }, true],
  ])('that was clicked, with %j: %s', (rest, expected) => {
    const given = own({ facts: facts('sent', 'clicked'), links: ['checkout'] });
    expect(ask({ message: 'reminder', ...rest }, given)).toBe(expected);
  });

  it('that was never said has no status', () => {
    for (const given of [scope(), scope({ own: {} })]) {
      expect(ask({ message: 'reminder', is: 'sent' }, given)).toBe(false);
      expect(ask({ message: 'reminder', isNot: 'clicked' }, given)).toBe(true);
      expect(ask({ message: 'toString', is: 'sent' }, given)).toBe(false);
    }
  });

  it('does not look into the store', () => {
    const given = {
      ...own({ facts: {} }),
      facts: new KnownFacts({ messages: [message({ facts: facts('clicked') })] }),
    };
    expect(ask({ message: 'reminder', is: 'clicked' }, given)).toBe(false);
  });
});

describe('a condition on many messages', () => {
  const sent = (day: string, more: Partial<Message> = {}, ...reached: MessageFact[]): Message =>
    message({
      queuedAt: `2026-11-${day}T08:00:00.000Z`,
      ...more,
      facts: Object.fromEntries(['sent' as const, ...reached].map((f) => [f, `2026-11-${day}T09:00:00.000Z`])),
    });
  // It is noon on the 22nd.
  const known = new KnownFacts({
    messages: [
      sent('01', { journey: 'welcome', step: 'hello' }, 'delivered', 'clicked'),
      sent('10', {}, 'delivered'),
      sent('14', { topic: 'orders' }, 'delivered', 'opened'),
      sent('18', {}, 'delivered'),
      sent('19', { channel: 'sms', step: 'nudge' }, 'delivered'),
      sent('20', {}, 'bounced'),
      sent('22', {}, 'delivered'),
      message({ queuedAt: '2026-11-21T08:00:00.000Z', facts: { withheld: '2026-11-21T08:00:01.000Z' } }),
    ],
  });
  const given = scope({ facts: known });

  it.each<[object, boolean]>([
    [{ message: 'any' }, true],
    [{ message: 'any', gte: 7 }, true],
    [{ message: 'any', gte: 8 }, false],
    [{ message: 'any', is: 'clicked' }, true],
    [{ message: 'any', is: 'clicked', within: 'P7D' }, false],
    [{ message: 'any', is: 'withheld' }, true],
    [{ message: 'any', within: 'P7D', gte: 4 }, true],
    [{ message: 'any', within: 'P7D', gte: 5 }, false],
    [{ message: 'any', within: 'P7D', channel: 'email', lt: 4 }, true],
    [{ message: 'any', isNot: 'opened', gte: 5 }, true],
    [{ message: 'any', isNot: 'opened', gte: 6 }, false],
    [{ message: 'any', since: '2026-11-20', isNot: 'delivered', gte: 1, lte: 1 }, true],
    [{ message: 'welcome/hello', is: 'clicked' }, true],
    [{ message: 'welcome/other', is: 'clicked' }, false],
    [{ message: 'welcome/any', is: 'clicked' }, true],
    [{ message: 'cart/any', is: 'clicked' }, false],
    [{ message: 'cart/nudge' }, true],
    [{ message: 'cart/nudge', is: 'answered', lt: 1 }, true],
  ])('%j is %s', (condition, expected) => {
    expect(ask(condition, given)).toBe(expected);
  });

  it('means the last delivered two days ago or more by "among"', () => {
    const unread = (among: number, gte = among) =>
      ask({ message: 'any', channel: 'email', topic: 'offers', among, isNot: ['opened', 'clicked'], gte }, given);
    // The 18th and the 10th; that of the 22nd is fresh, that of the 20th came back, that of the 1st was clicked.
    expect(unread(2)).toBe(true);
    expect(unread(3)).toBe(false);
    expect(unread(3, 2)).toBe(true);
    expect(unread(5)).toBe(false);
  });

  it('begins with the entry where a condition of a passage names no span', () => {
    const inside = { ...given, entry: '2026-11-15T00:00:00.000Z', since: '2026-11-21T00:00:00.000Z' };
    expect(ask({ message: 'any', gte: 4, lte: 4 }, inside)).toBe(true);
    expect(ask({ message: 'any', is: 'clicked' }, inside)).toBe(false);
    expect(ask({ message: 'any', is: 'clicked', since: '2026-10-01' }, inside)).toBe(true);
    const { since: _, ...atABranch } = inside;
    expect(ask({ message: 'any', is: 'clicked' }, atABranch)).toBe(true);
  });

  it('goes by when a message was sent, not by when it was put into the queue', () => {
    const late = message({ queuedAt: '2026-11-20T20:00:00.000Z', facts: { sent: '2026-11-21T12:30:00.000Z' } });
    const waited = scope({ facts: new KnownFacts({ messages: [late] }) });
    expect(ask({ message: 'any', within: 'P1D' }, waited)).toBe(true);
    expect(ask({ message: 'any', within: 'PT20H' }, waited)).toBe(false);
  });
});
