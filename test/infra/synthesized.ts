import { Template } from 'aws-cdk-lib/assertions';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { type StageSettings, stageSchema } from '#infra/stage.ts';
import { addStacks, newApp } from '#infra/tropa.ts';

export const settings: StageSettings = stageSchema.parse({
  stage: 'test',
  domain: 'shop.example',
  sender: 'Trail Shop <hello@shop.example>',
  alarmEmail: 'alarms@shop.example',
  storefronts: { shopify: { shop: 'birch.myshopify.com' } },
});

/** The stacks without the bundling of ten functions: what stands in for their code is one line. */
export function synthesize(over: Partial<StageSettings> = {}) {
  const app = newApp();
  const code = Code.fromInline('exports.handler = async () => {}');
  const stacks = addStacks(app, { settings: { ...settings, ...over }, code });
  const templates = Object.entries(stacks).map(([name, stack]) => [name, Template.fromStack(stack)] as const);
  return { app, stacks, templates: Object.fromEntries(templates) as Record<keyof typeof stacks, Template> };
}

// biome-ignore lint/suspicious/noExplicitAny: templates are plain JSON, and a wrong path shows as a failed expectation
export type Resource = { readonly id: string; readonly stack: string; readonly Type: string; readonly Properties: any };

/** Every resource of a type, over all stacks. */
export const resourcesOf = (templates: Record<string, Template>, type: string): Resource[] =>
  Object.entries(templates).flatMap(([stack, template]) =>
    Object.entries(template.findResources(type)).map(([id, resource]) => ({ id, stack, ...resource }) as Resource),
  );

/** The logical id that a `Ref` or `Fn::GetAtt` leads to. */
export const targetOf = (token: { Ref?: string; 'Fn::GetAtt'?: [string, string] }): string | undefined =>
  token.Ref ?? token['Fn::GetAtt']?.[0];

type Filled = { readonly Ref?: string; readonly 'Fn::ImportValue'?: string };

/** A text as people get it: what CloudFormation fills in stands as its name. */
export function textOf(value: string | { 'Fn::Join': [string, (string | Filled)[]] }): string {
  if (typeof value === 'string') return value;
  const [separator, parts] = value['Fn::Join'];
  return parts.map((part) => (typeof part === 'string' ? part : (part.Ref ?? part['Fn::ImportValue']))).join(separator);
}
