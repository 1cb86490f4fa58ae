import { MESSAGE_FACTS } from '#shared/message/message.ts';
import { ROOTS_TO_COME } from '#shared/publish/check-template.ts';
import { DERIVED, LEFT, OWN_EVENTS } from '#shared/publish/kinds.ts';
import { valueTypeSchema } from '#shared/settings/settings.ts';
import { ERRORS, WARNINGS } from '#test/shared/publish/rules.ts';
import { CODES, SAID } from './codes.ts';
import { MISSING, notYet } from './not-yet.ts';
import { STEP_NAMES } from './shapes.ts';
import { keysTable, table } from './tables.ts';

/**
 * Makes what is made of docs/language.md: whatever stands between `<!-- name -->` and `<!-- / -->`. The prose and the
 * examples between are written by hand; tests hold both to the code.
 */
export function made(page: string): string {
  return page.replaceAll(/<!-- ([a-zA-Z][a-zA-Z, ]*) -->([\s\S]*?)<!-- \/ -->/g, (_, name: string, old: string) => {
    const text = blockOf(name, page);
    const gap = old.includes('\n') ? '\n' : '';
    return `<!-- ${name} -->${gap}${text}${gap}<!-- / -->`;
  });
}

const inCode = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');

const BLOCKS: Readonly<Record<string, (page: string) => string>> = {
  contents,
  statuses: () => inCode(MESSAGE_FACTS),
  types: () => inCode(valueTypeSchema.options),
  events: () => inCode(OWN_EVENTS),
  left: () =>
    table(
      ['step', 'leaves'],
      Object.entries(LEFT).map(([step, left]) => [`[${step}](#${step.toLowerCase()})`, inCode(Object.keys(left))]),
    ),
  traits: () => table(['trait', 'type'], traitsByType()),
  'codes E': () => codes('E'),
  'codes W': () => codes('W'),
  'to come in templates': () => `*Not available yet: ${printed()}.*`,
  'not yet': missingParts,
};

function blockOf(name: string, page: string): string {
  const block = BLOCKS[name];
  if (block) return block(page);
  if (!name.startsWith('keys ')) throw new Error(`nobody makes "${name}"`);
  const names = name.slice('keys '.length).split(', ');
  return [...names.flatMap((one) => stepRemark(one)), keysTable(names, notYet)].join('\n\n');
}

/** A step that is not there yet as a whole says so above its keys. */
const stepRemark = (name: string): string[] => [notYet(name)].filter(Boolean);

/** Links to all parts, and to the sections of each on the same line. */
function contents(page: string): string {
  const [, ...parts] = page.split(/^## /m);
  return parts
    .map((part) => {
      const sections = [...part.matchAll(/^### (.+)$/gm)].map(([, title = '']) => linkTo(title));
      const [title = ''] = part.split('\n');
      return `- ${[linkTo(title), sections.join(', ')].filter(Boolean).join(': ')}`;
    })
    .join('\n');
}

/** A heading's anchor, as GitHub makes it. */
const linkTo = (title: string): string =>
  `[${title}](#${title
    .toLowerCase()
    .replaceAll(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-')})`;

function traitsByType(): string[][] {
  const types = [...new Set(Object.values(DERIVED))];
  return types.map((type) => [inCode(Object.keys(DERIVED).filter((trait) => DERIVED[trait] === type)), type]);
}

/** The code, what earns it, and what is said of an example. */
function codes(letter: string): string {
  const rules = new Map([...ERRORS, ...WARNINGS].toReversed().map(({ said }) => [said.slice(0, 3), said.slice(4)]));
  const rows = Object.entries(CODES)
    .filter(([code]) => code.startsWith(letter))
    .map(([code, what]) => [code, what, rules.get(code) ?? SAID[code] ?? '']);
  return table(['code', 'it is about', 'for example'], rows);
}

const printed = (): string => inCode(ROOTS_TO_COME);

function missingParts(): string {
  const rows = MISSING.map(({ place, what }) => {
    const [owner = '', last] = place.split('.');
    const key = OWNERS[owner] ? place : last;
    return [partOf(owner), [key && `\`${key}\``, what].filter(Boolean).join(': ') || 'all of it'];
  });
  return table(['part', 'not yet'], [...rows, ['templates', printed()]]);
}

/** Whose part that is which has a name only in the tables. */
const OWNERS: Readonly<Record<string, string>> = { experiment: 'split', channels: 'settings' };

function partOf(owner: string): string {
  const step = OWNERS[owner] ?? owner.replace('step ', '');
  return STEP_NAMES.includes(step) ? `step [${step}](#${step.toLowerCase()})` : step.replace('asking', 'condition');
}
