import { Logger } from '@aws-lambda-powertools/logger';
import type { Log } from '#shared/ports.ts';
import { describeFault } from './fault.ts';

/** Structured log lines of one function, on standard output, where CloudWatch takes them. */
export function powertoolsLog(service: string): Log {
  const logger = new Logger({ serviceName: service, logLevel: 'INFO' });
  return {
    info: (message, fields = {}) => logger.info(message, { ...fields }),
    warn: (message, fields = {}) => logger.warn(message, { ...fields }),
    error: (message, fields, cause) =>
      logger.error(message, { ...fields, ...(cause !== undefined && { fault: describeFault(cause) }) }),
  };
}
