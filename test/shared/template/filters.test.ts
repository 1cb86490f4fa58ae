import { describe, expect, it } from 'vitest';
import { checkTemplate } from '#functions/publish/compile-template.ts';
import { mjmlCompiler } from '#shared/adapters/mjml/compiler.ts';
import type { Json } from '#shared/store/table.ts';
import { filterFaults } from '#shared/template/filter-faults.ts';
import { parseLiquid } from '#shared/template/liquid.ts';
import { formsOf } from '#shared/template/plural.ts';
import { type RenderScope, render } from '#shared/template/render.ts';
import { scopeOf } from '#shared/template/scope.ts';
import { templateVersion } from '#shared/template/template.ts';
import { profile } from '#test/build/profile.ts';
import { settings } from '#test/build/settings.ts';

/** The text as it reads; no-break spaces are printed as spaces here, since nobody sees them in a table. */
function printed(subject: string, x: Json, locale = 'en', given: Partial<RenderScope> = {}): string {
  const content = {
    ...{ v: 1 as const, id: 't', channel: 'email' as const, locale: '', variables: [] },
    ...{ subject, preheader: '', html: '', text: '' },
  };
  const scope = scopeOf({
    profile: profile({ traits: {} }),
    settings: settings(),
    trigger: {},
    steps: {},
    data: { x },
    message: { id: 'm', unsubscribeUrl: 'u', locale, at: '2026-11-22T23:30:00.000Z' },
  });
  return render({ ...content, version: templateVersion(content) }, { ...scope, ...given }).subject.replace(
    /[\u00a0\u202f]/g,
    ' ',
  );
}

describe('money', () => {
  it.each<[string, Json, string, string]>([
    ['money', 1234.5, 'en', '€1,234.50'],
    ['money', 12345.5, 'pl', '12 345,50 €'],
    ['money', 1234.5, 'ru', '1 234,50 €'],
    ['money: "PLN"', 19.9, 'pl', '19,90 zł'],
    ['money: "pln"', 19.9, 'pl', '19,90 zł'],
    ['money: "RUB"', 990, 'ru', '990,00 ₽'],
    ['money: "JPY"', 1200, 'en', '¥1,200'],
    ['money: "JPY"', '1200.4', 'ru', '1 200 ¥'],
    ['money: "KWD"', '1.2345', 'en', 'KWD 1.235'],
    ['money: data.none', 5, 'en', '€5.00'],
    // Neither is exact as a binary fraction.
    ['money', 1.005, 'en', '€1.01'],
    ['money', '9007199254740993.37', 'en', '€9,007,199,254,740,993.37'],
    ['times: 3 | money', 1.1, 'en', '€3.30'],
    ['money', -0.001, 'en', '€0.00'],
    ['money', -3.5, 'en', '-€3.50'],
    ...[null, '', ' ', 'much', '12,50', true, [], {}, 'NaN', 'Infinity'].map((odd): [string, Json, string, string] => [
      'money',
      odd,
      'en',
      '',
    ]),
  ])('%s of %j in %s is %j', (filter, x, locale, expected) => {
    expect(printed(`{{ data.x | ${filter} }}`, x, locale)).toBe(expected);
  });
});

