import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IMPORTS, type ToolName } from '#apps/cli/import/sources.ts';
import type { ImportRemark } from '#shared/import/notes.ts';
import { FIXTURES, fixture } from './fixtures.ts';

type Path = readonly (string | number)[];
type Bag = Readonly<Record<string | number, unknown>>;

const isBag = (value: unknown): value is Bag => typeof value === 'object' && value !== null;

/** Every object of a file, by its path; lists hold no keys of their own. */
function* objectsIn(value: unknown, path: Path = []): Generator<readonly [Path, Bag]> {
  if (!isBag(value)) return;
  if (!Array.isArray(value)) yield [path, value];
  for (const [key, inner] of Object.entries(value)) {
    yield* objectsIn(inner, [...path, Array.isArray(value) ? Number(key) : key]);
  }
}

function changedAt(value: unknown, [key, ...rest]: Path, change: (there: Bag) => unknown): unknown {
  if (!isBag(value)) return value;
  if (key === undefined) return change(value);
  const inner = changedAt(value[key], rest, change);
  return Array.isArray(value) ? value.map((old, i) => (i === key ? inner : old)) : { ...value, [key]: inner };
}

const placeOf = (path: Path): string =>
  path.reduce<string>((place, key) => {
    if (typeof key === 'number') return `${place}[${key}]`;
    return /^[A-Za-z_$][\w$-]*$/.test(key) ? `${place}.${key}` : `${place}[${JSON.stringify(key)}]`;
  }, '$');

/** Whether the report speaks of this place, of something in it or around it; what is left out is said by its key. */
function mentions(remarks: readonly ImportRemark[], path: Path): boolean {
  const here = placeOf(path);
  const around = path.map((_, i) => placeOf(path.slice(0, i + 1)));
  return remarks.some(({ place, what }) => {
    if (around.includes(place) || place.startsWith(`${here}.`) || place.startsWith(`${here}[`)) return true;
    const [, leftOut] = /^(.*) left out: /.exec(what) ?? [];
    return leftOut?.split(', ').some((key) => path.includes(key)) ?? false;
  });
}

/** What makes an object of the source a step, by tool. */
const IS_STEP: Readonly<Record<ToolName, (path: Path, there: Bag) => boolean>> = {
  pinpoint: (path) => path.at(-2) === 'Activities',
  klaviyo: (path) => path.at(-2) === 'actions' || path.at(-2) === 'variations',
  posthog: (path, there) => path.at(-2) === 'actions' && there['type'] !== 'trigger',
  mautic: (path) => !path.includes('dependencies') && ['campaign_event', 'events'].includes(String(path.at(-2))),
};
const UNKNOWN: Readonly<Record<ToolName, (there: Bag) => Bag>> = {
  pinpoint: (there) => ({ TELEPATHY: Object.values(there).find(isBag) }),
  klaviyo: (there) => ({ ...there, type: 'telepathy' }),
  posthog: (there) => ({ ...there, type: 'telepathy' }),
  mautic: (there) => ({ ...there, type: 'telepathy' }),
};

describe.each(FIXTURES)('nothing of %s is lost in silence: %s', (tool, file) => {
  const json = fixture(file);
  const objects = [...objectsIn(json)];

  it('an unknown key shows in the report, wherever it stands', () => {
    const anyKey = fc.constantFrom('zzUnknown', 'zz new setting', 'Zz2');
    const anyValue = fc.constantFrom<unknown>('x', 7, true, false, { deep: ['x'] }, ['x'], [{ id: 'x' }]);
    fc.assert(
      fc.property(fc.constantFrom(...objects), anyKey, anyValue, ([path], key, value) => {
        const { files, remarks } = IMPORTS[tool](changedAt(json, path, (there) => ({ ...there, [key]: value })));
        // Where keys are a marketer's own names, such as fields of a contact, the new one is carried over.
        const carried = files.some(({ text }) => text.includes(key) || text.includes(key.replaceAll(' ', '-')));
        expect(carried || mentions(remarks, [...path, key])).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  const steps = objects.filter(([path, there]) => IS_STEP[tool](path, there));

  it.each(steps.map(([path]) => [placeOf(path), path] as const))(
    'a step of an unknown kind is lost aloud: %s',
    (_, path) => {
      const { remarks } = IMPORTS[tool](changedAt(json, path, UNKNOWN[tool]));
      expect(
        mentions(
          remarks.filter((r) => r.severity === 'lost'),
          path,
        ),
      ).toBe(true);
    },
  );
});

/** Every text, number and flag of a file. */
function* leavesIn(value: unknown, path: Path = []): Generator<readonly [Path, unknown]> {
  if (isBag(value)) {
    for (const [key, inner] of Object.entries(value)) {
      yield* leavesIn(inner, [...path, Array.isArray(value) ? Number(key) : key]);
    }
  } else if (value !== null && value !== '') yield [path, value];
}

function replaced(value: unknown, [key, ...rest]: Path, leaf: unknown): unknown {
  if (key === undefined) return leaf;
  if (!isBag(value)) return value;
  const inner = replaced(value[key], rest, leaf);
  return Array.isArray(value) ? value.map((old, i) => (i === key ? inner : old)) : { ...value, [key]: inner };
}

const other = (leaf: unknown): unknown => {
  if (typeof leaf === 'number') return leaf + 1;
  return typeof leaf === 'boolean' ? !leaf : `${String(leaf)}zz`;
};

describe.each(FIXTURES)('every value of %s counts: %s', (tool, file) => {
  it('one that is changed changes the files or the report, or is said to be left out', () => {
    const json = fixture(file);
    const before = IMPORTS[tool](json);
    const text = JSON.stringify(before);
    const silent = [...leavesIn(json)].filter(([path, leaf]) => {
      // Of an order only the order counts, not the number.
      if (mentions(before.remarks, path) || String(path.at(-1)).endsWith('order')) return false;
      return JSON.stringify(IMPORTS[tool](replaced(json, path, other(leaf)))) === text;
    });
    expect(silent.map(([path]) => placeOf(path))).toEqual([]);
  });
});
