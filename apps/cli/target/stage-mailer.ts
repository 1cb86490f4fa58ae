import { BadInput } from '#apps/cli/bad-input.ts';
import { AwsApi } from '#shared/adapters/aws/api.ts';
import { systemClock } from '#shared/adapters/aws/clock.ts';
import { dynamoApi } from '#shared/adapters/aws/dynamo-api.ts';
import { oneAttempt, SesMailer } from '#shared/adapters/aws/mailer.ts';
import { DynamoTable } from '#shared/adapters/aws/table.ts';
import type { Mailer } from '#shared/ports.ts';
import type { Settings } from '#shared/settings/settings.ts';
import { Published } from '#shared/store/published.ts';
import type { Stage } from './stage.ts';

/** What a stage mails with, and what its settings say that are live. */
export type StageMailer = {
  readonly mailer: Mailer;
  readonly settings: Settings;
  /** The domain that SES has verified. */
  readonly domain: string;
  readonly sender: string;
  readonly publicUrl: string;
};

/** Throws BadInput of a stage that was deployed before it said so. */
export async function stageMailer({ facts, options }: Stage): Promise<StageMailer> {
  const { mail, publicUrl, table } = facts;
  if (!mail) throw new BadInput('The stage does not say what it mails with. Deploy it again, by this version.');
  const { domain, sender, configurationSet } = mail;
  const live = new Published(new DynamoTable(table, systemClock, dynamoApi(options)), systemClock);
  const mailer = new SesMailer(configurationSet, new AwsApi('email', { ...options, ...oneAttempt }));
  return { mailer, settings: await live.settings(), domain, sender, publicUrl };
}