describe('date', () => {
  const at = '2026-06-15T22:30:00Z';
  it.each<[string, Json, string, string]>([
    ['date', at, 'en', 'June 16, 2026'],
    ['date: "long"', at, 'pl', '16 czerwca 2026'],
    ['date: "long"', at, 'ru', '16 июня 2026 г.'],
    ['date: "short"', at, 'pl', '16.06.2026'],
    ['date: "medium"', at, 'en-GB', '16 Jun 2026'],
    ['date: "full"', at, 'ru', 'вторник, 16 июня 2026 г.'],
    ['date: "day"', at, 'pl', '16 czerwca'],
    ['date: "weekday"', at, 'pl', 'wtorek'],
    ['date: "month"', at, 'pl', 'czerwiec'],
    ['date: "month"', at, 'ru', 'июнь'],
    ['date: "year"', at, 'ru', '2026'],
    ['date: "time"', at, 'en', '12:30 AM'],
    ['date: "time"', at, 'pl', '0:30'],
    ['date: "datetime"', at, 'pl', '16 czerwca 2026 00:30'],
    ['date: "short", "America/New_York"', at, 'en', '06/15/2026'],
    ['date: "%d.%m.%Y %H:%M"', at, 'en', '16.06.2026 00:30'],
    ['date: "%-d %B %Y"', at, 'pl', '16 czerwca 2026'],
    ['date: "%B %Y"', at, 'pl', 'czerwiec 2026'],
    ['date: "%A, %e %B"', at, 'ru', 'вторник, 16 июня'],
    ['date: "%^a"', at, 'en', 'TUE'],
    ['date: "%Y%%"', at, 'en', '2026%'],
    // A day is that day everywhere, and a time without an offset is what the clock shows.
    ['date: "long"', '2026-06-15', 'en', 'June 15, 2026'],
    ['date: "%d.%m. %H:%M"', '2026-06-15T10:00', 'en', '15.06. 10:00'],
    ['date: "long"', '--02-29', 'ru', '29 февраля'],
    ['date: "full"', '--05-17', 'en', 'Wednesday, May 17'],
    ['date: "year"', '--05-17', 'en', ''],
    ['date: "short"', 1_781_562_600, 'pl', '16.06.2026'],
    ['date: "short"', 1_781_562_600_000, 'pl', '16.06.2026'],
    ['date: "short"', '2026-06-15 22:30:00 +0000', 'pl', '16.06.2026'],
    ['date: "short"', '2026-02-31', 'en', '2026-02-31'],
    ['date', 'next Tuesday', 'en', 'next Tuesday'],
    ['date: data.style', at, 'en', 'June 16, 2026'],
    ...[null, '', true, [], {}, 1e300].map((odd): [string, Json, string, string] => ['date', odd, 'en', '']),
  ])('%s of %j in %s is %j', (filter, x, locale, expected) => {
    expect(printed(`{{ data.x | ${filter} }}`, x, locale)).toBe(expected);
  });

  it('is told in the zone of the contact, else of the shop, whatever the zone of the machine', () => {
    const before = process.env['TZ'];
    const offsets = new Set<number>();
    try {
      for (const zone of ['Pacific/Kiritimati', 'America/Los_Angeles']) {
        process.env['TZ'] = zone;
        offsets.add(new Date(0).getTimezoneOffset());
        const given = { contact: { timeZone: 'Asia/Tokyo' } };
        expect(printed("{{ data.x | date: '%d %H:%M' }} {{ 'now' | date: 'time' }}", at, 'pl', given)).toBe(
          '16 07:30 8:30',
        );
        expect(printed("{{ '2026-06-15' | date: '%d' }} {{ '2026-06-15T10:00' | date: '%H' }}", 1)).toBe('15 10');
      }
    } finally {
      process.env['TZ'] = before;
    }
    // Else the machine's zone was not what was tried.
    expect(offsets.size).toBe(2);
  });
});

