import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate } from '#shared/condition/evaluate.ts';
import { possible } from '#shared/condition/possible.ts';
import { MESSAGE_FACTS, type MessageFact } from '#shared/message/message.ts';
import { conditionOf, message, NOW, scope } from './build.ts';

const factsOf = (reached: readonly MessageFact[]) => Object.fromEntries(reached.map((fact) => [fact, NOW]));
const said = (...reached: MessageFact[]) => scope({ own: { reminder: message({ facts: factsOf(reached) }) } });
const clicked = { message: 'reminder', is: 'clicked' };

describe('what a passage waits for', () => {
  it.each<[string, MessageFact[], object, boolean]>([
    ['a click', ['sent'], clicked, true],
    ['a click', ['withheld'], clicked, false],
    ['a click', ['unknown'], clicked, false],
    ['a click, of a mail that was delivered after all', ['unknown', 'delivered'], clicked, true],
    ['a click, of a mail that came back after all', ['unknown', 'bounced'], clicked, false],
    ['a click', ['failed'], clicked, false],
    ['a click', ['sent', 'bounced'], clicked, false],
    ['a click, after an automatic reply', ['sent', 'delivered', 'bounced'], clicked, true],
    ['a click that was there before', ['clicked', 'failed'], clicked, true],
    ['the sending', ['withheld'], { message: 'reminder' }, false],
    ['the sending', ['sent', 'bounced'], { message: 'reminder', is: 'sent' }, true],
    ['that it is withheld', ['withheld'], { message: 'reminder', is: 'withheld' }, true],
    ['a click or a failure', ['withheld'], { message: 'reminder', is: ['clicked', 'withheld'] }, true],
    ['a bounce', ['withheld'], { message: 'reminder', is: 'bounced' }, false],
    ['a click or a purchase', ['withheld'], { any: [clicked, { event: 'purchase' }] }, true],
    ['a click or an answer', ['withheld'], { any: [clicked, { message: 'reminder', is: 'answered' }] }, false],
    ['a click and a purchase', ['withheld'], { all: [clicked, { event: 'purchase' }] }, false],
    ['that there is no click', ['withheld'], { not: clicked }, true],
    ['that there is no click', ['clicked'], { not: clicked }, false],
    ['that there is no click', ['sent'], { not: clicked }, true],
    ['neither click nor purchase', ['clicked'], { not: { any: [clicked, { event: 'purchase' }] } }, false],
    ['not both', ['clicked'], { not: { all: [clicked, { event: 'purchase' }] } }, true],
    ['fewer clicks than one', ['withheld'], { ...clicked, lt: 1 }, true],
    ['another message', ['withheld'], { message: 'nudge', is: 'clicked' }, true],
    ['any message', ['withheld'], { message: 'any', is: 'clicked' }, true],
    ['a trait', ['withheld'], { trait: 'balance', gt: 1 }, true],
  ])('%s with %j: %j can still come: %s', (_, reached, condition, expected) => {
    expect(possible(conditionOf(condition), said(...reached))).toBe(expected);
  });

  it('is possible while nothing is known of the message', () => {
    expect(possible(conditionOf(clicked), scope())).toBe(true);
  });

  it('is given up only when no fact to come could make it true', () => {
    const status = fc.constantFrom(...MESSAGE_FACTS);
    const condition = fc.letrec<{ any: object }>((tie) => ({
      any: fc.oneof(
        { maxDepth: 3 },
        fc.record({ message: fc.constant('reminder'), is: status }),
        fc.record({ message: fc.constant('reminder'), isNot: status }),
        fc.record({ not: tie('any') }),
        fc.record({ all: fc.array(tie('any'), { minLength: 1, maxLength: 3 }) }),
        fc.record({ any: fc.array(tie('any'), { minLength: 1, maxLength: 3 }) }),
      ),
    })).any;
    const later: readonly MessageFact[] = [
      'sent',
      'delivered',
      'opened',
      'clicked',
      'answered',
      'complained',
      'unsubscribed',
    ];
    const ends = ['withheld', 'failed'] as const;
    fc.assert(
      fc.property(
        condition,
        fc.subarray([...later]),
        fc.subarray([...later]),
        fc.constantFrom(...ends, undefined),
        (c, now, more, end) => {
          const written = conditionOf(c);
          const here = end ? [...now, end] : now;
          expect(possible(written, said(...here)) || !evaluate(written, said(...here))).toBe(true);
          // After a last word nothing more is said; otherwise anything may be.
          const then = end ? here : [...here, ...more];
          if (evaluate(written, said(...then))) expect(possible(written, said(...here))).toBe(true);
        },
      ),
    );
  });
});
