import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { previewCommand } from '#apps/cli/commands/preview.ts';
import { example, exampleKeys } from '#test/build/examples.ts';
import { elementsIn, parseXml } from '#test/build/xml.ts';

class Paper extends Writable {
  text = '';

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

let dir: string;
const inDir = (name: string): string => join(dir, name);
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'preview-'));
  writeFileSync(inDir('welcome.json'), example('journeys/welcome.json'));
});
afterEach(() => rmSync(dir, { recursive: true }));

async function tropaPreview(...words: string[]) {
  const [out, err] = [new Paper(), new Paper()];
  const command = previewCommand({ out, err });
  command.exitOverride().configureOutput({ writeErr: (text) => err.write(text) });
  await command.parseAsync(words, { from: 'user' });
  return { out: out.text, err: err.text };
}

describe('tropa preview', () => {
  it('draws the journey beside its file and says so', async () => {
    const { out } = await tropaPreview(inDir('welcome.json'));
    expect(out).toMatch(/welcome\.svg: 15 steps, 713 x \d+\n$/);
    const svg = parseXml(readFileSync(inDir('welcome.svg'), 'utf8'));
    expect(elementsIn(svg).filter(({ attributes }) => attributes['data-step'] !== undefined)).toHaveLength(15);
  });

  it('draws where it is told to, and prints the tree when it is asked for', async () => {
    const { out } = await tropaPreview(inDir('welcome.json'), '--out', inDir('my.svg'), '--text');
    expect(readdirSync(dir).sort()).toEqual(['my.svg', 'welcome.json']);
    expect(out).toContain('├─ Send "welcome-hello" [hello]\n');
  });

  it('takes an id too, of a folder or of the examples, and says what is not there', async () => {
    mkdirSync(inDir('shop/journeys'), { recursive: true });
    writeFileSync(inDir('shop/journeys/hello.json'), example('journeys/welcome.json'));
    expect((await tropaPreview('hello', '--folder', inDir('shop'))).out).toMatch(/journeys\/hello\.svg: 15 steps/);
    const { out, err } = await tropaPreview('welcome', '--out', inDir('w.svg'));
    expect(out).toContain('w.svg: 15 steps');
    expect(err).toContain('"welcome" is that of the examples of Tropa');
    await expect(tropaPreview('nobody')).rejects.toThrow(/^There is no .*journeys\/nobody\.json\. Say where/);
    await expect(tropaPreview('nobody.json')).rejects.toThrow(/^There is no nobody\.json\.$/);
  });

  it('with --json has one line of JSON on standard output and all else on standard error', async () => {
    const { out, err } = await tropaPreview(inDir('welcome.json'), '--json', '--text', '--width', '390');
    expect(JSON.parse(out)).toEqual({
      ...{ journey: 'welcome', svg: inDir('welcome.svg'), steps: 15, width: 390, height: expect.any(Number) },
    });
    expect(err).toContain('Send "welcome-hello"');
  });

  it('shows numbers, and names those that belong to no step', async () => {
    writeFileSync(inDir('numbers.json'), '{ "hello": { "sent": 1234567 }, "gone": { "sent": 1 }, }');
    const { err } = await tropaPreview(inDir('welcome.json'), '--numbers', inDir('numbers.json'));
    expect(readFileSync(inDir('welcome.svg'), 'utf8')).toContain('1,234,567 sent');
    expect(err).toBe('Not in the journey, and not drawn: gone.\n');
  });

  it.each([
    ['{ "id": "welcome", }', /NOT DRAWN\.\n {2}1:1 +E49/],
    ['{ "id": ', /NOT DRAWN\.\n.*E01/],
    ['', /NOT DRAWN\./],
  ])('says what is wrong with %j and draws nothing', async (text, remarks) => {
    writeFileSync(inDir('welcome.json'), text);
    await expect(tropaPreview(inDir('welcome.json'))).rejects.toMatchObject({
      message: expect.stringMatching(remarks),
      exitCode: 1,
    });
    expect(readdirSync(dir)).toEqual(['welcome.json']);
  });

  it.each([
    [['nowhere.json'], 'nowhere.json.'],
    [['welcome.json', '--out', 'nowhere/a.svg'], 'a.svg cannot be written'],
    [['welcome.json', '--out', 'welcome.json'], 'is the journey itself'],
    [['welcome.json', '--numbers', 'welcome.json'], 'NOT DRAWN'],
  ])('refuses %j', async (words, message) => {
    const files = words.map((word) => (word.startsWith('--') ? word : inDir(word)));
    await expect(tropaPreview(...files)).rejects.toThrow(message);
    expect(readFileSync(inDir('welcome.json'), 'utf8')).toBe(example('journeys/welcome.json'));
  });

  it('refuses a width that nothing can be drawn in', async () => {
    await expect(tropaPreview(inDir('welcome.json'), '--width', '20')).rejects.toThrow('from 200 to 20000');
  });
});

describe('tropa preview of a mail', () => {
  const mail = 'templates/cart-reminder/email.mjml';
  const shopMail = (text: string): string => {
    mkdirSync(inDir('shop/templates/cart-reminder'), { recursive: true });
    mkdirSync(inDir('shop/templates/_brand'));
    for (const key of exampleKeys('templates/_brand')) writeFileSync(inDir(`shop/${key}`), example(key));
    writeFileSync(inDir('shop/settings.json'), example('settings.json').replace('Birch & Bean', 'Corner Shop'));
    writeFileSync(inDir(`shop/${mail}`), text);
    return inDir(`shop/${mail}`);
  };

  it('makes it with its sample, in the shop of its folder', async () => {
    const { out } = await tropaPreview(shopMail(example(mail)), '--out', inDir('mail.html'), '--text');
    expect(out).toContain('“Maja, your cart is still here”');
    expect(readFileSync(inDir('mail.html'), 'utf8')).toContain('Corner Shop');
    expect(readFileSync(inDir('mail.html'), 'utf8')).not.toContain('{{');
  });

  it('says what is wrong with it', async () => {
    const faulty = shopMail(example(mail).replace('</mj-section>', ''));
    await expect(tropaPreview(faulty, '--out', inDir('mail.html'))).rejects.toThrow(/NOT DRAWN[\s\S]*<mj-section>/);
    expect(readdirSync(dir)).not.toContain('mail.html');
  });
});
