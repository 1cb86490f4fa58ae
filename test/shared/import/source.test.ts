import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { openSource } from '#shared/import/source.ts';

const text = z.string();

describe('a source that is read', () => {
  it('says what nobody has taken out of it, each where it stands', () => {
    const { source, unread } = openSource({ a: 'x', b: { c: 1, 'd e': true }, f: [{ g: 1 }, { h: 2 }], i: { j: 1 } });
    source.at('a').take(text);
    source.at('b').at('c').take(z.number());
    source.at('f').items()[0]?.at('g').take(z.number());
    expect(unread()).toEqual([
      { place: '$.b["d e"]', value: true },
      { place: '$.f[1]', value: { h: 2 } },
      { place: '$.i', value: { j: 1 } },
    ]);
  });

  it('keeps as unread what did not fit what was looked for', () => {
    const { source, unread } = openSource({ a: 7 });
    expect(source.at('a').take(text)).toBeUndefined();
    expect(unread()).toEqual([{ place: '$.a', value: 7 }]);
  });

  it('has nothing to say of what says nothing', () => {
    const { source, unread } = openSource({ a: null, b: '', c: [], d: { e: null }, f: 1 });
    source.at('f').take(z.number());
    expect(unread()).toEqual([]);
  });

  it('takes a part as a whole where somebody else accounts for it', () => {
    const { source, unread } = openSource({ a: { b: { c: 1 } } });
    source.at('a').at('b').whole();
    expect(unread()).toEqual([]);
  });

  it('can be asked for what is not there', () => {
    const { source, unread } = openSource({ a: 1 });
    expect(source.at('x').at('y').at(3).take(text)).toBeUndefined();
    expect(source.at('a').items()).toEqual([]);
    expect(unread()).toEqual([{ place: '$.a', value: 1 }]);
  });
});
