import { isCurrency } from '#shared/money/currency.ts';
import { type Settings, settingsSchema } from '#shared/settings/settings.ts';
import { SOURCE_NAMES } from '#shared/source/sources.ts';
import { foreign, senders, strangers } from './check-addresses.ts';
import { unknownName } from './check-names.ts';
import { optIn } from './check-opt-in.ts';
import { idleCaps } from './check-rhythm.ts';
import { askingOfContact } from './check-segment.ts';
import { noSuchCurrency, shop } from './check-shop.ts';
import { closed } from './check-windows.ts';
import { type CheckContext, topicsOf } from './context.ts';
import { meantOr } from './did-you-mean.ts';
import { holdAgainst } from './explain.ts';
import { type Path, readFile, type Source } from './parse.ts';
import { hasErrors, inOrder, MISFIT, notYet, type Remark, remark, UNDECLARED } from './remarks.ts';

/** What settings are held against. Without it names of segments and journeys, and senders' domains, are not looked at. */
export type BesideSettings = {
  readonly context: CheckContext;
  /** Domains that mail may come from, as SES has verified them; undefined where nobody knows. */
  readonly domains?: readonly string[] | undefined;
  /** Addresses and domains beside those, which calls may be mailed to. @default none */
  readonly colleagues?: readonly string[] | undefined;
};

/** Reads settings.json. The settings are there, with their defaults, when no remark is an error. */
export function checkSettings(
  text: string,
  beside?: BesideSettings,
): { settings?: Settings; remarks: readonly Remark[] } {
  const source = readFile(text);
  if (source.value === undefined || hasErrors(source.remarks)) return { remarks: inOrder(source.remarks) };
  const { value: settings, remarks } = holdAgainst(settingsSchema, source, 'The settings file');
  if (!settings) return { remarks: inOrder(remarks) };
  const said = inOrder([
    ...shop(settings, source),
    ...topics(settings, source),
    ...optIn(settings, source, beside?.context),
    ...rates(settings, source),
    ...sources(settings, source),
    ...senders(settings, source),
    ...settings.quiet.flatMap((window, i) => closed(window, ['quiet', i], source)),
    ...idleCaps(settings.caps, source),
    ...(beside ? conditions(settings, source, { ...beside.context, settings }) : []),
    ...(beside?.domains ? foreign(settings, source, beside.domains) : []),
    ...(beside?.domains ? strangers(settings, source, [...beside.domains, ...(beside.colleagues ?? [])]) : []),
    ...pools(settings, source),
    ...available(settings, source),
  ]);
  return hasErrors(said) ? { remarks: said } : { settings, remarks: said };
}

/** `marketing` is what every marketing topic hangs on, so it cannot be made something else. */
function topics(settings: Settings, source: Source): Remark[] {
  const text = '"marketing" is always there and stands for all marketing. Choose another name for this topic.';
  return Object.hasOwn(settings.topics, 'marketing')
    ? [remark('E05', source.keyAt(['topics', 'marketing']), text)]
    : [];
}

/** Of currencies that money is kept in: a slip would leave the amounts of every order out. */
function rates({ rates: all, shop: own }: Settings, source: Source): Remark[] {
  return Object.entries(all).flatMap(([currency, rate]) => {
    const key = source.keyAt(['rates', currency]);
    if (!isCurrency(currency)) return [remark(MISFIT, key, noSuchCurrency(currency))];
    if (currency === own.currency)
      return [remark(MISFIT, key, `"${currency}" is the currency of the shop. Leave its rate out.`)];
    const text = `A rate is what 1 ${currency} is worth in ${own.currency}: a number greater than 0.`;
    return rate > 0 ? [] : [remark(MISFIT, source.at(['rates', currency]), text)];
  });
}

function sources(settings: Settings, source: Source): Remark[] {
  return Object.entries(settings.sources).flatMap(([name, { consent }]) => [
    ...(SOURCE_NAMES.includes(name)
      ? []
      : [
          remark(
            UNDECLARED,
            source.keyAt(['sources', name]),
            `There is no source "${name}": no consent comes by that name.${meantOr(name, SOURCE_NAMES)}`,
          ),
        ]),
    ...consent.flatMap((topic, i) =>
      unknownName('topic', topic, source.at(['sources', name, 'consent', i]), topicsOf(settings)),
    ),
  ]);
}

function conditions({ suppress, caps }: Settings, source: Source, context: CheckContext): Remark[] {
  const caught = caps.map((cap, i) => (cap.if ? askingOfContact(cap.if, ['caps', i, 'if'], source, context) : []));
  return [...(suppress ? askingOfContact(suppress, ['suppress'], source, context) : []), ...caught.flat()];
}

/** A pool has the name of its file, whether the settings say something of it or not. */
function pools({ pools: all }: Settings, source: Source): Remark[] {
  return Object.entries(all).flatMap(([id, { codes }]) => {
    if (codes === undefined || codes === `pools/${id}.csv`) return [];
    const text = `The codes of the pool "${id}" lie in "pools/${id}.csv". Name the file so, or leave "codes" out.`;
    return [remark(MISFIT, source.at(['pools', id, 'codes']), text)];
  });
}

/** Refused, since leaving them out in silence would write to people whom the shop wants left alone. */
function available(settings: Settings, source: Source): Remark[] {
  const parts: readonly (readonly [boolean, Path, string, string])[] = [
    [settings.channels.default !== 'email', ['channels', 'default'], 'Channels other than email are', 'Say "email".'],
  ];
  return parts.flatMap(([used, path, what, instead]) => (used ? [notYet(source.at(path), what, instead)] : []));
}
