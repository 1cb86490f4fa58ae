import { describe, expect, it } from 'vitest';
import { checkJourney } from '#shared/publish/check.ts';
import type { Remark } from '#shared/publish/remarks.ts';
import { journeyText, send, template } from '#test/build/checked.ts';
import { ERRORS, type Rule, shop, WARNINGS } from './rules.ts';

const RULES = [...ERRORS, ...WARNINGS];

/** The example as an editor leaves it, and in other hands. */
const SURROUNDINGS: Readonly<Record<string, (text: string) => string>> = {
  'as it is': (text) => text,
  'with tabs': (text) => text.replace(/^ +/gm, (spaces) => '\t'.repeat(spaces.length / 2)),
  'with line breaks of Windows': (text) => text.replaceAll('\n', '\r\n'),
  'with a byte-order mark': (text) => `\uFEFF${text}`,
  'with comments': (text) =>
    text.replace(/^( *)"type"/gm, '$1/* вот "шаг" { */ "type"').replaceAll('{\n', '{ // "]}\n'),
  'with Cyrillic text before it': (text) => text.replace('{', '{ "note": "Письмо о корзине 🛒, \\"кавычки\\"",'),
  'with commas at the end': (text) => text.replace(/(["}\]])\n( *[}\]])/g, '$1,\n$2'),
};

function textOf({ changes, slip }: Rule, around: (text: string) => string): string {
  const text = journeyText(changes);
  return around(slip ? text.replace(...slip) : text);
}

const check = (rule: Rule, text: string): readonly Remark[] =>
  checkJourney(rule.file ?? 'journeys/j.json', text, rule.given ?? shop()).remarks;

/** Columns do not count a byte-order mark; lines end by their line feed. */
function standsAt(text: string, { line, column }: Remark): string {
  const lines = text.replace('\uFEFF', '').split('\n');
  return [lines[line - 1]?.slice(column - 1), ...lines.slice(line)].join('\n').replaceAll('\r', '');
}

/** Lines in a message are those of the file, which comments and the like do not change here. */
const find = (remarks: readonly Remark[], said: string): Remark | undefined =>
  remarks.find((r) => `${r.code} ${r.message}` === said);

const clickOn = (link: string) => ({
  ...{ type: 'waitFor', id: 'w', for: { message: 'a', is: 'clicked', link }, upTo: 'P1D' },
});

describe('a rule of the language', () => {
  it.each(RULES.map((rule) => [rule.said, rule] as const))('%s', (said, rule) => {
    const text = textOf(rule, (t) => t);
    const remarks = check(rule, text);
    expect(remarks.map((r) => `${r.code} ${r.message}`)).toContain(said);
    const remark = find(remarks, said);
    expect(remark && standsAt(text, remark).slice(0, rule.at.length)).toBe(rule.at);
  });

  it('is kept by a journey without a fault', () => {
    expect(check({ said: '', at: '' }, journeyText())).toEqual([]);
  });

  it.each([
    ['a default where what is printed may be meant for others', [send('a', { template: 'for-others' })]],
    ['a link by its name', [send('a', { template: 'with-buttons' }), clickOn('help')]],
    ['a part of an address', [send('a', { template: 'without-names' }), clickOn('shop.example/cart')]],
    ['an address that only the mail knows', [send('a', { template: 'with-buttons' }), clickOn('shop.example/cart')]],
  ])('leaves alone %s', (_, steps) => {
    const guarded = ['contact.shoe', 'data.gift', 'trigger.gift'];
    const context = shop();
    const templates = { ...context.templates, 'for-others': { ...template({ variables: guarded }), guarded } };
    expect(check({ said: '', at: '', given: { ...context, templates } }, journeyText({ steps }))).toEqual([]);
  });

  it('of the table has an example here, but for those that are about other files or need what is not counted', () => {
    const codes = new Set(RULES.map(({ said }) => said.slice(0, 3)));
    const numbers = (letter: string, last: number) =>
      Array.from({ length: last }, (_, i) => `${letter}${String(i + 1).padStart(2, '0')}`);
    const without = [...numbers('E', 48), ...numbers('W', 21)].filter((code) => !codes.has(code));
    // Circles of segments and senders are in the tests of segments and settings; E45 needs how many are inside a step.
    expect(without).toEqual(['E16', 'E44']);
  });
});

describe.each(Object.entries(SURROUNDINGS))('a file %s', (_, around) => {
  it('is told the same, at the same things', () => {
    for (const rule of RULES) {
      const text = textOf(rule, around);
      const remark = find(check(rule, text), rule.said);
      const found = remark && standsAt(text, remark).trimStart();
      expect(found?.slice(0, rule.at.trim().length), rule.said).toBe(rule.at.trim());
    }
  });
});

describe('a file with several faults', () => {
  it('is told of each of them at once, in the order of the file', () => {
    const lists = ERRORS.filter(
      ({ changes, given, said }) =>
        changes && !given && Object.keys(changes).join() === 'steps' && !/E0[1-5]|E41|E42|E20|E21|E07|E10/.test(said),
    );
    const steps = lists.flatMap(({ changes }, i) => {
      const text = JSON.stringify(changes).replaceAll(/"(id|to)":"([a-z-]+)"/g, `"$1":"$2-${i}"`);
      const own: { steps: object[] } = JSON.parse(text);
      return own.steps;
    });
    const remarks = check({ said: '', at: '' }, journeyText({ steps }));
    expect(new Set(remarks.map(({ code }) => code)).size).toBeGreaterThan(12);
    const places = remarks.map(({ line, column }) => line * 10_000 + column);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });
});
