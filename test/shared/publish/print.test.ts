import { describe, expect, it } from 'vitest';
import { print } from '#shared/publish/print.ts';
import { inOrder, remark } from '#shared/publish/remarks.ts';

const file = 'journeys/abandoned-cart.json';
const missing = remark(
  'E11',
  { line: 21, column: 58 },
  'There is no template "cart-remindr". Did you mean "cart-reminder"?',
);
const opens = remark('W07', { line: 64, column: 7 }, '"read" decides on opens alone. Add clicks or visits.');
const goal = remark('W05', { line: 1, column: 1 }, 'Without a goal the report can count clicks, not success.');

describe('the report on a file', () => {
  it('says what is wrong, where, and what stays live', () => {
    expect(print({ file, remarks: [missing, opens], live: 7 })).toBe(
      [
        'journeys/abandoned-cart.json   NOT PUBLISHED: 1 error, 1 warning. Version 7 stays live.',
        '  21:58  E11  There is no template "cart-remindr". Did you mean "cart-reminder"?',
        '  64:7   W07  "read" decides on opens alone. Add clicks or visits.',
        '',
      ].join('\n'),
    );
  });

  it('says so if nothing is live that could stay', () => {
    expect(print({ file, remarks: [missing, missing] })).toContain('NOT PUBLISHED: 2 errors. Nothing of it is live.\n');
  });

  it('of a template or the settings says whether an earlier one stays', () => {
    expect(print({ file: 'settings.json', remarks: [missing], live: true })).toContain(
      '1 error. What was live stays live.',
    );
    expect(print({ file: 'settings.json', remarks: [missing], live: false })).toContain(
      '1 error. Nothing of it is live.',
    );
  });

  it('on a draft does not say that it was published', () => {
    expect(print({ file, remarks: [goal], draft: true, live: 7 })).toMatch(
      /^\S+ {3}CHECKED: 1 warning\. A draft changes nothing: version 7 goes on as before\. What stops it is "status": "closing" /,
    );
    expect(print({ file, remarks: [], draft: true })).toBe(
      `${file}   CHECKED. It is a draft. Nothing of it is live.\n`,
    );
  });

  it('names the new version, and what was remarked all the same', () => {
    expect(print({ file, remarks: [], published: 8 })).toBe('journeys/abandoned-cart.json   PUBLISHED as version 8.\n');
    expect(print({ file, remarks: [goal, opens], published: 8 })).toBe(
      [
        'journeys/abandoned-cart.json   PUBLISHED as version 8: 2 warnings.',
        '  1:1   W05  Without a goal the report can count clicks, not success.',
        '  64:7  W07  "read" decides on opens alone. Add clicks or visits.',
        '',
      ].join('\n'),
    );
    expect(print({ file: 'settings.json', remarks: [] })).toBe('settings.json   PUBLISHED.\n');
  });

  it('says when nothing has changed, and what closing means', () => {
    expect(print({ file, remarks: [goal], published: 8, unchanged: true })).toContain(
      '   UNCHANGED: 1 warning. Version 8 stays live.\n',
    );
    expect(print({ file, remarks: [], published: 8, closing: true })).toBe(
      `${file}   CLOSING. Nobody enters any more; who is inside goes on.\n`,
    );
  });
});

describe('remarks', () => {
  it('stand in the order of the file, each once', () => {
    expect(inOrder([opens, missing, goal, opens])).toEqual([goal, missing, opens]);
  });
});
