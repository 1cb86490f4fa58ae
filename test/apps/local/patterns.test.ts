import { describe, expect, it } from 'vitest';
import { compile } from '#apps/local/patterns.ts';

const field = (...operators: unknown[]) => ({ a: operators });

describe('a field of a pattern', () => {
  it.each([
    ['a text', field('x'), 'x', true],
    ['another text', field('x'), 'y', false],
    ['a text that differs in case', field('x'), 'X', false],
    ['one of several', field('x', 'y'), 'y', true],
    ['a number, however it is written', field(300), 3.0e2, true],
    ['a number for a text', field('1'), 1, false],
    ['a boolean', field(true), true, true],
    ['the other boolean', field(true), false, false],
    ['null', field(null), null, true],
    ['null where there is an empty text', field(null), '', false],
    ['an empty text', field(''), '', true],
    ['an element of a list', field('x'), ['y', 'x'], true],
    ['no element of a list', field('x'), ['y', 'z'], false],
    ['an empty list', field('x'), [], false],
    ['an element of a list of lists', field('x'), [['y'], ['x']], true],
    ['an object', field('x'), { x: 'x' }, false],

    ['prefix', field({ prefix: 'or' }), 'order', true],
    ['prefix elsewhere', field({ prefix: 'or' }), 'floor', false],
    ['prefix of a number', field({ prefix: '1' }), 12, false],
    ['prefix, any case', field({ prefix: { 'equals-ignore-case': 'OR' } }), 'oRder', true],
    ['prefix, any case, elsewhere', field({ prefix: { 'equals-ignore-case': 'OR' } }), 'flOor', false],
    ['suffix', field({ suffix: '.png' }), 'a.png', true],
    ['suffix elsewhere', field({ suffix: '.png' }), 'a.png.zip', false],
    ['suffix, any case', field({ suffix: { 'equals-ignore-case': '.png' } }), 'a.PNG', true],
    ['suffix, any case, elsewhere', field({ suffix: { 'equals-ignore-case': '.png' } }), 'a.jpg', false],
    ['equals-ignore-case', field({ 'equals-ignore-case': 'ALICE' }), 'alice', true],
    ['equals-ignore-case of another', field({ 'equals-ignore-case': 'alice' }), 'alices', false],

    ['wildcard', field({ wildcard: 'a*c' }), 'abbc', true],
    ['wildcard for nothing', field({ wildcard: 'a*c' }), 'ac', true],
    ['wildcard with more behind', field({ wildcard: 'a*c' }), 'abcd', false],
    ['wildcard at both ends', field({ wildcard: '*/lib/*' }), 'x/lib/y', true],
    ['wildcard that must not overlap', field({ wildcard: 'ab*ba' }), 'aba', false],
    ['wildcards that share what repeats', field({ wildcard: '*ab*ab*' }), 'xabab', true],
    ['wildcards that need it twice', field({ wildcard: '*ab*ab*' }), 'xab', false],
    ['wildcard, escaped', field({ wildcard: String.raw`a\*c` }), 'a*c', true],
    ['wildcard, escaped, is literal', field({ wildcard: String.raw`a\*c` }), 'abc', false],
    ['backslash, escaped', field({ wildcard: String.raw`a\\*` }), String.raw`a\b`, true],
    ['empty wildcard', field({ wildcard: '' }), 'a', false],
    ['wildcard over line ends', field({ wildcard: 'a*c' }), 'a\nc', true],

    ['anything-but', field({ 'anything-but': 'x' }), 'y', true],
    ['anything-but of it', field({ 'anything-but': 'x' }), 'x', false],
    ['anything-but of null', field({ 'anything-but': 'x' }), null, true],
    ['anything-but numbers', field({ 'anything-but': [1, 2] }), 3, true],
    ['anything-but one of the numbers', field({ 'anything-but': [1, 2] }), 2, false],
    ['anything-but a boolean', field({ 'anything-but': [true] }), true, false],
    ['anything-but in a list with something else', field({ 'anything-but': 'x' }), ['x', 'y'], true],
    ['anything-but prefix', field({ 'anything-but': { prefix: 'in' } }), 'out', true],
    ['anything-but prefixes', field({ 'anything-but': { prefix: ['in', 'ou'] } }), 'out', false],
    ['anything-but prefix of a number', field({ 'anything-but': { prefix: 'in' } }), 1, true],
    ['anything-but suffix', field({ 'anything-but': { suffix: ['.a', '.b'] } }), 'x.b', false],
    ['anything-but ignoring case', field({ 'anything-but': { 'equals-ignore-case': 'Test' } }), 'TEST', false],
    ['anything-but several ignoring case', field({ 'anything-but': { 'equals-ignore-case': ['a', 'b'] } }), 'c', true],
    ['anything-but a wildcard', field({ 'anything-but': { wildcard: '*/lib/*' } }), 'x/lib/y', false],
    ['anything-but wildcards', field({ 'anything-but': { wildcard: ['a*', 'b*'] } }), 'cab', true],

    ['numeric =', field({ numeric: ['=', 5] }), 5, true],
    ['numeric >', field({ numeric: ['>', 5] }), 5, false],
    ['numeric >=', field({ numeric: ['>=', 5] }), 5, true],
    ['numeric <', field({ numeric: ['<', 5] }), 4.9, true],
    ['numeric range, inside', field({ numeric: ['>', 0, '<=', 5] }), 5, true],
    ['numeric range, outside', field({ numeric: ['>', 0, '<=', 5] }), 0, false],
    ['numeric of a text', field({ numeric: ['>', 0] }), '5', false],
    ['numeric of null', field({ numeric: ['<', 1] }), null, false],

    ['exists', field({ exists: true }), null, true],
    ['exists of an object', field({ exists: true }), { b: 1 }, false],
    ['exists of an empty list', field({ exists: true }), [], false],
    ['exists: false of a value', field({ exists: false }), 1, false],
    ['exists: false of an object', field({ exists: false }), { b: 1 }, true],
    ['exists: false or a value', field({ exists: false }, 'x'), 'x', true],
    ['exists: false or another value', field({ exists: false }, 'x'), 'y', false],

    ['cidr', field({ cidr: '10.0.0.0/24' }), '10.0.0.255', true],
    ['cidr, outside', field({ cidr: '10.0.0.0/24' }), '10.0.1.0', false],
    ['cidr, no address', field({ cidr: '10.0.0.0/24' }), '10.0.0.256', false],
    ['cidr of IPv6', field({ cidr: '2001:db8::/32' }), '2001:0db8:ffff::1', true],
    ['cidr of IPv6, outside', field({ cidr: '2001:db8::/32' }), '2001:db9::1', false],
    ['cidr of the other family', field({ cidr: '0.0.0.0/0' }), '::1', false],
  ])('%s', (_, pattern, a, expected) => {
    expect(compile(pattern)({ a })).toBe(expected);
  });

  it.each([
    ['a text', 'x'],
    ['anything-but', { 'anything-but': 'x' }],
    ['anything-but prefix', { 'anything-but': { prefix: 'x' } }],
    ['exists', { exists: true }],
  ])('does not match by %s what is not there, %s', (_, operator) => {
    expect(compile(field(operator))({ b: 1 })).toBe(false);
  });

  it('matches by `exists: false` what is not there', () => {
    expect(compile(field({ exists: false }))({ b: 1 })).toBe(true);
  });
});

