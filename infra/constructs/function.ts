import { existsSync } from 'node:fs';
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, type Code, Runtime } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { EnvironmentOf } from '#functions/environment.ts';
import type { FunctionName } from '#functions/wiring.ts';
import { BUNDLING, ROOT } from '#infra/bundling.ts';
import { metricNamespaceOf, nameOf, type StageSettings } from '#infra/stage.ts';

/**
 * Memory in MB (and with it the share of a processor) and time limit in seconds. A queue's `visibility` is six times
 * its consumer's limit; a call from the HTTP API ends after 30 seconds in any case.
 */
export const SIZES = {
  ingest: { memory: 512, seconds: 30 },
  enrol: { memory: 512, seconds: 30 },
  advance: { memory: 512, seconds: 30 },
  pause: { memory: 256, seconds: 15 },
  send: { memory: 512, seconds: 60 },
  call: { memory: 512, seconds: 60 },
  track: { memory: 512, seconds: 30 },
  // MJML takes a processor of its own.
  publish: { memory: 1769, seconds: 60 },
  respond: { memory: 512, seconds: 15 },
  // What is due goes through a few runs a minute, and their processors are what its rows share.
  review: { memory: 1769, seconds: 60 },
  tally: { memory: 256, seconds: 60 },
  audit: { memory: 512, seconds: 240 },
  walk: { memory: 512, seconds: 60 },
  start: { memory: 512, seconds: 30 },
  tell: { memory: 256, seconds: 30 },
  collect: { memory: 256, seconds: 15 },
  // A page of a large shop has megabytes, and a sweep has some of them to read.
  catchup: { memory: 512, seconds: 240 },
  // Whoever has left ten thousand events has as many rows to be erased.
  privacy: { memory: 512, seconds: 300 },
} as const satisfies Record<FunctionName, { memory: number; seconds: number }>;

export type TropaFunctionProps<Name extends FunctionName> = {
  readonly settings: StageSettings;
  readonly name: Name;
  readonly environment: EnvironmentOf<Name>;
  /** Runs at once, at most; as many are kept for this function alone. @default as many as the account has left */
  readonly concurrency?: number | undefined;
  /** @default functions/<name>/handler.ts is bundled by esbuild */
  readonly code?: Code | undefined;
};

/** One function on Node 24 and arm64, with a log of its own and a role that may write this log and, so far, nothing else. */
export class TropaFunction<Name extends FunctionName = FunctionName> extends Construct {
  readonly function: NodejsFunction;
  readonly functionName: Name;
  readonly role: Role;
  /** Of what it counts itself. */
  readonly metricNamespace: string;

  constructor(
    scope: Construct,
    id: string,
    { settings, name, environment, concurrency, code }: TropaFunctionProps<Name>,
  ) {
    super(scope, id);
    this.functionName = name;
    this.metricNamespace = metricNamespaceOf(settings);
    const physicalName = nameOf(settings, name);
    const logGroup = new LogGroup(this, 'Log', {
      logGroupName: `/aws/lambda/${physicalName}`,
      retention: settings.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // The managed policy of Lambda would let it write every log of the account.
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(this.role);
    this.function = new NodejsFunction(this, 'Function', {
      functionName: physicalName,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: SIZES[name].memory,
      timeout: Duration.seconds(SIZES[name].seconds),
      role: this.role,
      logGroup,
      environment: { ...environment, METRIC_NAMESPACE: this.metricNamespace },
      ...(concurrency !== undefined && { reservedConcurrentExecutions: concurrency }),
      // It would set a variable that the SDK stopped reading with version 3.
      awsSdkConnectionReuse: false,
      ...(code ? { code, handler: 'index.handler' } : bundled(name)),
    });
  }

  /** Lets the function do something more. */
  allow(actions: readonly string[], resources: readonly string[], conditions?: Readonly<Record<string, object>>): void {
    this.role.addToPolicy(
      new PolicyStatement({
        effect: Effect.ALLOW,
        actions: [...actions],
        resources: [...resources],
        ...(conditions && { conditions }),
      }),
    );
  }
}

/** The handler as esbuild bundles it. Throws when there is none. */
function bundled(name: FunctionName) {
  const entry = `${ROOT}functions/${name}/handler.ts`;
  if (!existsSync(entry)) throw new Error(`functions/${name}/handler.ts is missing: it must export "handler"`);
  const { target, minify, mainFields } = BUNDLING;
  return {
    entry,
    handler: 'handler',
    projectRoot: ROOT,
    depsLockFilePath: `${ROOT}package-lock.json`,
    bundling: {
      format: OutputFormat.CJS,
      target,
      minify,
      mainFields: [...mainFields],
      externalModules: [],
    },
  };
}
