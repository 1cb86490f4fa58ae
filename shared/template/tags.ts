import { positions } from '#shared/publish/syntax.ts';
import type { LayoutProblem } from './compiler.ts';

const TAG = /<(\/?)(mj-[a-z-]+|mjml)((?:"[^"]*"|'[^']*'|[^"'<>])*?)(\/?)>/g;

/**
 * Tags of MJML that are not closed, or closed and never opened. MJML itself mends such a file in silence, mostly by
 * leaving out the rest of it. `layout` is the MJML without its Liquid.
 */
export function unbalancedTags(layout: string): LayoutProblem[] {
  const positionOf = positions(layout);
  const open: { tag: string; offset: number }[] = [];
  const problems: LayoutProblem[] = [];
  for (const { 1: slash, 2: tag = '', 4: selfClosing, index } of layout.matchAll(TAG)) {
    if (selfClosing) continue;
    if (!slash) {
      open.push({ tag, offset: index });
      continue;
    }
    const at = open.findLastIndex((o) => o.tag === tag);
    if (at < 0) problems.push({ ...positionOf(index), message: `</${tag}> closes nothing.` });
    for (const lost of at < 0 ? [] : open.splice(at).slice(1)) problems.push(notClosed(lost, positionOf));
  }
  return [...problems, ...open.map((lost) => notClosed(lost, positionOf))];
}

const notClosed = (lost: { tag: string; offset: number }, positionOf: ReturnType<typeof positions>): LayoutProblem => ({
  ...positionOf(lost.offset),
  message: `<${lost.tag}> is not closed.`,
});
