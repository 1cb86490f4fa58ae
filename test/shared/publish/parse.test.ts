import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJsonc } from '#shared/publish/parse.ts';

const said = (text: string) => parseJsonc(text).remarks.map((r) => `${r.line}:${r.column} ${r.code} ${r.message}`);

describe('a file', () => {
  it('may have a byte-order mark, comments and trailing commas', () => {
    const text = '\uFEFF// why\n{ /* what */ "a": [1, 2,], "b": { "c": true, }, }';
    const source = parseJsonc(text);
    expect(source.remarks).toEqual([]);
    expect(source.value).toEqual({ a: [1, 2], b: { c: true } });
  });

  it('knows where everything stands, whatever the line breaks are', () => {
    const source = parseJsonc('\uFEFF{\r\n  "a": {\r\n    "b": [10, 20]\r\n  }\r\n}');
    expect(source.at(['a', 'b', 1])).toEqual({ line: 3, column: 15 });
    expect(source.keyAt(['a', 'b'])).toEqual({ line: 3, column: 5 });
    expect(source.at([])).toEqual({ line: 1, column: 1 });
  });

  it('says of a missing value where the thing stands that lacks it', () => {
    expect(parseJsonc('{\n "a": { "b": 1 } }').at(['a', 'c', 'd'])).toEqual({ line: 2, column: 7 });
  });

  it('counts from the line it begins on', () => {
    const source = parseJsonc('{\n "a": 1,, }', 10);
    expect(source.at(['a']).line).toBe(11);
    expect(source.remarks[0]?.line).toBe(11);
  });

  it.each([
    ['{ "steps": [ {"a":1}\n // why\n {"b":2} ] }', ['1:21 E01 A comma is missing after line 1.']],
    [
      '{ "a": 1 "b": 2\n "c": 3 }',
      ['1:9 E01 A comma is missing after line 1.', '1:16 E01 A comma is missing after line 1.'],
    ],
    ['{ "a": “1” }', ['1:8 E01 This quote is curly, as word processors make them. JSON has straight ones: "text".']],
    ['{ "a": 1,\n  b: 2 }', ['2:3 E01 This word is not JSON. Text stands in double quotes: "text".']],
    ['{ "a": "open\n}', ['1:8 E01 This text has no closing double quote.']],
    ['{ "a" 1 }', ['1:7 E01 A ":" is missing here.']],
    ['{ "a": }', ['1:8 E01 A value is missing here.']],
    ['{ "a": [1, 2 }', ['1:14 E01 This bracket closes another kind of bracket: "{" is closed by "}", "[" by "]".']],
    ['{ "a": 1 } }', ['1:12 E01 The file goes on after its last bracket.']],
    ['{ "a": [1', ['1:10 E01 A "]" is missing here.']],
    ['{ "a": 1 } /*', ['1:12 E01 This comment does not end.']],
    ['', ['1:1 E01 A value is missing here.']],
    ['{ "a": 1,\n "b": 2,\n "a": 3 }', ['3:2 E49 "a" stands here already, on line 1. Keep one of the two.']],
  ])('with a slip in it, %j, is told where it is', (text, expected) => {
    expect(said(text)).toEqual(expected);
  });

  it('of brackets alone is refused instead of ending the process', () => {
    expect(said('['.repeat(250_000))).toEqual([
      '1:101 E51 Brackets stand within brackets more than 100 deep here. Look for one too many.',
    ]);
    expect(said(`${'['.repeat(100)}"[[["${']'.repeat(100)}`)).toEqual([]);
  });

  it('reads what JSON reads, without a remark', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), fc.constantFrom(0, 2), (json, indent) => {
        const value: unknown = JSON.parse(json);
        fc.pre(!json.includes('__proto__'));
        const source = parseJsonc(JSON.stringify(value, null, indent));
        expect(source.remarks).toEqual([]);
        expect(source.value).toEqual(value);
      }),
    );
  });

  it('says the same of JSON with a comment in it and without one', () => {
    const odd = fc.constantFrom('a', 'b', '__proto__', '\\ud800', 'a\\":', ' : ');
    const member = fc.tuple(odd, odd).map(([key, value]) => `"${key}" : "${value}"`);
    fc.assert(
      fc.property(fc.array(member, { maxLength: 3 }), fc.array(member, { maxLength: 3 }), (outer, inner) => {
        const text = `{ ${[...outer, `"in": [{ ${inner.join(', ')} }]`].join(',\n')} }`;
        const [plain, commented] = [parseJsonc(text), parseJsonc(`${text} // why`)];
        expect(plain.remarks).toEqual(commented.remarks);
        expect(Object.entries(plain.value ?? {})).toEqual(Object.entries(commented.value ?? {}));
        expect(plain.at(['in', 0, 'a'])).toEqual(commented.at(['in', 0, 'a']));
      }),
      { numRuns: 500 },
    );
  });

  it('of any letters whatever gets remarks and no exception', () => {
    const letters = fc.string({ unit: fc.constantFrom(...'{}[]",:/*\\ \n1at\uFEFF'), maxLength: 60 });
    fc.assert(
      fc.property(letters, (text) => {
        for (const { line, column } of parseJsonc(text).remarks) expect(line * column).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });
});
