import { nameOf } from '#shared/enrolment/names.ts';
import { stepsThen } from '#shared/message/message.ts';
import type { Settings } from '#shared/settings/settings.ts';
import { canonicalLocale, localeOfMail } from '#shared/template/language.ts';
import { render } from '#shared/template/render.ts';
import { scopeOf } from '#shared/template/scope.ts';
import { type CompiledTemplate, localeOrder } from '#shared/template/template.ts';
import type { Print } from './run-tests.ts';

const UNSUBSCRIBE_URL = 'https://shop.example/u/test';
const PREFERENCES_URL = 'https://shop.example/p/test';
const CONFIRM_URL = 'https://shop.example/c/test';
const VIEW_URL = 'https://shop.example/v/test';

/** How messages of a story read: subject and text, by the templates that the shop has. */
export const printerOf =
  (templates: readonly CompiledTemplate[], settings: Settings): Print =>
  (message, play) => {
    const passage = play.passages.find((one) => nameOf(one) === nameOf(message));
    const { profile } = play;
    if (!passage || !profile) return undefined;
    const reads = message.locale ?? profile.traits['locale'];
    const variants = templates.filter(({ id, channel }) => id === message.template && channel === message.channel);
    const template = localeOrder(canonicalLocale(reads), settings.shop.locale)
      .map((locale) => variants.find((variant) => variant.locale === locale))
      .find((variant) => variant !== undefined);
    if (!template) return undefined;
    const scope = scopeOf({
      profile,
      settings,
      trigger: play.trigger(passage),
      steps: stepsThen(message, passage.left),
      data: message.data ?? {},
      message: {
        id: message.id,
        unsubscribeUrl: UNSUBSCRIBE_URL,
        preferencesUrl: PREFERENCES_URL,
        ...(message.lane === 'transactional' ? { confirmUrl: CONFIRM_URL } : { viewUrl: VIEW_URL }),
        locale: localeOfMail(template.locale || settings.shop.locale, reads),
        at: message.queuedAt,
      },
    });
    const { subject, text } = render(template, scope);
    return `${subject}\n${text}`;
  };
