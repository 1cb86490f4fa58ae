import type { Settings } from '#shared/settings/settings.ts';
import { kindOfTopic } from '#shared/settings/settings.ts';
import { isObject } from '#shared/store/json.ts';
import type { Json } from '#shared/store/table.ts';
import { localeOfMail } from './language.ts';
import type { RenderScope } from './render.ts';
import { scopeOf } from './scope.ts';
import type { CompiledTemplate } from './template.ts';

type Fields = Readonly<Record<string, Json>>;

const fieldsOf = (value: Json | undefined): Fields => (isObject(value) ? value : {});

/** A moment in a sample, so that two previews of one template are alike. */
const SAMPLE_MOMENT = '2026-06-15T10:00:00.000Z';

/** The way out, in a mail that nobody gets. */
export const SAMPLE_WAY_OUT = 'https://shop.example/u/sample';

/** What a preview prints: the sample of the front data; `message` and `shop` are there without being written. */
export function sampleScope(
  template: Pick<CompiledTemplate, 'id' | 'sample' | 'locale' | 'topic'>,
  settings: Settings,
): RenderScope {
  const sample = template.sample ?? {};
  const locale = localeOfMail(template.locale || settings.shop.locale, fieldsOf(sample['contact'])['locale']);
  const plain = scopeOf({
    profile: { traits: {}, identities: { email: 'someone@mail.example' }, tags: [] },
    settings,
    trigger: fieldsOf(sample['trigger']),
    steps: Object.fromEntries(Object.entries(fieldsOf(sample['steps'])).map(([id, left]) => [id, fieldsOf(left)])),
    data: fieldsOf(sample['data']),
    message: {
      id: `sample-of-${template.id}`,
      unsubscribeUrl: SAMPLE_WAY_OUT,
      preferencesUrl: 'https://shop.example/p/sample',
      ...(kindOfTopic(settings, template.topic ?? 'marketing') === 'transactional' && {
        confirmUrl: 'https://shop.example/c/sample',
      }),
      viewUrl: 'https://shop.example/v/sample',
      locale,
      at: SAMPLE_MOMENT,
    },
  });
  return {
    ...plain,
    contact: { ...plain.contact, ...fieldsOf(sample['contact']) },
    shop: { ...plain.shop, ...fieldsOf(sample['shop']) },
  };
}
