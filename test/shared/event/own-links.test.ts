import { expect, it } from 'vitest';
import { inShopTerms } from '#shared/event/in-shop-terms.ts';
import { event } from '#test/build/event.ts';
import { settings } from '#test/build/settings.ts';

const { shop } = settings();
const given = settings({ shop: { ...shop, url: 'https://www.shop.example' } });
const told = (url: string, source = 'browser', by = given) => {
  const cart = event('cart.updated', { source, data: { url, items: [{ title: 'A', url, image: url }] } });
  const { data } = inShopTerms(cart, by).event;
  return data;
};

it.each(['https://shop.example/cart', 'https://www.shop.example/', 'https://cdn.shop.example/a.png'])(
  'a browser may link to the shop: %s',
  (url) => {
    expect(told(url)).toMatchObject({ url, items: [{ title: 'A', url, image: url }] });
  },
);

it.each(['https://evil.example/', 'https://shop.example.evil.example/', 'https://evilshop.example/', 'no link'])(
  'a browser may not link elsewhere: %s; the shop itself may',
  (url) => {
    expect(told(url)).toEqual({ items: [{ title: 'A' }] });
    expect(told(url, 'generic')).toMatchObject({ url });
  },
);

it('a browser may not link at all where nobody has said where the shop is', () => {
  const { url: _, ...nowhere } = given.shop;
  expect(told('https://shop.example/', 'browser', settings({ shop: nowhere }))).toEqual({ items: [{ title: 'A' }] });
});
