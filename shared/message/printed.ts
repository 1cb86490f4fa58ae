import type { Profile } from '#shared/contact/profile.ts';
import type { Enrolment } from '#shared/enrolment/enrolment.ts';
import type { Settings } from '#shared/settings/settings.ts';
import type { Json } from '#shared/store/table.ts';
import { localeOfMail } from '#shared/template/language.ts';
import type { RenderScope } from '#shared/template/render.ts';
import { scopeOf } from '#shared/template/scope.ts';
import type { CompiledTemplate } from '#shared/template/template.ts';
import type { Instant } from '#shared/time/instant.ts';
import { type Message, stepsThen } from './message.ts';

type Said = {
  readonly message: Message;
  readonly enrolment: Enrolment;
  readonly profile: Profile;
  readonly settings: Settings;
  /** What its passage began with. */
  readonly trigger: Readonly<Record<string, Json>>;
  readonly template: Pick<CompiledTemplate, 'locale'>;
  readonly links: {
    readonly unsubscribeUrl: string;
    readonly preferencesUrl?: string;
    readonly viewUrl?: string;
    readonly confirmUrl?: string;
  };
  /** The moment of sending. */
  readonly at: Instant;
};

/** What the passage has said that the contact reads, else what their profile says; as it came. */
export const localeFor = ({ message, profile }: Pick<Said, 'message' | 'profile'>): Json | undefined =>
  message.locale ?? profile.traits['locale'];

/** What a message's template can print: for whoever sends it, and whoever shows it again. */
export const printedBy = ({ message, enrolment, profile, settings, trigger, template, links, at }: Said): RenderScope =>
  scopeOf({
    profile,
    settings,
    trigger,
    steps: stepsThen(message, enrolment.left),
    data: message.data ?? {},
    message: {
      ...links,
      id: message.id,
      locale: localeOfMail(template.locale || settings.shop.locale, localeFor({ message, profile })),
      at,
    },
  });
