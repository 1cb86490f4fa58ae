import { type ApiOptions, AwsApi, type Service } from './api.ts';

/** How each service that speaks AWS's JSON protocol names its operations, and which version of the protocol it is. */
const TARGETS = {
  dynamodb: { prefix: 'DynamoDB_20120810', version: '1.0' },
  events: { prefix: 'AWSEvents', version: '1.1' },
  logs: { prefix: 'Logs_20140328', version: '1.1' },
  secretsmanager: { prefix: 'secretsmanager', version: '1.1' },
  ssm: { prefix: 'AmazonSSM', version: '1.1' },
  sqs: { prefix: 'AmazonSQS', version: '1.0' },
  states: { prefix: 'AWSStepFunctions', version: '1.0' },
} as const satisfies Partial<Record<Service, { prefix: string; version: string }>>;

/** Calls an operation of a service by its name. */
export type JsonApi = (operation: string, input: object) => Promise<unknown>;

/** A service whose every operation is a POST of one JSON text. Throws as AwsApi does. */
export function jsonApi(service: keyof typeof TARGETS, options: ApiOptions = {}): JsonApi {
  const call = jsonTexts(service, options);
  return async (operation, input) => JSON.parse(await call(operation, input));
}

/** The same, before its answers are parsed. */
export function jsonTexts(service: keyof typeof TARGETS, options: ApiOptions = {}) {
  const api = new AwsApi(service, options);
  const { prefix, version } = TARGETS[service];
  return async (operation: string, input: object): Promise<string> => {
    const { body } = await api.call({
      method: 'POST',
      path: '/',
      headers: { 'content-type': `application/x-amz-json-${version}`, 'x-amz-target': `${prefix}.${operation}` },
      body: JSON.stringify(input),
    });
    return body || '{}';
  };
}