describe('plural', () => {
  const english = '{{ data.x | plural: "item", "items" }}';
  const polish = '{{ data.x | plural: "plik", "pliki", "plików", "pliku" }}';
  const russian = '{{ data.x | plural: "файл", "файла", "файлов" }}';

  it.each<[Json, string, string, string]>([
    [0, 'items', 'plików', 'файлов'],
    [1, 'item', 'plik', 'файл'],
    [2, 'items', 'pliki', 'файла'],
    [4, 'items', 'pliki', 'файла'],
    [5, 'items', 'plików', 'файлов'],
    [11, 'items', 'plików', 'файлов'],
    [12, 'items', 'plików', 'файлов'],
    [14, 'items', 'plików', 'файлов'],
    [21, 'items', 'plików', 'файл'],
    [22, 'items', 'pliki', 'файла'],
    [25, 'items', 'plików', 'файлов'],
    [101, 'items', 'plików', 'файл'],
    [112, 'items', 'plików', 'файлов'],
    [1.5, 'items', 'pliku', 'файла'],
    ['21', 'items', 'plików', 'файл'],
    [null, 'items', 'plików', 'файлов'],
    ['many', 'items', 'plików', 'файлов'],
  ])('%j is %s, %s, %s', (x, en, pl, ru) => {
    expect(printed(english, x, 'en')).toBe(en);
    expect(printed(polish, x, 'pl')).toBe(pl);
    expect(printed(russian, x, 'ru')).toBe(ru);
  });

  it('names the forms of a language in the order of its arguments', () => {
    expect(formsOf('en').all).toEqual(['one', 'other']);
    expect(formsOf('pl')).toMatchObject({
      needed: ['one', 'few', 'many'],
      all: ['one', 'few', 'many', 'other'],
    });
    expect(formsOf('ru').all).toEqual(['one', 'few', 'many', 'other']);
    expect(formsOf('cs').needed).toEqual(['one', 'few', 'other']);
  });

  it('takes the last form where there are too few, and nothing where there is none', () => {
    expect(printed('{{ 5 | plural: "plik" }}|{{ 5 | plural }}', 1, 'pl')).toBe('plik|');
  });
});

describe('what filters cannot take', () => {
  it.each([
    ['{{ 1 | money: "EURO" }}', 'en', '1:15 There is no currency "EURO". Did you mean "EUR"?'],
    ['{{ 1 | money: "zloty!" }}', 'en', '1:15 There is no currency "zloty!". Write its code: money: "EUR".'],
    ['a\n {{ x.y | date: "lnog" }}', 'en', '2:17 There is no date style "lnog". Did you mean "long"?'],
    [
      "{{ x | date: 'time', 'Europe/Warsw' }}",
      'en',
      '1:22 There is no time zone "Europe/Warsw". Did you mean "Europe/Warsaw"?',
    ],
    [
      '{% assign w = x | plural: "plik", "pliki" %}',
      'pl',
      '1:19 plural has 2 forms here, and "pl" needs 3: one, few, many. It may have other, too.',
    ],
    [
      '{{ x | plural: "файл" }}',
      'ru-RU',
      '1:8 plural has 1 form here, and "ru-RU" needs 3: one, few, many. It may have other, too.',
    ],
    ['{{ x | plural: "a", "b", "c" }}', 'en', '1:8 plural has 3 forms here, and "en" needs 2: one, other.'],
    ['{{ x | date: "%d" | append: "|" }}{{ x | money: y }}{{ x | plural: "a", b }}{% if x %}{% endif %}', 'en', ''],
  ])('%s in %s', (text, locale, expected) => {
    const said = filterFaults(text, locale).map(({ line, column, message }) => `${line}:${column} ${message}`);
    expect(said.join('\n')).toBe(expected);
  });

  it.each([
    ['{{ x | pluralize: "a" }}', 'There is no filter "pluralize". Did you mean "plural"?'],
    ['{{ x | mony }}', 'There is no filter "mony". Did you mean "money"?'],
    ['{{ x | currency }}', 'There is no filter "currency". Write money.'],
    ['{{ x | date_to_string }}', `There is no filter "date_to_string". Write date: 'long'.`],
  ])('%s is told what was meant', (text, expected) => {
    const result = parseLiquid(text);
    expect('problem' in result && result.problem.message).toBe(expected);
  });

  it('is an error at publish, at its place in the file, in the language of the file', async () => {
    const body = '<mjml><mj-body><mj-section><mj-column><mj-text>\n{{ trigger.n | plural: "a", "b" }}';
    const text = `---\n{ "subject": "Hello", "preheader": "What we have" }\n---\n${body}</mj-text></mj-column></mj-section></mj-body></mjml>\n`;
    const check = (file: string) =>
      checkTemplate(`templates/t/${file}`, text, { compiler: mjmlCompiler, settings: settings() });
    expect((await check('email.mjml')).remarks).toEqual([]);
    expect((await check('email.pl.mjml')).remarks).toMatchObject([{ code: 'E53', line: 5, column: 16 }]);
  });
});
