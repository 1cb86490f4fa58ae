import type { Template } from 'aws-cdk-lib/assertions';
import { STOREFRONT_NAMES } from '#shared/catchup/settings.ts';
import { type Resource, resourcesOf, synthesize, targetOf, textOf } from '#test/infra/synthesized.ts';

/** One metric that an alarm looks at, with the physical names of what its dimensions name. */
export type Asked = {
  readonly id: string;
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: string;
  /** Milliseconds. */
  readonly period: number;
};

/** An alarm as CloudWatch gets it. */
export type Alarm = {
  readonly name: string;
  readonly text: string;
  readonly asked: readonly Asked[];
  /** What is reckoned from them; undefined where it is the one metric itself. */
  readonly expression: string | undefined;
  readonly isBreached: (value: number) => boolean;
  readonly periods: number;
  readonly missing: string;
};

const STAGE = 'tropa-test-';
const STOREFRONTS = { shopify: { shop: 'birch.myshopify.com' }, woocommerce: { url: 'https://shop.example' } };

const { templates } = synthesize({ storefronts: STOREFRONTS });
const own = (name: string): string => (name.startsWith(STAGE) ? name.slice(STAGE.length) : name);

type Token = { Ref?: string; 'Fn::GetAtt'?: [string, string]; 'Fn::ImportValue'?: string };

/** What a token leads to: the name that people see, where the resource has one. */
function named(token: string | Token, stack: string): string {
  if (typeof token === 'string') return token;
  const exported = token['Fn::ImportValue'];
  if (exported !== undefined) {
    const [from = '', output = ''] = exported.slice(STAGE.length).split(':');
    const found = templateOf(from).findOutputs(output)[output];
    return named(found?.['Value'], from);
  }
  const id = targetOf(token) ?? '';
  const { QueueName, FunctionName, Name, StateMachineName } =
    templateOf(stack).toJSON()['Resources'][id]?.Properties ?? {};
  return own(QueueName ?? FunctionName ?? StateMachineName ?? Name ?? id);
}

function templateOf(stack: string): Template {
  const found = Object.entries(templates).find(([name]) => name === stack);
  if (!found) throw new Error(`there is no stack ${stack}`);
  return found[1];
}

// biome-ignore lint/suspicious/noExplicitAny: templates are plain JSON, and a wrong path shows as a failed expectation
const askedOf = (id: string, metric: any, statistic: string, seconds: number, stack: string): Asked => ({
  id,
  namespace: metric.Namespace,
  name: metric.MetricName,
  dimensions: Object.fromEntries(
    (metric.Dimensions ?? []).map(({ Name, Value }: { Name: string; Value: Token }) => [Name, named(Value, stack)]),
  ),
  statistic,
  period: seconds * 1000,
});

function alarmOf({ Properties, stack }: Resource): Alarm {
  const { Metrics = [], Threshold, ComparisonOperator, EvaluationPeriods, TreatMissingData } = Properties;
  const breached: Readonly<Record<string, (value: number) => boolean>> = {
    GreaterThanOrEqualToThreshold: (value) => value >= Threshold,
    GreaterThanThreshold: (value) => value > Threshold,
    LessThanThreshold: (value) => value < Threshold,
  };
  const isBreached = breached[ComparisonOperator];
  if (!isBreached) throw new Error(`nobody knows ${ComparisonOperator}`);
  const parts = Metrics.filter((one: object) => 'MetricStat' in one);
  return {
    name: own(Properties.AlarmName),
    text: textOf(Properties.AlarmDescription),
    asked:
      Metrics.length > 0
        ? parts.map(({ Id, MetricStat: { Metric, Stat, Period } }: Resource['Properties']) =>
            askedOf(Id, Metric, Stat, Period, stack),
          )
        : [askedOf('', Properties, Properties.Statistic, Properties.Period, stack)],
    expression: Metrics.find((one: object) => 'Expression' in one)?.Expression,
    isBreached,
    periods: EvaluationPeriods,
    missing: TreatMissingData,
  };
}

/** Every alarm of a stage that asks every storefront. */
export const ALARMS: readonly Alarm[] = resourcesOf(templates, 'AWS::CloudWatch::Alarm').map(alarmOf);

export function alarm(name: string): Alarm {
  const found = ALARMS.find((one) => one.name === name);
  if (!found) throw new Error(`there is no alarm ${name}`);
  return found;
}

/** The metric of an alarm that looks at one of AWS's own, and what it is asked of. */
export function ownMetric(name: string): string {
  const [first] = alarm(name).asked.filter(({ namespace }) => namespace.startsWith('AWS/'));
  if (!first) throw new Error(`${name} looks at nothing of AWS`);
  return [`${first.namespace} ${first.name}`, ...Object.values(first.dimensions)].join(' of ');
}

/** What of a stage the command line names, so that a page cannot name what is not there. */
export const namesOf = (type: string, property: string): string[] =>
  resourcesOf(templates, type).flatMap(({ Properties }) => own(String(Properties[property] ?? '')));

export const SOURCES = STOREFRONT_NAMES;
