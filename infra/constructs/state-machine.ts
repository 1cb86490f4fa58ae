import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { STATE_MACHINE_TOKENS } from '#functions/wiring.ts';
import { explain } from '#infra/constructs/explain.ts';
import type { TropaFunction } from '#infra/constructs/function.ts';
import { nameOf, type StageSettings } from '#infra/stage.ts';

type Token = keyof typeof STATE_MACHINE_TOKENS;

export type JourneyMachineProps = {
  readonly settings: StageSettings;
  /** In the Amazon States Language, with `${Token}` where a function's ARN belongs. */
  readonly definition: string;
  readonly functions: { readonly [Name in Token]: TropaFunction<(typeof STATE_MACHINE_TOKENS)[Name]> };
};

const machineName = (settings: StageSettings): string => nameOf(settings, 'journey');

/** The ARN that the machine has: known beforehand, because its functions need it and it needs them. */
export const stateMachineArnOf = (scope: Construct, settings: StageSettings): string =>
  Stack.of(scope).formatArn({
    service: 'states',
    resource: 'stateMachine',
    resourceName: machineName(settings),
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });

/** One machine for all journeys. */
export class JourneyMachine extends Construct {
  readonly stateMachine: StateMachine;

  constructor(scope: Construct, id: string, { settings, definition, functions }: JourneyMachineProps) {
    super(scope, id);
    const called = Object.entries(functions).map(
      ([
        token,
        {
          function: { functionArn },
        },
      ]) => [token, functionArn] as const,
    );
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('states.amazonaws.com') });
    role.addToPolicy(
      new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: called.map(([, arn]) => arn) }),
    );
    this.stateMachine = new StateMachine(this, 'StateMachine', {
      stateMachineName: machineName(settings),
      stateMachineType: StateMachineType.STANDARD,
      definitionBody: DefinitionBody.fromString(definition),
      definitionSubstitutions: Object.fromEntries(called),
      role,
      // Inputs hold ids only; what a function's error says may hold more, so data stays out of the log.
      logs: { level: LogLevel.ERROR, includeExecutionData: false, destination: this.#log(settings) },
      tracingEnabled: false,
    });
    explain(
      this.stateMachine,
      'AwsSolutions-SF1',
      'Errors are logged. Every step of every customer would cost more than the steps, and the history of an execution and the decision trace tell it.',
    );
    explain(
      this.stateMachine,
      'AwsSolutions-SF2',
      'A passage lasts for weeks and consists of pauses; a trace of it shows nothing that its history does not.',
    );
    explain(
      role,
      'AwsSolutions-IAM5[Resource::*]',
      'The log delivery actions of CloudWatch Logs know no resources; Step Functions documents this policy.',
    );
  }

  /** Under `/aws/vendedlogs/`, where log groups do not fill up the one resource policy of the account. */
  #log(settings: StageSettings): LogGroup {
    return new LogGroup(this, 'Log', {
      logGroupName: `/aws/vendedlogs/states/${machineName(settings)}`,
      retention: settings.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }
}
