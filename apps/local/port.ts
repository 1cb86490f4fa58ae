import { once } from 'node:events';
import { createServer } from 'node:net';
import { BadInput } from '#apps/cli/bad-input.ts';
import { isSystemError } from './system-error.ts';

/** Whether the port can be had, before minutes are spent on what needs it. Of 0 it becomes one that is free. */
export async function freePort(port: number, host = '127.0.0.1'): Promise<number> {
  const server = createServer();
  try {
    server.listen(port, host);
    await once(server, 'listening');
    const address = server.address();
    return typeof address === 'object' && address ? address.port : port;
  } catch (error) {
    throw refused(port, error);
  } finally {
    if (server.listening) {
      server.close();
      await once(server, 'close');
    }
  }
}

/** What is said of a port that cannot be had; any other error as it is. */
export function refused(port: number, error: unknown): unknown {
  if (isSystemError(error, 'EADDRINUSE'))
    return new BadInput(`Port ${port} is taken by another process; stop it, or choose another with --port.`);
  if (isSystemError(error, 'EACCES'))
    return new BadInput(`Port ${port} may not be used here; choose one above 1023 with --port.`);
  return error;
}