describe('a pattern', () => {
  it.each([
    ['all fields must match', { a: ['x'], b: { c: [1] } }, { a: 'x', b: { c: 1 } }, true],
    ['one field does not', { a: ['x'], b: { c: [1] } }, { a: 'x', b: { c: 2 } }, false],
    ['names have a case', { A: ['x'] }, { a: 'x' }, false],
    ['a text of JSON is a text', { a: { b: ['x'] } }, { a: '{"b":"x"}' }, false],
    ['names are joined by dots in the event', { a: { 'b.c': ['x'] } }, { a: { b: { c: 'x' } } }, true],
    ['and in the pattern', { a: { b: { c: ['x'] } } }, { a: { 'b.c': 'x' } }, true],
    ['arrays are looked through', { a: { b: ['x'] } }, { a: [{ b: 'y' }, { b: 'x' }] }, true],
    ['fields of one element match together', { a: { b: [1], c: [2] } }, { a: [{ b: 1, c: 2 }] }, true],
    ['fields of different elements do not', { a: { b: [1], c: [2] } }, { a: [{ b: 1 }, { c: 2 }] }, false],
    ['nor in arrays of arrays', { a: { b: [1], c: [2] } }, { a: [[{ b: 1, c: 3 }], [{ b: 3, c: 2 }]] }, false],
    [
      'fields of different arrays do',
      { a: { x: [1] }, b: { x: [2] } },
      { a: [{ x: 1 }], b: [{ x: 0 }, { x: 2 }] },
      true,
    ],
    [
      'absence is of the element that matched',
      { a: { b: [1], c: [{ exists: false }] } },
      { a: [{ b: 1 }, { c: 2 }] },
      true,
    ],
    ['and not of another', { a: { b: [1], c: [{ exists: false }] } }, { a: [{ b: 1, c: 1 }, { b: 2 }] }, false],
    ['$or: the first', { s: ['x'], $or: [{ a: [1] }, { b: [2] }] }, { s: 'x', a: 1 }, true],
    ['$or: the second', { s: ['x'], $or: [{ a: [1] }, { b: [2] }] }, { s: 'x', b: 2 }, true],
    ['$or: none', { s: ['x'], $or: [{ a: [1] }, { b: [2] }] }, { s: 'x', a: 2, b: 1 }, false],
    ['$or: the rest must match', { s: ['x'], $or: [{ a: [1] }, { b: [2] }] }, { s: 'y', a: 1 }, false],
    ['$or in depth', { d: { $or: [{ a: [1] }, { b: [2], c: [3] }] } }, { d: { b: 2, c: 3 } }, true],
    ['$or in $or', { $or: [{ a: [1] }, { $or: [{ b: [2] }, { c: [3] }] }] }, { c: 3 }, true],
    ['two $or', { $or: [{ a: [1] }, { b: [1] }], d: { $or: [{ e: [1] }, { f: [1] }] } }, { b: 1, d: { e: 2 } }, false],
    ['$or as a name', { $or: { a: [1] } }, { $or: { a: 1 } }, true],
  ])('%s', (_, pattern, event, expected) => {
    expect(compile(pattern)(event)).toBe(expected);
  });

  it.each([
    ['a value outside of a list', { a: 'x' }],
    ['an empty list', { a: [] }],
    ['nothing', {}],
    ['an empty object', { a: {} }],
    ['an unknown operator', { a: [{ like: 'x' }] }],
    ['two operators in one object', { a: [{ prefix: 'x', suffix: 'y' }] }],
    ['a list of different kinds', { a: [{ 'anything-but': ['x', 1] }] }],
    ['a backwards range', { a: [{ numeric: ['<', 5, '>', 1] }] }],
    ['a text as a bound', { a: [{ numeric: ['<', '5'] }] }],
    ['no range of addresses', { a: [{ cidr: '10.0.0.0' }] }],
    ['too long a mask', { a: [{ cidr: '10.0.0.0/33' }] }],
    ['two wildcards in a row', { a: [{ wildcard: 'a**b' }] }],
    ['a backslash before a letter', { a: [{ wildcard: String.raw`a\b` }] }],
    ['$or before one object', { $or: [{ a: [1] }] }],
    ['$or with an operator’s name inside', { $or: [{ prefix: ['x'] }, { a: [1] }] }],
    ['a list inside of a list', { a: [['x']] }],
  ])('is refused with %s', (_, pattern) => {
    expect(() => compile(pattern)).toThrow(expect.objectContaining({ name: 'InvalidPattern' }));
  });
});
