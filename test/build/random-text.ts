import fc from 'fast-check';

/** Texts that a person or an attacker may write where a name is asked for. */
export const HOSTILE = [
  '<script>alert(1)</script>',
  ']]>',
  '"><svg onload="alert(1)">',
  '&lt;&amp;&#0;',
  `"'\``,
  '\u001b[31mred\u001b[0m\u0007\r\n',
  '\ud800 half a pair \udfff \uffff',
  'Donaudampfschifffahrtsgesellschaftskapitän'.repeat(4),
  'WWWWWWWWMMMMMMMM'.repeat(8),
  'שלום לכל הלקוחות שלנו',
  'مرحبا بكم في متجرنا ﷽',
  '\u202egnp.exe\u2066',
  '👩‍👩‍👧‍👦🏴‍☠️👍🏽 '.repeat(6),
  'ЩЖЮщжю Ждём вас снова',
  '新しいお客様へようこそ我々の店舗へ',
  'z̸̡̛a̴̢l̶g̵o̷',
] as const;

/** A text of 1 to `maxLength` characters. */
export const anyText = (maxLength: number): fc.Arbitrary<string> =>
  fc
    .oneof(
      { weight: 3, arbitrary: fc.constantFrom('Coffee lovers', 'a', 'second try', 'Big spenders, 10 %') },
      { weight: 1, arbitrary: fc.constantFrom(...HOSTILE) },
      { weight: 1, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength }) },
      { weight: 1, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength }) },
    )
    .map((text) => text.slice(0, maxLength));
