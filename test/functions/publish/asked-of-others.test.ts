import { beforeEach, describe, expect, it } from 'vitest';
import { loadCatalogue, putCatalogue } from '#shared/store/journeys.ts';
import { journey, send, wait } from '#test/build/journey.ts';
import { PublishingShop, shopFile, templateFile } from '#test/build/publishing.ts';

const shape = (id: string, steps: readonly object[]) =>
  journey({ id, topic: 'offers', entry: { if: { consent: 'offers' } }, goal: { if: { event: 'purchase' } }, steps });
const first = (step: string, more: readonly object[] = []) => shape('first', [send(step), ...more]);
const asks = (message: string) => ({
  type: 'branch',
  id: 'asks',
  cases: [{ name: 'yes', if: { message, is: 'clicked' }, steps: [{ type: 'end', id: 'over', outcome: 'x' }] }],
});
const second = (message: string) => shape('second', [wait('w', 'P1D'), asks(message), send('mail')]);

let shop: PublishingShop;
beforeEach(async () => {
  shop = new PublishingShop();
  await shop.put('settings.json', shopFile({ topics: { offers: { kind: 'marketing' } } }));
  await shop.put('templates/hello/email.mjml', templateFile());
});
const errors = async (key: string, content: object) =>
  (await shop.put(key, content))?.remarks.flatMap((r) => (r.severity === 'error' ? [r.message] : []));
const versionOf = async (id: string) => (await shop.live(id))?.version;

const MISSING = 'There is no send step "offer" in the journey "first". There is "hello".';

describe('a journey that asks for the messages of another', () => {
  it('waits until the other has that step, and goes live with it', async () => {
    await shop.put('journeys/first.json', first('hello'));
    expect(await errors('journeys/second.json', second('first/offer'))).toEqual([MISSING]);
    expect(await versionOf('second')).toBeUndefined();
    await shop.put('journeys/first.json', first('hello', [send('offer')]));
    expect(await versionOf('second')).toBe(1);
  });

  it('keeps the other from losing the step', async () => {
    await shop.put('journeys/first.json', first('hello', [send('offer')]));
    await shop.put('journeys/second.json', second('first/offer'));
    expect(await errors('journeys/first.json', first('hello'))).toEqual([
      `The live journey "second" would break: ${MISSING}`,
    ]);
    expect(await versionOf('first')).toBe(1);
  });

  it('keeps it from that in a segment, too', async () => {
    await shop.put('journeys/first.json', first('hello', [send('offer')]));
    const segment = { id: 'eager', name: 'Eager', if: { message: 'first/offer', is: 'clicked' } };
    expect(await errors('segments/eager.json', segment)).toEqual([]);
    expect(await errors('journeys/first.json', first('hello'))).toEqual([
      `The segment "eager" would break: ${MISSING}`,
    ]);
  });

  it('may ask another that asks it back: both are edited at once', async () => {
    await shop.put('journeys/first.json', first('hello'));
    await shop.put('journeys/second.json', shape('second', [wait('w', 'P1D'), send('mail')]));
    await shop.put('journeys/first.json', first('hello', [wait('w', 'P1D'), asks('second/new'), send('offer')]));
    expect(await versionOf('first')).toBe(1);
    await shop.put('journeys/second.json', shape('second', [wait('w', 'P1D'), asks('first/offer'), send('new')]));
    expect([await versionOf('first'), await versionOf('second')]).toEqual([2, 2]);
  });

  it('is held against a journey that comes later', async () => {
    await shop.put('journeys/first.json', shape('first', [send('hello', { template: 'later' })]));
    await shop.put('journeys/second.json', second('first/offer'));
    expect(await versionOf('second')).toBe(1);
    await shop.put('templates/later/email.mjml', templateFile());
    expect(await versionOf('first')).toBeUndefined();
    expect(await shop.report('journeys/first.json')).toContain(`The live journey "second" would break: ${MISSING}`);
  });

  it('may ask for what one that is archived has sent', async () => {
    await shop.put('journeys/first.json', first('hello'));
    const { rev, journeys } = await loadCatalogue(shop.shop.table);
    const archived = Object.entries(journeys).map(([id, live]) => [id, { ...live, status: 'archived' as const }]);
    await shop.shop.table.write(putCatalogue({ rev, journeys: Object.fromEntries(archived) }));
    expect(await errors('journeys/second.json', second('first/offer'))).toEqual([]);
  });
});
