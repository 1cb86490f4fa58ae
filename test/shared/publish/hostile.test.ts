import { describe, expect, it } from 'vitest';
import { checkJourney } from '#shared/publish/check.ts';
import { checkSegment } from '#shared/publish/check-segment.ts';
import { checkSettings } from '#shared/publish/check-settings.ts';
import { context, journeyText } from '#test/build/checked.ts';

const many = (piece: string, length = 250_000) => piece.repeat(length / piece.length);
const nested = (depth: number) => `${'{ "all": ['.repeat(depth)}{ "sample": 5 }${'] }'.repeat(depth)}`;
const segment = (condition: string) => `{ "id": "s", "name": "S", "if": ${condition} }`;
const journey = (text: string) => checkJourney('journeys/j.json', text, context()).remarks;
const told = (text: string) => journey(text).map((r) => `${r.line}:${r.column} ${r.code} ${r.message}`);

describe('a file that is made to do harm', () => {
  it.each([
    [
      'of 10 MB',
      'x'.repeat(10_000_000),
      '1:1 E51 A file has at most 256 KB. Make two of it, or take out what nobody needs.',
    ],
    [
      'of brackets',
      '['.repeat(100_000),
      '1:101 E51 Brackets stand within brackets more than 100 deep here. Look for one too many.',
    ],
    [
      'with another prototype',
      '{\n "__proto__": { "id": "j" } }',
      '2:2 E49 "__proto__" cannot be a key. Choose another name.',
    ],
    [
      'with half a letter',
      '{ "name": "a\\ud83d" }',
      '1:11 E49 This text has half a letter in it, a "\\ud..." without its other half.',
    ],
    [
      'with a key twice',
      '{ "id": "a",\n "id": "b" }',
      '2:2 E49 "id" stands here already, on line 1. Keep one of the two.',
    ],
    ['that is nothing', 'null', '1:1 E49 Here belongs an object in "{ }", not null.'],
    ['that is a list', '[]', '1:1 E49 Here belongs an object in "{ }", not a list.'],
  ])('is refused with the reason: one %s', (_, text, expected) => {
    expect(told(text)).toEqual([expected]);
  });

  it('is told of its first two hundred faults, and how many there are', () => {
    const remarks = told(`{${many('"a":1,\n', 7000)}"a":1}`);
    expect(remarks).toHaveLength(201);
    expect(remarks.at(-1)).toMatch(/E51 There are 800 remarks more. Mend these first.$/);
  });

  it.each([
    ['one key many times', () => journey(`{${many('"a":1,')}"a":1}`)],
    ['comments that do not end', () => journey(many('/*'))],
    ['quotes that do not end', () => journey(many('"\n'))],
    ['backslashes', () => journey(`{ "a": "${many('\\\\')}" }`)],
    ['a long id', () => journey(journeyText({ id: many('я') }))],
    [
      'a long duration',
      () => journey(journeyText({ trigger: { type: 'event', event: 'a', quietFor: `P${many('1')}D` } })),
    ],
    [
      'conditions 40 deep, the last of them wrong',
      () => checkSegment('segments/s.json', segment(nested(40).replace('sample', 'sampel')), context()),
    ],
    [
      'two subjects 40 deep',
      () => checkSegment('segments/s.json', segment(nested(40).replaceAll('"all"', '"tag": "a", "all"')), context()),
    ],
    [
      'traits',
      () =>
        checkSettings(
          JSON.stringify({ traits: Object.fromEntries(Array.from({ length: 9000 }, (_, i) => [`t${i}`, 'nubmer'])) }),
        ),
    ],
  ])('holds nothing up: one of many %s', (_, work) => {
    const before = performance.now();
    work();
    // A tenth of that on an idle machine; the square of the length would be minutes.
    expect(performance.now() - before).toBeLessThan(4000);
  });
});
