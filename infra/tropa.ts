import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { App, type AppProps, Tags } from 'aws-cdk-lib';
import type { Code } from 'aws-cdk-lib/aws-lambda';
import * as z from 'zod';
import { DataStack } from '#infra/stacks/data.ts';
import { DeliveryStack } from '#infra/stacks/delivery.ts';
import { IngestStack } from '#infra/stacks/ingest.ts';
import { JourneysStack } from '#infra/stacks/journeys.ts';
import { MonitoringStack } from '#infra/stacks/monitoring.ts';
import { nameOf, type StageSettings } from '#infra/stage.ts';

/** The behaviour that new CDK projects get: the library's own list, so that it changes with the pinned version only. */
const featureFlags = (): Record<string, unknown> => ({
  ...z
    .record(z.string(), z.unknown())
    .parse(createRequire(import.meta.url)('aws-cdk-lib/recommended-feature-flags.json')),
  // Exports and imports: CloudFormation then refuses to delete a table or bucket that functions still use.
  '@aws-cdk/core:defaultCrossStackReferences': 'strong',
});

export const newApp = (props: AppProps = {}): App =>
  new App({ ...props, context: { ...featureFlags(), ...props.context } });

export type TropaProps = {
  readonly settings: StageSettings;
  /** Stands in for the code of every function. @default each handler is bundled */
  readonly code?: Code | undefined;
};

/** All stacks of one stage, in the order in which they need each other. */
export function addStacks(app: App, { settings, code }: TropaProps) {
  const common = {
    settings,
    code,
    ...(settings.region !== undefined && { env: { region: settings.region } }),
    terminationProtection: true,
  };
  const idOf = (part: string) => nameOf(settings, part);
  const definition = readFileSync(new URL('../statemachines/journey.asl.json', import.meta.url), 'utf-8');
  const data = new DataStack(app, idOf('data'), common);
  const ingest = new IngestStack(app, idOf('ingest'), { ...common, data });
  const delivery = new DeliveryStack(app, idOf('delivery'), { ...common, data, ingest });
  const journeys = new JourneysStack(app, idOf('journeys'), { ...common, data, ingest, delivery, definition });
  const monitoring = new MonitoringStack(app, idOf('monitoring'), { ...common, data, ingest, delivery, journeys });
  Tags.of(app).add('tropa:stage', settings.stage);
  return { data, ingest, delivery, journeys, monitoring };
}
