import { describe, expect, it } from 'vitest';
import { BadInput } from '#apps/cli/bad-input.ts';
import { startOptions } from '#apps/local/options.ts';

describe('the options of npm start', () => {
  it('have a meaning when nothing is said', () => {
    expect(startOptions([])).toEqual({
      once: false,
      json: false,
      data: undefined,
      sample: true,
      journeys: undefined,
      contacts: 2000,
      days: 30,
      seed: 'birch',
      port: 4400,
      secrets: new Map(),
      catchUp: [],
    });
  });

  it('are what is said', () => {
    const words = [
      '--once',
      '--json',
      '--data',
      'kept',
      '--no-sample',
      '--contacts=50',
      '--port',
      '0',
      '--seed',
      'oak',
    ];
    expect(startOptions(words)).toMatchObject({ once: true, data: 'kept', sample: false, contacts: 50, port: 0 });
  });

  it('may say what storefronts sign with', () => {
    const { secrets } =
      startOptions(['--secret', 'stripe=whsec_a=b', '--secret=segment= a-secret-of-16-or-more ']) ?? {};
    expect(secrets).toEqual(
      new Map([
        ['stripe', 'whsec_a=b'],
        ['segment', 'a-secret-of-16-or-more'],
      ]),
    );
  });

  it('name storefronts to ask', () => {
    const words = [
      '--catch-up',
      'shopify=http://localhost:9000/',
      '--catch-up=woocommerce=https://shop.example/tea?a=b',
    ];
    expect(startOptions(words)?.catchUp).toEqual([
      { name: 'shopify', url: 'http://localhost:9000' },
      { name: 'woocommerce', url: 'https://shop.example/tea?a=b' },
    ]);
  });

  it('may ask for help', () => expect(startOptions(['--help'])).toBeUndefined());

  it.each([
    [['--contacts', 'abc'], '--contacts is a whole number from 1 to 1,000,000; "abc" is none.'],
    [['--days', '31'], '--days is a whole number from 1 to 30; "31" is none.'],
    [['--contacts', '0'], '--contacts is a whole number'],
    [['--contacts', '-5'], '--contacts needs a value.'],
    [['--contacts=-5'], '"-5" is none.'],
    [['--contacts', '1.5'], '"1.5" is none.'],
    [['--port', 'x'], '--port is a whole number from 0 to 65,535; "x" is none.'],
    [['--port', '99999'], '"99999" is none.'],
    [['--data'], '--data needs a value.'],
    [['--data', ''], '--data needs the name of a folder.'],
    [['--secret', 'strip=x'], '--secret begins with one of "'],
    [['--secret', 'generic=x'], '"generic" is none.'],
    [['--secret', 'whsec_x'], '"whsec_x" is none.'],
    [['--secret', 'stripe='], '"stripe" is none.'],
    [['--secret', 'segment=short'], 'segment would be refused with 503. Give 16 characters or more'],
    [['--once=yes'], '--once stands alone, without a value.'],
    [['--bogus'], 'There is no option --bogus. "npm start -- --help" lists the options.'],
    [['--contact', '5'], 'There is no option --contact. Did you mean "--contacts"?'],
    [['--catch-up', 'shopify'], '--catch-up names a storefront and where it lies'],
    [['--catch-up', 'magento=https://shop.example'], '--catch-up names a storefront and where it lies'],
    [['shop'], '"shop" belongs to no option.'],
  ])('%j are refused with a sentence', (words, sentence) => {
    expect(() => startOptions(words)).toThrow(BadInput);
    expect(() => startOptions(words)).toThrow(sentence);
  });
});
