import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Accepts a finding of cdk-nag at the place that causes it, and says why it is right there. */
export const explain = (construct: IConstruct, rule: `AwsSolutions-${string}`, reason: string): void =>
  Validations.of(construct).acknowledge({ id: rule, reason });
