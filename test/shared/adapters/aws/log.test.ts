import { afterEach, expect, test, vi } from 'vitest';
import { jsonLog } from '#shared/adapters/aws/log.ts';

const written = vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
afterEach(() => written.mockClear());

const lines = () => written.mock.calls.map(([line]) => JSON.parse(String(line)));

test('a line says when, how grave, by whom and what, and a field of the same name hides none of it', () => {
  jsonLog('send').warn('a message waits', { message: 'm1', level: 3 });
  jsonLog('send').info('done');
  expect(lines()).toMatchObject([
    { level: 'WARN', service: 'send', message: 'a message waits', about: { message: 'm1', level: 3 } },
    { level: 'INFO', service: 'send', message: 'done' },
  ]);
  expect(lines()[0].at).toMatch(/^\d{4}-\d\d-\d\dT/);
});

test('an error is told with what it was caused by, and without the addresses in it', () => {
  const error = new Error('not to ada@customer.example', { cause: new TypeError('no') });
  jsonLog('send').error('a mail did not leave', { message: 'm1' }, error);
  expect(lines()).toMatchObject([
    {
      level: 'ERROR',
      fault: [
        { name: 'Error', message: 'not to <address>' },
        { name: 'TypeError', message: 'no' },
      ],
    },
  ]);
});

test('a line is one line, whatever its text', () => {
  jsonLog('send').info('one\ntwo');
  expect(String(written.mock.calls[0]?.[0]).trimEnd()).not.toContain('\n');
});
