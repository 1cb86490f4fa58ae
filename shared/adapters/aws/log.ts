import type { Log } from '#shared/ports.ts';
import { systemClock } from './clock.ts';
import { describeFault } from './fault.ts';

/**
 * Log lines of one function, each a JSON object, on standard output, where CloudWatch takes them. Fields stand in an
 * object of their own, so that none can hide the line's level or sentence.
 */
export function jsonLog(service: string): Log {
  const write = (level: string, message: string, about: object, more: object = {}): void => {
    const line = { level, at: systemClock.now(), service, message, about, ...more };
    process.stdout.write(`${JSON.stringify(line)}\n`);
  };
  return {
    info: (message, fields = {}) => write('INFO', message, fields),
    warn: (message, fields = {}) => write('WARN', message, fields),
    error: (message, fields, cause) =>
      write('ERROR', message, fields, cause === undefined ? {} : { fault: describeFault(cause) }),
  };
}
