import { kindOfTopic, type Settings } from '#shared/settings/settings.ts';
import { filterFaults } from '#shared/template/filter-faults.ts';
import type { Fronted } from '#shared/template/front.ts';
import type { Front } from '#shared/template/front-data.ts';
import { parseLiquid } from '#shared/template/liquid.ts';
import { CONFIRM, type CompiledTemplate, UNSUBSCRIBE } from '#shared/template/template.ts';
import { type Variable, variablesOf } from '#shared/template/variables.ts';
import { unknownName } from './check-names.ts';
import { topicsOf } from './context.ts';
import { didYouMean, meantOr } from './did-you-mean.ts';
import { BAD_LIQUID, NOT_TO_CONFIRM, notYet, type Position, type Remark, remark } from './remarks.ts';

/** What can be printed, by its first word. */
const ROOTS = ['contact', 'trigger', 'steps', 'data', 'shop', 'message'];
export const ROOTS_TO_COME = ['products', 'survey'];
const OF_MESSAGE = ['id', 'unsubscribe_url', 'preferences_url', 'confirm_url', 'view_url', 'locale', 'at'];

/** Liquid found in a template: its text, and where in the file each of its positions lies. */
export type LiquidPart = { readonly text: string; readonly at: (position: Position) => Position };

/** Front data and body. A text of the front data stands on one line, so its Liquid is reported at its beginning. */
export function liquidParts(front: Front, { source }: Fronted, body: LiquidPart): readonly LiquidPart[] {
  return [
    { text: front.subject, at: () => source.at(['subject']) },
    { text: front.preheader, at: () => source.at(['preheader']) },
    body,
  ];
}

/** Liquid that cannot be read, filters that are given what they cannot take, and variables that no message has. */
export function checkLiquid(parts: readonly LiquidPart[], locale: string): Remark[] {
  return parts.flatMap(({ text, at }) => {
    const result = parseLiquid(text);
    if ('problem' in result) return [remark(BAD_LIQUID, at(result.problem), result.problem.message)];
    return [
      ...filterFaults(text, locale).map((fault) => remark(BAD_LIQUID, at(fault), fault.message)),
      ...variablesOf(text).flatMap((variable) => unknownVariable(variable, at(variable))),
    ];
  });
}

function unknownVariable({ path }: Variable, at: Position): Remark[] {
  const [root = '', member] = path.split('.');
  if (ROOTS_TO_COME.includes(root)) return [notYet(at, `"${root}" is`)];
  if (root === 'brand')
    return [
      remark(
        'E13',
        at,
        'The brand is put in when the template is published. Print it alone: {{ brand.colors.button }}.',
      ),
    ];
  if (!ROOTS.includes(root)) {
    const hint = didYouMean(root, ROOTS) || ` What can be printed begins with ${ROOTS.join(', ')}.`;
    return [remark('E13', at, `There is nothing called "${root}" to print.${hint}`)];
  }
  if (root !== 'message' || member === undefined || OF_MESSAGE.includes(member)) return [];
  return [remark('E13', at, `A message has no "${member}".${meantOr(member, OF_MESSAGE)}`)];
}

/** E14, with what mends it. */
export const noWayOut = (template: string): string =>
  `"${template}" has no way to unsubscribe. Marketing mail must have one: <a href="{{ ${UNSUBSCRIBE} }}">Unsubscribe</a>.`;

/** E14 of a template that has one which its sample does not show. */
export const hiddenWayOut = (template: string): string =>
  `The way to unsubscribe of "${template}" does not show with its sample, in the HTML and in the text. Take <a href="{{ ${UNSUBSCRIBE} }}">Unsubscribe</a> out of conditions, comments and filters.`;

/** E57 of a mail that asks to confirm, and goes to those alone who need not. */
export const noConfirming = (template: string, topic: string): string =>
  `"${template}" prints ${CONFIRM} and goes out as "${topic}", which is marketing: it never reaches who has still to confirm. Give it a transactional topic.`;

export const isMarketing = ({ topic }: Pick<CompiledTemplate, 'topic'>, settings: Settings): boolean =>
  topic !== undefined && kindOfTopic(settings, topic) === 'marketing';

/** Topic and sender that there are, and the way out that marketing must have. */
export function checkRights(
  front: Front,
  fronted: Fronted & { readonly whole: string },
  id: string,
  settings: Settings,
): Remark[] {
  const { source, whole } = fronted;
  const known = (key: 'topic' | 'sender', names: readonly string[]): Remark[] => {
    const name = front[key];
    if (name === undefined || names.includes(name)) return [];
    return unknownName(key, name, source.at([key]), names);
  };
  const printed = variablesOf(whole).map(({ path }) => path);
  // Of a text that cannot be read nobody knows what it prints; that it cannot is an error already.
  const wayOut = 'problem' in parseLiquid(whole) || printed.includes(UNSUBSCRIBE);
  return [
    ...known('topic', topicsOf(settings)),
    ...known('sender', Object.keys(settings.senders)),
    ...(isMarketing(front, settings) && !wayOut
      ? [remark('E14', { line: fronted.bodyLine, column: 1 }, noWayOut(id))]
      : []),
    ...(isMarketing(front, settings) && printed.includes(CONFIRM)
      ? [remark(NOT_TO_CONFIRM, { line: fronted.bodyLine, column: 1 }, noConfirming(id, front.topic ?? ''))]
      : []),
  ];
}
