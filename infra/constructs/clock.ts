import { Duration } from 'aws-cdk-lib';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { Construct } from 'constructs';
import { SCHEDULES } from '#functions/wiring.ts';
import type { TropaFunction } from '#infra/constructs/function.ts';
import { nameOf, type StageSettings } from '#infra/stage.ts';

/**
 * Runs a function as often as the wiring says. A run that fails is not tried again: the next one is due soon and finds the
 * same rows. `enabled: false` lets it rest. `parts`: so many runs at the same moment, each told which it is.
 */
export function runByTheClock(
  scope: Construct,
  { function: lambda, functionName: name }: TropaFunction<keyof typeof SCHEDULES>,
  {
    settings,
    enabled = true,
    parts = 1,
  }: { readonly settings: StageSettings; readonly enabled?: boolean; readonly parts?: number },
): void {
  const every = Duration.minutes(SCHEDULES[name]);
  lambda.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: every });
  new Rule(scope, `${name}Schedule`, {
    ruleName: nameOf(settings, `${name}-clock`),
    schedule: Schedule.rate(every),
    enabled,
    targets: Array.from({ length: parts }, (_, part) => {
      const event = parts === 1 ? {} : { event: RuleTargetInput.fromObject({ part, of: parts }) };
      return new LambdaFunction(lambda, { retryAttempts: 0, ...event });
    }),
  });
}
