import { expect, it } from 'vitest';
import { readers } from '#apps/local/sample/readers.ts';

const mail = (to: string, n: number) => ({
  from: 'shop@shop.example',
  to,
  subject: 'Hello',
  html: '',
  text: '',
  headers: [],
  tags: { message: `m${n}` },
});

it('only customers of the sample shop answer mails by themselves', () => {
  const engage = readers(new Set(['maja@post.example']));
  const kinds = (to: string) =>
    new Set(Array.from({ length: 300 }, (_, n) => engage(mail(to, n)).map(({ kind }) => kind)).flat());
  expect(kinds('Maja@post.example')).toContain('Open');
  expect(kinds('ada@shop.example')).toEqual(new Set(['Delivery']));
});
