/** What is wrong with a layout. `column` is missing where only the line is known. */
export type LayoutProblem = { readonly message: string; readonly line: number; readonly column?: number };

/** Makes mails of MJML, at publish time. The Liquid in it comes out as it went in. */
export interface TemplateCompiler {
  /** Resolves with problems instead of a mail where the layout is wrong; lines count from the beginning of `mjml`. */
  compile(
    mjml: string,
    options: { readonly preheader: string },
  ): Promise<{ readonly html: string; readonly text: string; readonly problems: readonly LayoutProblem[] }>;
}
