import { isLink } from '#shared/condition/messages.ts';
import { ownOf } from '#shared/own-of.ts';
import type { Asking } from './context.ts';
import { didYouMean, nearest } from './did-you-mean.ts';
import { type Remark, remark, UNDECLARED } from './remarks.ts';
import type { LeafPlace } from './walk.ts';

/** A link that the mail does not have, so that nobody can click on it: an error where it is nearly one that it has. */
export function checkLink({ leaf, path }: LeafPlace, { steps, context, source }: Asking): Remark[] {
  if (!('message' in leaf) || leaf.link === undefined) return [];
  const asked = leaf.link;
  const sent = steps.find(({ step }) => step.id === leaf.message)?.step;
  const links = sent?.type === 'send' ? ownOf(context.templates, sent.template)?.links : undefined;
  if (!links || sent?.type !== 'send' || links.some((link) => mayBe(link, asked))) return [];
  const names = links.filter((link) => NAME.test(link));
  const code = nearest(asked, names) === undefined ? UNDECLARED : 'E15';
  const there = names.length > 0 ? ` Its links are named ${names.map((name) => `"${name}"`).join(', ')}.` : '';
  const mend = there || ' Name it there: <mj-button name="buy" href="...">.';
  const text = `"${sent.template}" has no link "${asked}".${didYouMean(asked, names) || mend}`;
  return [remark(code, source.at([...path, 'link']), text)];
}

const NAME = /^[A-Za-z0-9_-]+$/;

/** Of an address with Liquid in it only the mail knows what it becomes. */
const mayBe = (link: string, asked: string): boolean =>
  isLink(link, asked) || (link.includes('{') && (link.includes(asked) || !NAME.test(asked)));
