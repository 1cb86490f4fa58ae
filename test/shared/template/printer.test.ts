import fc from 'fast-check';
import { Liquid } from 'liquidjs';
import { describe, expect, it } from 'vitest';
import { htmlEngine, textEngine } from '#shared/template/liquid.ts';
import { printerOf } from '#shared/template/printer.ts';
import type { RenderScope } from '#shared/template/render.ts';
import { randomLiquid, randomScope } from '#test/build/random-template.ts';

/** What comes of it, or what it fails with. */
function outcome(work: () => string): string {
  try {
    return work();
  } catch (error) {
    return `failed: ${error instanceof Error ? error.message : error}`;
  }
}

const parsed = (text: string, engine: Liquid) => {
  try {
    return engine.parse(text);
  } catch {
    return undefined;
  }
};

/** The library's own rendering, and the printer's; some tags write into the scope, so each has its own. */
const both = (text: string, scope: RenderScope, engine: Liquid) => [
  outcome(() => printerOf(engine.parse(text), engine)(structuredClone(scope))),
  outcome(() => String(engine.parseAndRenderSync(text, structuredClone(scope)))),
];

/** What a template may have is compared where it is soon used up. */
const poor = new Liquid({ outputEscape: 'escape', locale: 'en', memoryLimit: 60 });

describe('a template that is made into functions', () => {
  it.each([
    ['HTML', htmlEngine],
    ['text', textEngine],
    ['HTML with little memory', poor],
  ])('prints what the library prints, as %s, or fails as it does', (_, engine) => {
    let tried = 0;
    fc.assert(
      fc.property(randomLiquid, randomScope, (text, scope) => {
        fc.pre(parsed(text, engine) !== undefined);
        tried += 1;
        const [ours, librarys] = both(text, scope, engine);
        expect(ours).toBe(librarys);
      }),
      { numRuns: 200 },
    );
    expect(tried).toBeGreaterThan(100);
  });

  it.each(['==', '!=', '<', '<=', '>', '>=', 'contains', 'and', 'or'])(
    'says of each pair by %s what the library says',
    (operator) => {
      const words = [
        '1',
        '2',
        '-1.5',
        '"1"',
        '"a"',
        '""',
        'true',
        'false',
        'nil',
        'empty',
        'blank',
        '(1..2)',
        'data.list',
        'data.of',
        'data.no',
      ];
      const asked = words.flatMap((a) => words.map((b) => `{% if ${a} ${operator} ${b} %}y{% else %}n{% endif %}`));
      const scope = { data: { list: [1, 2], of: { name: 'a' } } };
      expect(printerOf(textEngine.parse(asked.join('')), textEngine)(scope)).toBe(
        textEngine.parseAndRenderSync(asked.join(''), scope),
      );
    },
  );

  it('is stopped when its time is up, and says where', () => {
    const hasty = new Liquid({ renderLimit: 5 });
    const long = 'a\n{% for a in (1..100000) %}{% for b in (1..1000) %}{{ b }}{% endfor %}{% endfor %}';
    expect(() => printerOf(hasty.parse(long), hasty)({})).toThrow(/^template render limit exceeded, line:2, col:\d+$/);
  });
});
