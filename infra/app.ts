import { fileURLToPath } from 'node:url';
import { Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { readStage } from '#infra/stage.ts';
import { addStacks, newApp } from '#infra/tropa.ts';

/** `cdk synth` and `cdk deploy` run this. `-c settings=FILE` names the stage's settings; tropa.stage.json is the default. */
const app = newApp();
const file: unknown =
  app.node.tryGetContext('settings') ?? fileURLToPath(new URL('../tropa.stage.json', import.meta.url));
addStacks(app, { settings: readStage(String(file)) });
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
app.synth();
