import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Box } from '#shared/diagram/drawing.ts';
import { FACES } from '#shared/diagram/drawing.ts';
import { layout } from '#shared/diagram/layout.ts';
import { widthOf } from '#shared/diagram/metrics.ts';
import { outline } from '#shared/diagram/outline.ts';
import { preview } from '#shared/diagram/picture.ts';
import { stepPlaces } from '#shared/publish/walk.ts';
import { journey, send, wait } from '#test/build/journey.ts';
import { randomJourney } from '#test/build/random-journey.ts';
import { HOSTILE } from '#test/build/random-text.ts';
import { type Element, elementsIn, parseXml, textIn } from '#test/build/xml.ts';

const widths = fc.constantFrom(320, 390, 720, 1200, 3000);
const idsOf = (written: ReturnType<typeof journey>): string[] => stepPlaces(written).map(({ step }) => step.id);

const overlap = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

/** Whether a stretch of a line runs through a box, and does not only end at its edge. */
function crosses([ax, ay]: readonly [number, number], [bx, by]: readonly [number, number], box: Box): boolean {
  const inside = { left: box.x + 1, right: box.x + box.width - 1, top: box.y + 1, bottom: box.y + box.height - 1 };
  const apart = Math.max(ax, bx) <= inside.left || Math.min(ax, bx) >= inside.right;
  return !apart && Math.max(ay, by) > inside.top && Math.min(ay, by) < inside.bottom;
}

describe('the layout of any journey, at any width', () => {
  it('has no two boxes over each other', () => {
    fc.assert(
      fc.property(randomJourney, widths, (written, width) => {
        const { boxes } = layout(outline(written), width);
        const pairs = boxes.flatMap((a, i) => boxes.slice(i + 1).map((b) => [a, b] as const));
        expect(pairs.filter(([a, b]) => overlap(a, b))).toEqual([]);
      }),
    );
  });

  it('leads no line through a box', () => {
    fc.assert(
      fc.property(randomJourney, widths, (written, width) => {
        const { boxes, lines } = layout(outline(written), width);
        for (const { points } of lines)
          for (const [i, point] of points.slice(1).entries())
            expect(boxes.filter((box) => crosses(points[i] ?? point, point, box)).map(({ name }) => name)).toEqual([]);
      }),
    );
  });

  it('draws every step once, and everything within the picture', () => {
    fc.assert(
      fc.property(randomJourney, widths, (written, width) => {
        const { boxes, lines, ...size } = layout(outline(written), width);
        expect(boxes.flatMap(({ id }) => id ?? []).toSorted()).toEqual(idsOf(written).toSorted());
        const points = [
          ...boxes.flatMap((box) => [[box.x, box.y] as const, [box.x + box.width, box.y + box.height] as const]),
          ...lines.flatMap((line) => line.points),
        ];
        expect(points.filter(([x, y]) => x < 0 || y < 0 || x > size.width || y > size.height)).toEqual([]);
      }),
    );
  });

  it('keeps every text within its box', () => {
    fc.assert(
      fc.property(randomJourney, widths, (written, width) => {
        const over = layout(outline(written), width).boxes.flatMap((box) =>
          box.texts.filter(
            ({ x, y, text, style }) => x + widthOf(text, FACES[style]) > box.width || y > box.height || x < 0 || y < 0,
          ),
        );
        expect(over).toEqual([]);
      }),
    );
  });
});

const role = (element: Element) => element.attributes['role'] ?? '';
const shown = (svg: Element, kind: string): string[] =>
  elementsIn(svg)
    .filter(({ name, attributes }) => name === 'text' && attributes['class'] === kind)
    .map(textIn);

describe('the picture of any journey', () => {
  it('is well-formed, says whose it is, and holds nothing but shapes and text', () => {
    fc.assert(
      fc.property(randomJourney, widths, (written, width) => {
        const svg = parseXml(preview(written, undefined, width).svg);
        const all = elementsIn(svg);
        expect(new Set(all.map(({ name }) => name))).toEqual(
          new Set(
            ['svg', 'title', 'desc', 'style', 'rect', 'g', 'path', 'text'].filter((n) => all.some((e) => e.name === n)),
          ),
        );
        expect(all.flatMap(({ attributes }) => Object.keys(attributes)).filter((a) => /^on|href/.test(a))).toEqual([]);
        const ids = all.filter((element) => element.attributes['data-step'] !== undefined);
        expect(ids.map((element) => element.attributes['data-step']).toSorted()).toEqual(idsOf(written).toSorted());
        expect(ids.every((element) => role(element).includes('img'))).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it.each(HOSTILE.map((text) => [text]))('is not harmed by a name such as %j', (name) => {
    const written = journey({
      name,
      note: name,
      steps: [
        { ...send('hello', { name, note: name }), data: { [name.slice(0, 100)]: name } },
        { type: 'split', id: 'test', arms: [{ name: name.slice(0, 60), weight: 100, steps: [wait('day')] }] },
        { type: 'end', id: 'over', if: { trait: 'a', is: name } },
      ],
    });
    for (const width of [390, 1200]) {
      const svg = parseXml(preview(written, undefined, width).svg);
      expect(elementsIn(svg).filter(({ name: element }) => element === 'script' || element === 'svg')).toEqual([svg]);
      expect(shown(svg, 'id')).toEqual(['cart', 'hello', 'test', 'day', 'over']);
    }
  });
});

describe('the picture of a journey', () => {
  const arms = {
    type: 'split',
    id: 'test',
    arms: ['a', 'b', 'c'].map((name) => ({ name, weight: 33, steps: [send(name)] })),
  };

  it('has arms side by side where they fit, and below each other where they do not', () => {
    const ys = (width: number) =>
      layout(outline(journey({ steps: [arms] })), width)
        .boxes.filter(({ kind }) => kind === 'send')
        .map(({ y }) => y);
    expect(new Set(ys(800)).size).toBe(1);
    expect(new Set(ys(390)).size).toBe(3);
  });

  it('shows the numbers that are given, and no others', () => {
    const numbers = { hello: { entered: 12_040, sent: 1000, clicked: 120, inside: 3 }, gone: { entered: 1 } };
    const svg = parseXml(preview(journey({ steps: [send('hello'), wait('day')] }), numbers).svg);
    expect(shown(svg, 'count')).toEqual(['12,040 entered', '1000 sent', '120 clicked, 12 %', '3 inside']);
  });

  it('leads a dashed line from a skip to its target', () => {
    const skip = { type: 'skip', id: 'past', to: 'last' };
    const coupon = { type: 'coupon', id: 'code', pool: 'p', otherwise: [skip] };
    for (const width of [390, 1200]) {
      const { boxes, lines } = layout(outline(journey({ steps: [coupon, send('with'), send('last')] })), width);
      const dashed = lines.filter(({ kind }) => kind === 'skip');
      const last = boxes.find(({ id }) => id === 'last');
      const [x, y] = dashed.find(({ arrow }) => arrow)?.points.at(-1) ?? [0, 0];
      expect(y).toBeCloseTo((last?.y ?? 0) + (last?.height ?? 0) / 2);
      expect([last?.x, (last?.x ?? 0) + (last?.width ?? 0)]).toContain(x);
    }
  });
});
