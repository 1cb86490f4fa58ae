import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { CreateTableCommand, DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import type { ApiOptions } from '#shared/adapters/aws/api.ts';
import { TABLE } from '#shared/store/keys.ts';
import type { Said, Seen } from './aws/stand-in.ts';

const BINARY = fileURLToPath(new URL('../../../node_modules/@dynoxide/linux-x64/dynoxide', import.meta.url));

/** Whether this machine has the DynamoDB engine, an optional dependency that exists for Linux on x64 only. */
export const engineIsHere = process.platform === 'linux' && process.arch === 'x64' && existsSync(BINARY);

/** `client` is for what no function does, such as creating the table; `options` lead the project's own calls there. */
export type Engine = {
  readonly client: DynamoDBClient;
  readonly options: ApiOptions & { readonly endpoint: string };
  stop(): Promise<void>;
};

/** Starts the engine in memory on a free loopback port. Throws when it does not answer within ten seconds. */
export async function startEngine(): Promise<Engine> {
  const port = await freePort();
  const child = spawn(BINARY, ['serve', '--host', '127.0.0.1', '--port', String(port)], {
    stdio: ['ignore', 'ignore', 'ignore'],
  });
  // A test run that breaks off leaves no engine behind.
  const kill = () => child.kill();
  process.once('exit', kill);
  const credentials = { accessKeyId: 'none', secretAccessKey: 'none' };
  const place = { endpoint: `http://127.0.0.1:${port}`, region: 'eu-central-1' };
  const client = new DynamoDBClient({ ...place, credentials });
  await untilReady(client, child);
  return {
    client,
    options: { ...place, credentials: () => credentials },
    stop: async () => {
      client.destroy();
      process.off('exit', kill);
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill();
      await gone;
    },
  };
}

/** Creates the table with the keys and indexes that keys.ts declares. Expiry is left to the adapter: time is virtual. */
export async function createTable(client: DynamoDBClient, name: string): Promise<void> {
  const { due, directory } = TABLE.indexes;
  const names = new Set([
    TABLE.partitionKey,
    TABLE.sortKey,
    ...[due, directory].flatMap((i) => [i.partitionKey, i.sortKey]),
  ]);
  await client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [...names].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      KeySchema: keySchema(TABLE),
      GlobalSecondaryIndexes: Object.entries(TABLE.indexes).map(([IndexName, index]) => ({
        IndexName,
        KeySchema: keySchema(index),
        Projection: { ProjectionType: 'KEYS_ONLY' },
      })),
    }),
  );
}

const keySchema = (keys: { partitionKey: string; sortKey: string }) => [
  { AttributeName: keys.partitionKey, KeyType: 'HASH' as const },
  { AttributeName: keys.sortKey, KeyType: 'RANGE' as const },
];

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });

async function untilReady(client: DynamoDBClient, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the DynamoDB engine ended with ${child.exitCode}`);
    try {
      await client.send(new ListTablesCommand({}));
      return;
    } catch (error) {
      if (Date.now() > deadline) throw new Error('the DynamoDB engine does not answer', { cause: error });
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** A call of DynamoDB, to an engine that stands in for it. */
export async function forward(engine: string, { headers, body }: Seen): Promise<Said> {
  const { authorization, 'content-type': type, 'x-amz-date': date, 'x-amz-target': target } = headers;
  const sent = { authorization, 'content-type': type, 'x-amz-date': date, 'x-amz-target': target };
  const answer = await fetch(engine, { method: 'POST', headers: sent as Record<string, string>, body });
  return { status: answer.status, body: await answer.text() };
}
