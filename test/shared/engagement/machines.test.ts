import { expect, it } from 'vitest';
import { isMachine } from '#shared/engagement/machines.ts';

const IPHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15';

it.each([
  ['Apple, which loads all images', { userAgent: 'Mozilla/5.0', ipAddress: '104.28.0.1' }],
  ["Apple's network, whatever it calls itself", { userAgent: IPHONE, ipAddress: '17.58.0.1' }],
  [
    'Gmail, before the mail is shown',
    {
      userAgent:
        'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/42.0.2311.135 Safari/537.36 Edge/12.246 Mozilla/5.0',
    },
  ],
  ['a gateway that names itself', { userAgent: 'Mozilla/5.0 (compatible; BarracudaCentral)' }],
  ['a gateway by its address', { userAgent: IPHONE, ipAddress: '209.222.87.255' }],
  ['a library', { userAgent: 'python-requests/2.32' }],
  ['a robot', { userAgent: 'Mozilla/5.0 (compatible; Slackbot 1.0)' }],
  ['a browser without a window', { userAgent: 'Mozilla/5.0 HeadlessChrome/120.0' }],
  ['who says nothing', { userAgent: ' ' }],
])('%s is a machine', (_, visitor) => {
  expect(isMachine(visitor)).toBe(true);
});

it.each([
  ['a telephone', { userAgent: IPHONE, ipAddress: '192.0.2.1' }],
  [
    'a reader of Gmail, whose images come through its proxy',
    { userAgent: 'Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)' },
  ],
  ['a telephone by Cubot', { userAgent: 'Mozilla/5.0 (Linux; Android 13; CUBOT X18) Chrome/120.0 Mobile' }],
  ['an address next to a range', { ipAddress: '18.0.0.0' }],
  ['an address below a range', { ipAddress: '209.222.79.255' }],
  ['an address of the new kind', { ipAddress: '2001:db8::1' }],
  ['one that ends like an old one', { ipAddress: '64:ff9b::17.1.1.1' }],
  ['what begins like an address', { ipAddress: '17.1.1.1.example' }],
  ['an address alone, of nobody who is known', { ipAddress: '192.0.2.1' }],
  ['who is not told', {}],
])('%s is none', (_, visitor) => {
  expect(isMachine(visitor)).toBe(false);
});
