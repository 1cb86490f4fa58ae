import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatJson } from '#shared/journey/format.ts';
import { parseJsonc } from '#shared/publish/parse.ts';
import { example, exampleKeys } from '#test/build/examples.ts';

describe('a formatted file', () => {
  it('says what the value says', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const json = JSON.parse(JSON.stringify(value));
        expect(JSON.parse(formatJson(json))).toEqual(json);
      }),
    );
  });

  it('is formatted already when it is formatted again', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = formatJson(value);
        expect(formatJson(JSON.parse(text))).toBe(text);
      }),
    );
  });

  it.each(exampleKeys('journeys'))('keeps %s within 120 columns and on no more lines than a person needed', (key) => {
    const written = example(key);
    const text = formatJson(parseJsonc(written).value);
    const words = (line: string) => !/^\s*"(name|note)":/.test(line);
    expect(
      Math.max(
        ...text
          .split('\n')
          .filter(words)
          .map((line) => line.length),
      ),
    ).toBeLessThanOrEqual(120);
    expect(text.split('\n').length).toBeLessThanOrEqual(written.split('\n').length);
  });

  it('breaks what is too long for a line, and only that', () => {
    const steps = [
      { type: 'wait', id: 'think', for: 'P2D' },
      { type: 'send', id: 'offer', template: 'cart-offer', note: 'x'.repeat(70) },
    ];
    expect(formatJson({ id: 'a', empty: {}, none: [], steps })).toBe(`{
  "id": "a",
  "empty": {},
  "none": [],
  "steps": [
    { "type": "wait", "id": "think", "for": "P2D" },
    {
      "type": "send",
      "id": "offer",
      "template": "cart-offer",
      "note": "${'x'.repeat(70)}"
    }
  ]
}
`);
  });
});
