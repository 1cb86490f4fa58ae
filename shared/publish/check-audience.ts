import { ownOf } from '#shared/own-of.ts';
import { kindOfTopic } from '#shared/settings/settings.ts';
import type { Checked } from './context.ts';
import { journeyFacts } from './facts.ts';
import { figure, inWords, isSample, percent, roughly } from './population.ts';
import { type Remark, remark } from './remarks.ts';
import { textOf } from './text-of.ts';
import type { StepPlace } from './walk.ts';

/** What depends on who there is. Without figures these rules are silent, or speak without a number. */
export const checkAudience = (checked: Checked): Remark[] => [
  ...existing(checked),
  ...nobodyOrAll(checked),
  ...besideOthers(checked),
  ...checked.steps.flatMap((place) => [...experiment(place, checked), ...languages(place, checked)]),
];

const A_MONTH_IS_ENOUGH = 3;
/** Contacts an arm needs to show a tenth more at 95 % with a power of 80 %: 2 (1.96 + 0.84)^2 over the square of it. */
const POWER = 15.7;

function experiment({ step, path }: StepPlace, { journey, context, source }: Checked): Remark[] {
  if (step.type !== 'split' || !step.experiment) return [];
  const entrants = context.population?.entrants?.[journey.id];
  const rate = context.population?.converting?.[journey.id];
  if (!entrants || !rate) return [];
  const needed = (step.arms.length * POWER * (1 - rate)) / (0.01 * rate);
  const months = Math.floor(needed / entrants);
  if (months <= A_MONTH_IS_ENOUGH) return [];
  const text = `To see 10 % better at 95 % you need about ${roughly(needed)} contacts; that is ${months} months.`;
  return [remark('W12', source.at([...path, 'experiment']), text)];
}

function existing({ journey, context, source }: Checked): Remark[] {
  const { trigger, entry } = journey;
  if (!('existing' in trigger) || !trigger.existing) return [];
  const at = source.at(['trigger', 'existing']);
  const count = context.population?.existing?.[journey.id];
  if (count === undefined) return [remark('W15', at, 'All for whom this is true already enter at publish.')];
  const daily = entry?.cap?.find(({ per }) => per === 'P1D')?.count;
  const days = daily === undefined ? 0 : Math.ceil(count / daily);
  const under =
    daily === undefined
      ? ''
      : `, ${figure(daily)} a day under the cap: ${inWords(days)} ${days === 1 ? 'day' : 'days'}`;
  const about = isSample(context.population) ? `About ${roughly(count)}` : figure(count);
  return [remark('W15', at, `${about} contacts enter at publish${under}.`)];
}

function nobodyOrAll({ conditions, context, source }: Checked): Remark[] {
  const { contacts, satisfying = {}, looked } = context.population ?? {};
  const some = `of ${figure(looked?.at ?? 0)} contacts that were looked at`;
  const among = isSample(context.population) ? ` ${some}` : '';
  const of = (count: number | undefined, nobody: string, all: string): string | undefined =>
    count === 0 ? nobody : count !== undefined && count === contacts ? all : undefined;
  return conditions
    .filter(({ use }) => use === 'entry' || use === 'ask')
    .flatMap(({ condition, path, leaves }) => {
      const everybody = isSample(context.population)
        ? `All ${some} satisfy this today.`
        : `All ${figure(contacts ?? 0)} satisfy this today.`;
      const whole = of(satisfying[textOf(condition)], `Nobody${among} satisfies this today.`, everybody);
      const named = leaves.flatMap(({ leaf, path: at }) => {
        const ids = 'segment' in leaf ? [leaf.segment].flat() : [];
        return ids.flatMap((id) => {
          const text = of(
            satisfying[`segment:${id}`],
            `Nobody${among} is in "${id}" today.`,
            `Everybody${among} is in "${id}" today.`,
          );
          return text === undefined ? [] : [remark('W18', source.at(at), text)];
        });
      });
      return [...(whole === undefined ? [] : [remark('W18', source.at(path), whole)]), ...named];
    });
}

/** Fewer are served by the shop's own language. */
const FEW = 0.05;

function languages({ step, path }: StepPlace, { journey, context, source }: Checked): Remark[] {
  const { reading = {} } = context.population ?? {};
  if (step.type !== 'send') return [];
  const locales = ownOf(context.templates, step.template)?.locales;
  if (!locales) return [];
  const there = [...locales, context.settings.shop.locale].map((locale) => locale.split('-')[0]);
  const whose = 'segment' in journey.trigger ? 'the segment' : 'contacts';
  return Object.entries(reading)
    .filter(([language, share]) => share >= FEW && !there.includes(language.split('-')[0]))
    .map(([language, share]) => {
      const name = new Intl.DisplayNames(['en'], { type: 'language' }).of(language) ?? language;
      const text = `${percent(share)} of ${whose} read ${name}; "${step.template}" has no ${language}.`;
      return remark('W17', source.at([...path, 'template']), text);
    });
}

function besideOthers({ journey, context, source }: Checked): Remark[] {
  if (Object.keys(context.journeys).length === 0) return [];
  const own = journeyFacts(journey);
  const isMarketing = (topics: readonly string[]) =>
    topics.some((t) => kindOfTopic(context.settings, t) === 'marketing');
  if (own.events.length === 0 || !isMarketing(own.topics)) return [];
  return Object.entries(context.journeys).flatMap(([id, other]) => {
    const apart = own.asksFor.includes(id) || other.asksFor.includes(journey.id);
    const same = other.quiet === own.quiet && other.events.some((type) => own.events.includes(type));
    if (id === journey.id || apart || !same || !isMarketing(other.topics)) return [];
    const share = context.population?.both?.[`${journey.id}/${id}`];
    const both = share === undefined ? 'nothing keeps the two apart' : `${percent(share)} would be in both`;
    return [
      remark(
        'W21',
        source.at(['trigger']),
        `"${id}" starts on the same event; ${both}. If that is not meant, keep out of one who is in the other: "entry": { "if": { "not": { "journey": "${id}" } } }.`,
      ),
    ];
  });
}
