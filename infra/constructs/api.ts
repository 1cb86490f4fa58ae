import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  HttpApi,
  HttpMethod,
  HttpRoute,
  HttpRouteKey,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { FilterPattern, LogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { type FunctionName, ROUTES } from '#functions/wiring.ts';
import { explain } from '#infra/constructs/explain.ts';
import type { TropaFunction } from '#infra/constructs/function.ts';
import { metricNamespaceOf, nameOf, type StageSettings } from '#infra/stage.ts';

/** As many requests at once as AWS allows an account, unless it is asked for more. */
const MOST_AT_ONCE = 5000;

/** Neither the path nor the caller's address: a link's token is in the one, and the other is a person's. */
const LOGGED = {
  at: '$context.requestTime',
  request: '$context.requestId',
  route: '$context.routeKey',
  status: '$context.status',
  milliseconds: '$context.responseLatency',
  bytes: '$context.responseLength',
  error: '$context.integrationErrorMessage',
};

/** The one public API. Its routes stand in the wiring; each function's stack asks for its own. */
export class PublicApi extends Construct {
  readonly api: HttpApi;
  readonly stage: HttpStage;
  readonly #refused: MetricFilter;

  constructor(scope: Construct, id: string, { settings }: { readonly settings: StageSettings }) {
    super(scope, id);
    const { requestsPerSecond: perSecond } = settings;
    this.api = new HttpApi(this, 'Api', { apiName: nameOf(settings, 'api'), createDefaultStage: false });
    const log = new LogGroup(this, 'AccessLog', {
      logGroupName: `/aws/vendedlogs/${nameOf(settings, 'api')}`,
      retention: settings.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.#refused = new MetricFilter(this, 'Refused', {
      logGroup: log,
      filterPattern: FilterPattern.stringValue('$.status', '=', '429'),
      // What AWS counts of the log; functions count beside it.
      metricNamespace: `${metricNamespaceOf(settings)}/api`,
      metricName: nameOf(settings, 'api-refused'),
    });
    this.stage = new HttpStage(this, 'Stage', {
      httpApi: this.api,
      autoDeploy: true,
      throttle: { rateLimit: perSecond, burstLimit: Math.min(2 * perSecond, MOST_AT_ONCE) },
      detailedMetricsEnabled: false,
      accessLogSettings: {
        destination: new LogGroupLogDestination(log),
        format: AccessLogFormat.custom(JSON.stringify(LOGGED)),
      },
    });
  }

  /** Requests in five minutes that were more than the API takes. It counts them as it does every error of a caller. */
  metricRefused() {
    return this.#refused.metric({ statistic: 'sum', period: Duration.minutes(5) });
  }

  /** Server errors in five minutes. */
  metricServerErrors() {
    return this.api.metricServerError({ statistic: 'sum', period: Duration.minutes(5) });
  }
}

/** The routes of one function, in the function's stack: the API need not know who serves it. */
export function addRoutes(scope: Construct, api: HttpApi, target: TropaFunction<FunctionName>): void {
  const integration = new HttpLambdaIntegration(`${target.functionName}Integration`, target.function);
  for (const route of ROUTES) {
    if (route.function !== target.functionName) continue;
    const httpRoute = new HttpRoute(scope, `${route.method} ${route.path}`, {
      httpApi: api,
      routeKey: HttpRouteKey.with(route.path, HttpMethod[route.method]),
      integration,
    });
    explain(
      httpRoute,
      'AwsSolutions-APIG4',
      'Storefronts and mail programs cannot sign in: ingest and start check the signature of the body, respond the signature of the token.',
    );
  }
}
