import type { StackProps } from 'aws-cdk-lib';
import type { Code } from 'aws-cdk-lib/aws-lambda';
import type { StageSettings } from '#infra/stage.ts';

/** What every stack gets. */
export type TropaStackProps = StackProps & {
  readonly settings: StageSettings;
  /** Stands in for the code of every function. @default each handler is bundled */
  readonly code?: Code | undefined;
};
