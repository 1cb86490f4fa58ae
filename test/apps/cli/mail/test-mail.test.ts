import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mailTestCommand } from '#apps/cli/commands/mail-preview.ts';
import { runTest } from '#apps/cli/mail/test.ts';
import { openRuntime } from '#apps/local/runtime.ts';
import { toItem } from '#shared/adapters/aws/attributes.ts';
import { putSettings } from '#shared/store/journeys.ts';
import { settings } from '#test/build/settings.ts';
import { type Said, standIn } from '#test/shared/adapters/aws/stand-in.ts';
import { folder, Paper } from './folder.ts';

const AUTHORS = { default: 'Boss@agency.example', journeys: { welcome: 'anna@agency.example' } };

/** A stage that mails from shop.example, and what SES was asked. */
async function stage(answer: Said = { body: { MessageId: 'ses-1' } }) {
  const row = putSettings(settings({ authors: AUTHORS }), { key: 'settings.json', sequencer: '1' }, undefined);
  if (row.kind !== 'put') throw new Error('settings are put');
  const { options, seen } = await standIn(({ path, operation, input }) =>
    path.startsWith('/v2/email')
      ? answer
      : {
          body: operation === 'GetItem' && JSON.stringify(input).includes(row.row.sk) ? { Item: toItem(row.row) } : {},
        },
  );
  const mail = { domain: 'shop.example', sender: 'Shop <a@shop.example>', configurationSet: 'set', rate: 1 };
  const facts = { table: 'tropa', bucket: 'b', publicUrl: 'https://go.shop.example', queues: 'q', mail };
  return {
    find: async () => ({ facts, options }),
    sent: () => seen.filter(({ path }) => path.startsWith('/v2/email')),
  };
}

async function test(find: Parameters<typeof runTest>[0], ...words: string[]) {
  const out = new Paper();
  const { shop } = folder();
  const command = mailTestCommand(runTest(find), { out, err: new Paper() });
  command.exitOverride().configureOutput({ writeErr: () => {} });
  await command.parseAsync(['hello', '--folder', shop, ...words], { from: 'user' });
  return out.text;
}

describe('a test', () => {
  it.each(['me@SHOP.example', 'boss@agency.example', 'anna@agency.example'])(
    'goes to %s through SES, marked, with headers that act on nobody, and with no tag that counts',
    async (to) => {
      const { find, sent } = await stage();
      expect(await test(find, '--to', to, '--stage', 'prod')).toContain(`Sent to ${to} as ses-1.`);
      expect(sent()).toHaveLength(1);
      const { Destination, ConfigurationSetName, EmailTags, Content } = sent()[0]?.input ?? {};
      expect({ Destination, ConfigurationSetName, EmailTags }).toEqual({
        Destination: { ToAddresses: [to] },
        ConfigurationSetName: 'set',
        EmailTags: [{ Name: 'test', Value: 'hello' }],
      });
      expect(Content.Simple.Subject.Data).toBe('[Test] Hello Ann');
      expect(Content.Simple.Body.Html.Data).toContain('https://go.shop.example/u/test');
      expect(Content.Simple.Headers).toEqual([
        { Name: 'List-Unsubscribe', Value: '<https://go.shop.example/u/test>' },
        { Name: 'List-Unsubscribe-Post', Value: 'List-Unsubscribe=One-Click' },
      ]);
    },
  );

  it.each(['ada@mail.example', 'ada@notshop.example', 'ada@shop.example.evil.example'])(
    'never goes to %s, who may be a customer',
    async (to) => {
      const { find, sent } = await stage();
      await expect(test(find, '--to', to, '--stage', 'prod')).rejects.toThrow(`${to} is neither`);
      expect(sent()).toEqual([]);
    },
  );

  it.each(['a@shop.example,b@shop.example', 'Ann <a@shop.example>', 'shop.example'])(
    'goes to one address: %s is none',
    async (to) => {
      const { find, sent } = await stage();
      await expect(test(find, '--to', to, '--stage', 'prod')).rejects.toThrow('Write one address, as me@shop.example.');
      expect(sent()).toEqual([]);
    },
  );

  it('that SES refuses says so, with what to do', async () => {
    const headers = { 'x-amzn-errortype': 'MessageRejected' };
    const { find } = await stage({ status: 400, headers, body: { message: 'Email address is not verified.' } });
    await expect(test(find, '--to', 'me@shop.example', '--stage', 'prod')).rejects.toThrow(
      /SES did not take it: .*mail doctor/,
    );
  });

  it('on a laptop lies in the inbox, in the language that was asked for, and is counted nowhere', async () => {
    const data = join(folder().dir, 'data');
    const options = {
      dataDir: data,
      start: '2026-03-02T09:00:00.000Z',
      eventDays: 1,
      mailsPerSecond: 1,
      publicUrl: 'http://x',
    };
    openRuntime(options).close();
    const { find } = await stage();
    await test(find, '--to', 'anybody@mail.example', '--data', data, '--locale', 'pl');
    const runtime = openRuntime(options);
    await runtime.drive('2026-03-02T10:00:00.000Z');
    const [entry] = runtime.inbox.mails.page({}, 10).entries;
    expect(entry).toMatchObject({ to: 'anybody@mail.example', subject: '[Test] Cześć Ann', tags: { test: 'hello' } });
    expect(runtime.counters.get('TestMailEvent')).toBeGreaterThan(0);
    expect(runtime.queues.deadLetters('track')).toEqual([]);
    runtime.close();
  });
});
