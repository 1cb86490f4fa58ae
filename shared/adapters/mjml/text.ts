import { convert, type FormatCallback, type HtmlToTextOptions } from 'html-to-text';

/** A table's cells side by side; without the space their texts would run into one word. */
const cell: FormatCallback = (element, walk, builder) => {
  walk(element.children, builder);
  builder.addInline(' ');
};

const OPTIONS: HtmlToTextOptions = {
  wordwrap: false,
  formatters: { cell },
  selectors: [
    // The preheader is for the list of mails, not for reading.
    { selector: 'div[style^="display:none"]', format: 'skip' },
    { selector: 'img', format: 'skip' },
    { selector: 'a', options: { hideLinkHrefIfSameAsText: true, linkBrackets: ['<', '>'] } },
    { selector: 'tr', format: 'block', options: { leadingLineBreaks: 1, trailingLineBreaks: 1 } },
    { selector: 'td', format: 'cell' },
    ...['h1', 'h2', 'h3', 'h4'].map((selector) => ({ selector, options: { uppercase: false } })),
  ],
};

/** The text part of a mail, for those who read it so and for filters that ask for one. */
export const textOf = (html: string): string => convert(html, OPTIONS).trim();
