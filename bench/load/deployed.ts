import { Template } from 'aws-cdk-lib/assertions';
import { Code } from 'aws-cdk-lib/aws-lambda';
import * as z from 'zod';
import { type StageSettings, stageSchema } from '#infra/stage.ts';
import { addStacks, newApp } from '#infra/tropa.ts';
import type { Rate } from './bucket.ts';

export type QueueDeployed = {
  /** Runs of its consumer at once. */
  readonly concurrency: number;
  readonly batch: number;
  /** Seconds that a message which failed stays hidden. */
  readonly visibility: number;
  readonly receives: number;
};
export type AlarmDeployed = { readonly threshold: number; readonly period: number; readonly periods: number };

/** What stands in the templates that would be deployed: nothing of it is typed here. */
export type Deployed = {
  readonly door: Rate;
  /** Runs of review each minute, which share what is due. */
  readonly reviews: number;
  /** Memory in MB, by function. */
  readonly memory: Readonly<Record<string, number>>;
  readonly queues: Readonly<Record<string, QueueDeployed>>;
  /** By the name without `tropa-<stage>-`. */
  readonly alarms: Readonly<Record<string, AlarmDeployed>>;
};

const STAGE = 'load';
const SETTINGS = {
  stage: STAGE,
  domain: 'shop.example',
  sender: 'Shop <hello@shop.example>',
  alarmEmail: 'alarms@shop.example',
};

const apiSchema = z.object({
  DefaultRouteSettings: z.object({ ThrottlingRateLimit: z.number(), ThrottlingBurstLimit: z.number() }),
});
const functionSchema = z.object({ FunctionName: z.string(), MemorySize: z.number() });
const queueSchema = z.object({
  QueueName: z.string(),
  VisibilityTimeout: z.number(),
  RedrivePolicy: z.object({ maxReceiveCount: z.number() }),
});
const sourceSchema = z.object({
  BatchSize: z.number(),
  EventSourceArn: z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.string()]) }),
  ScalingConfig: z.object({ MaximumConcurrency: z.number() }),
});
const periodSchema = z.object({ MetricStat: z.object({ Period: z.number() }).optional() });
const alarmSchema = z.object({
  AlarmName: z.string(),
  Threshold: z.number(),
  EvaluationPeriods: z.number(),
  Period: z.number().optional(),
  Metrics: z.array(periodSchema).default([]),
});
const ruleSchema = z.object({ Name: z.string(), Targets: z.array(z.unknown()) });
const resourceSchema = z.object({ Properties: z.unknown() });

/** Synthesizes all stacks, with one line in the place of every function's code. */
export function deployed(over: Partial<StageSettings> = {}): Deployed {
  const settings = { ...stageSchema.parse(SETTINGS), ...over };
  const code = Code.fromInline('exports.handler = async () => {}');
  const templates = Object.values(addStacks(newApp(), { settings, code })).map((stack) => Template.fromStack(stack));
  const all = <T>(type: string, schema: z.ZodType<T>): (readonly [string, T])[] =>
    templates.flatMap((template) =>
      Object.entries(template.findResources(type)).flatMap(([id, resource]) => {
        const parsed = schema.safeParse(resourceSchema.parse(resource).Properties);
        return parsed.success ? [[id, parsed.data] as const] : [];
      }),
    );
  const [api] = all('AWS::ApiGatewayV2::Stage', apiSchema);
  if (!api) throw new Error('the templates have no stage of an API');
  const { ThrottlingRateLimit: perSecond, ThrottlingBurstLimit: burst } = api[1].DefaultRouteSettings;
  const sources = all('AWS::Lambda::EventSourceMapping', sourceSchema);
  const queues = all('AWS::SQS::Queue', queueSchema).flatMap(([id, queue]) => {
    const source = sources.find(([, { EventSourceArn }]) => EventSourceArn['Fn::GetAtt'][0] === id)?.[1];
    if (!source) return [];
    const { MaximumConcurrency: concurrency } = source.ScalingConfig;
    const { VisibilityTimeout: visibility } = queue;
    const { maxReceiveCount: receives } = queue.RedrivePolicy;
    return [[short(queue.QueueName), { concurrency, batch: source.BatchSize, visibility, receives }] as const];
  });
  return {
    door: { perSecond, burst },
    reviews:
      all('AWS::Events::Rule', ruleSchema).find(([, { Name }]) => short(Name) === 'review-clock')?.[1].Targets.length ??
      0,
    memory: Object.fromEntries(
      all('AWS::Lambda::Function', functionSchema).map(([, one]) => [short(one.FunctionName), one.MemorySize]),
    ),
    queues: Object.fromEntries(queues),
    alarms: Object.fromEntries(
      all('AWS::CloudWatch::Alarm', alarmSchema).map(([, one]) => [short(one.AlarmName), alarmOf(one)]),
    ),
  };
}

const short = (name: string): string => name.replace(`tropa-${STAGE}-`, '');

function alarmOf({ Threshold, EvaluationPeriods, Period, Metrics }: z.output<typeof alarmSchema>): AlarmDeployed {
  const period = Period ?? Metrics.find(({ MetricStat }) => MetricStat)?.MetricStat?.Period ?? 0;
  return { threshold: Threshold, period, periods: EvaluationPeriods };
}

/** What is asked of the names that the wiring has. */
export function ofName<T>(all: Readonly<Record<string, T>>, name: string): T {
  const one = all[name];
  if (one === undefined) throw new Error(`the templates have no ${name}`);
  return one;
}
