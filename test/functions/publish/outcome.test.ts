import { beforeEach, expect, it } from 'vitest';
import { compile } from '#apps/local/patterns.ts';
import { ruleWirings } from '#functions/wiring.ts';
import { journey, send } from '#test/build/journey.ts';
import { PublishingShop, shopFile, templateFile } from '#test/build/publishing.ts';

/** What the bus hears of uploads. */
let shop: PublishingShop;

beforeEach(async () => {
  shop = new PublishingShop();
  await shop.put('settings.json', shopFile());
  await shop.put('templates/hello/email.mjml', templateFile());
  heard();
});

const cart = {
  ...journey({ entry: { if: { consent: 'offers' } }, goal: { if: { event: 'purchase' } } }),
  steps: [send('first')],
};

/** What was put on the bus since the last look. */
const heard = () => shop.shop.bus.entries.splice(0);
const details = () => heard().map(({ detail }) => detail);

it('each upload, with its version, and where its report lies', async () => {
  await shop.put('journeys/cart.json', cart);
  expect(heard()).toEqual([
    {
      source: 'tropa.publish',
      detailType: 'publish.published',
      detail: {
        id: expect.stringMatching(/^[0-9a-f]{32}$/),
        file: 'journeys/cart.json',
        upload: '1',
        kind: 'journey',
        outcome: 'published',
        version: 1,
        errors: 0,
        warnings: 0,
        remarks: [],
        report: 'reports/journeys.cart.json.txt',
      },
    },
  ]);
});

it.each<[outcome: string, kind: string, key: string, content: unknown]>([
  ['published', 'settings', 'settings.json', shopFile({ holdout: 1 })],
  ['published', 'template', 'templates/hello/email.mjml', templateFile('Hi')],
  ['published', 'segment', 'segments/tea.json', { id: 'tea', name: 'Tea', if: { tag: 'tea' } }],
  ['published', 'pool', 'pools/gift.csv', 'code\nA-1\n'],
  ['warnings', 'journey', 'journeys/cart.json', { ...cart, goal: undefined }],
  ['checked', 'journey', 'journeys/cart.json', { ...cart, status: 'draft' }],
  ['refused', 'journey', 'journeys/cart.json', '{'],
  ['refused', 'test', 'tests/cart.test.json', '{'],
])('says %s of a %s: %s', async (outcome, kind, key, content) => {
  await shop.put(key, content);
  expect(heard()).toMatchObject([{ detailType: `publish.${outcome}`, detail: { outcome, kind, file: key } }]);
});

it('of remarks their codes and places, and nothing of what stands in the file', async () => {
  const steps = [send('first', { template: 'ann-tester' })];
  await shop.put('journeys/cart.json', { ...cart, steps });
  const said = details();
  expect(said).toMatchObject([{ errors: 1, remarks: [{ code: 'E11', line: 1, severity: 'error' }] }]);
  expect(await shop.report('journeys/cart.json')).toContain('ann-tester');
  expect(JSON.stringify(said)).not.toContain('ann-tester');
});

it('the same upload again by the same id, another by another', async () => {
  const notice = shop.upload('journeys/cart.json', '{');
  await shop.publish(notice);
  await shop.publish(notice);
  await shop.put('journeys/cart.json', '{');
  const [first, again, other] = details().map((detail) => Reflect.get(detail, 'id'));
  expect(again).toBe(first);
  expect(other).not.toBe(first);
});

it('what went live because what it lacked has come', async () => {
  await shop.put('journeys/cart.json', { ...cart, steps: [send('first', { template: 'new' })] });
  await shop.put('templates/new/email.mjml', templateFile());
  expect(heard().map(({ detailType, detail }) => [detailType, Reflect.get(detail, 'kind')])).toEqual([
    ['publish.refused', 'journey'],
    ['publish.published', 'journey'],
    ['publish.published', 'template'],
  ]);
});

it('nothing of what was tried again and is refused still, be it for another reason', async () => {
  await shop.put('journeys/cart.json', cart);
  await shop.put('settings.json', shopFile({ topics: {}, suppress: { segment: 'staff' } }));
  heard();
  await shop.put('segments/staff.json', { id: 'staff', name: 'Staff', if: { tag: 'staff' } });
  expect(await shop.report('settings.json')).toContain('The live journey "cart" would break');
  expect(details().map((detail) => Reflect.get(detail, 'file'))).toEqual(['segments/staff.json']);
});

it('an upload whose word the bus refused once its notice comes again; the file was live all the while', async () => {
  const notice = shop.upload('journeys/cart.json', cart);
  await expect(shop.publish(notice, { bus: { put: async () => [0] } })).rejects.toThrow('the bus');
  expect(await shop.live()).toMatchObject({ version: 1 });
  await shop.publish(notice);
  expect(details()).toMatchObject([{ outcome: 'published', version: 1 }]);
});

it('is no event of a contact: no rule brings it to enrol', () => {
  const { events } = ruleWirings({ configurationSet: 'c', bucket: 'b', stateMachineArn: 'a' });
  const matches = compile(events.pattern);
  expect(matches({ source: 'tropa', 'detail-type': 'purchase' })).toBe(true);
  expect(matches({ source: 'tropa.publish', 'detail-type': 'purchase' })).toBe(false);
  expect(matches({ source: 'tropa', 'detail-type': 'privacy.requested' })).toBe(false);
});
