import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { conditionSchema } from '#shared/condition/condition.ts';
import { WORDS } from '#shared/editor/words.ts';
import { checkJourney } from '#shared/publish/check.ts';
import { checkSegment } from '#shared/publish/check-segment.ts';
import { checkSettings } from '#shared/publish/check-settings.ts';
import { NOT_YET, type Remark } from '#shared/publish/remarks.ts';
import { testFileSchema } from '#shared/story/story.ts';
import { frontSchema } from '#shared/template/front-data.ts';
import { journeyText, send } from '#test/build/checked.ts';
import { shop } from '#test/shared/publish/rules.ts';
import { CODES } from '../../tools/language/codes.ts';
import { PROBES, remarksOf } from '../../tools/language/not-yet.ts';
import { made } from '../../tools/language/page.ts';

const ROOT = join(import.meta.dirname, '../..');
const page = readFileSync(join(ROOT, 'docs/language.md'), 'utf8');
const sources = (folder: string) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(ROOT, folder, name), 'utf8'));

const journey = (changes: object): readonly Remark[] =>
  checkJourney('journeys/j.json', journeyText(changes), shop()).remarks;

/** Steps that the examples lean on. */
const BEFORE = [
  { type: 'coupon', id: 'code', pool: 'cart-10', otherwise: [], valid: 'P7D' },
  send('first'),
  { type: 'wait', id: 'before', for: 'P1D' },
];
const AFTER = [{ type: 'wait', id: 'story', for: 'P1D' }];

/** What publish says of an example, by what it is an example of. */
function remarksOn(block: Record<string, unknown>): readonly Remark[] {
  if ('subject' in block) return frontSchema.parse(block) && [];
  if ('tests' in block) return testFileSchema.parse(block) && [];
  if ('shop' in block) return checkSettings(JSON.stringify(block)).remarks;
  if ('steps' in block && 'trigger' in block)
    return checkJourney(`journeys/${block['id']}.json`, JSON.stringify(block), shop()).remarks;
  if ('type' in block && !('id' in block)) return journey({ trigger: block });
  if ('type' in block)
    return journey({
      steps: [...(block['id'] === 'code' ? [] : BEFORE), block, ...(block['type'] === 'end' ? [] : AFTER)],
    });
  if ('name' in block) return checkSegment(`segments/${block['id']}.json`, JSON.stringify(block), shop()).remarks;
  if (['entry', 'goal', 'exits', 'caps', 'publish'].some((part) => part in block)) return journey(block);
  return journey({ steps: [...BEFORE, { type: 'branch', id: 'asks', cases: [{ if: block, steps: [] }] }] });
}

const blocks = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text = '']) => text);

describe('the page of the language', () => {
  it('is as npm run schemas makes it', () => {
    expect(made(page)).toBe(page);
  });

  it('has an example in every section that has keys', () => {
    expect(blocks.length).toBeGreaterThan(35);
    const sections = page.split(/^#{2,4} /m).filter((text) => /<!-- keys (?!every|operators)/.test(text));
    expect(sections.filter((text) => !text.includes('```json')).map((text) => text.split('\n')[0])).toEqual([]);
  });

  it.each(blocks)('shows what publish takes: %s', (text) => {
    const mistakes = remarksOn(JSON.parse(text)).filter(({ code }) => code.startsWith('E') && code !== NOT_YET);
    expect(mistakes).toEqual([]);
  });

  it('shows conditions that fit the grammar beside each operator', () => {
    const table = page.slice(page.indexOf('| operator |'), page.indexOf('<!-- keys operators'));
    const shown = [...table.matchAll(/`(\{[^`]+)`/g)].map(([, text = '']) => text);
    expect(shown).toHaveLength(6);
    for (const text of shown) expect(conditionSchema.safeParse(JSON.parse(text)).error, text).toBeUndefined();
  });

  it('says of every key what an editor says of it', () => {
    // Said in prose, once for all.
    const inProse = /^(reference|trigger date\.(trigger|step))|\.(note|\$schema|type)$|^\*/;
    const plain = page.replaceAll('`', '').replaceAll('&lt;', '<');
    const unsaid = Object.entries(WORDS).filter(([name, words]) => !inProse.test(name) && !plain.includes(words));
    expect(unsaid.map(([name]) => name)).toEqual([]);
  });

  it('names each code that publish can say', () => {
    const text = [...sources('shared/publish'), ...sources('shared/coupon'), ...sources('functions/publish')].join(
      '\n',
    );
    const codes = [...text.matchAll(/'([EW]\d\d)'/g)].map(([, code = '']) => code);
    expect([...new Set(codes)].filter((code) => !(code in CODES))).toEqual([]);
  });

  it('asks publish of everything that it refuses as not available yet', () => {
    const files = ['available.ts', 'check-settings.ts', 'check-references.ts', 'check-opt-in.ts'];
    const text = files.map((file) => readFileSync(join(ROOT, 'shared/publish', file), 'utf8')).join('\n');
    const phrases = [...text.matchAll(/(['`])((?:(?!\1).)+ (?:is|are))\1/g)].map(([, , phrase = '']) => phrase);
    expect(phrases.length).toBeGreaterThan(4);
    const said = PROBES.flatMap((probe) => remarksOf(probe).map(({ message }) => message));
    const pattern = (phrase: string) => new RegExp(`^${phrase.replaceAll(/\$\{[^}]*\}/g, '.*')} not available yet`);
    expect(phrases.filter((phrase) => !said.some((message) => pattern(phrase).test(message)))).toEqual([]);
  });

  it('leads to sections that there are', () => {
    const anchors = [...page.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
      title
        .toLowerCase()
        .replaceAll(/[^a-z0-9 -]/g, '')
        .replaceAll(' ', '-'),
    );
    const links = [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor = '']) => anchor);
    expect(links.filter((anchor) => !anchors.includes(anchor))).toEqual([]);
  });
});
