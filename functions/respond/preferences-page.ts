import { pausedUntil } from '#shared/contact/break.ts';
import { isOff, topicsOffered, topicsOn } from '#shared/contact/choices.ts';
import type { Profile } from '#shared/contact/profile.ts';
import type { Settings } from '#shared/settings/settings.ts';
import type { Instant } from '#shared/time/instant.ts';
import { FREQUENCY, frequenciesOffered, localeNow } from './offers.ts';
import { escaped } from './page.ts';
import type { Speech } from './speech.ts';

export type Shown = {
  readonly profile: Profile;
  readonly settings: Settings;
  readonly locales: readonly string[];
  readonly speech: Speech;
  readonly now: Instant;
  readonly saved: boolean;
};

/** The forms: choices that are saved together, and two buttons that act by themselves. */
export const preferencesMain = (shown: Shown): string =>
  [
    shown.saved ? `<p role="status">${escaped(shown.speech.say('saved'))}</p>` : '',
    choices(shown),
    pause(shown),
    off(shown),
  ].join('\n');

const hidden = (name: string, value: string): string =>
  `<input type="hidden" name="${name}" value="${escaped(value)}">`;

const button = (act: string, text: string, kind = ''): string =>
  `<button type="submit" name="act" value="${act}"${kind && ` class="${kind}"`}>${escaped(text)}</button>`;

const choices = (shown: Shown): string =>
  `<form method="post">${topics(shown)}${frequency(shown)}${language(shown)}${button('save', shown.speech.say('save'))}</form>`;

function topics({ profile, settings, speech }: Shown): string {
  const on = topicsOn(profile, settings);
  const boxes = topicsOffered(settings).map((topic) => {
    const was = on.includes(topic);
    return `${was ? hidden('wasTopic', topic) : ''}<label><input type="checkbox" name="topic" value="${escaped(topic)}"${was ? ' checked' : ''}>${escaped(speech.topic(topic))}</label>`;
  });
  const none = on.length === 0 ? `<p>${escaped(speech.say('none'))}</p>` : '';
  const wasOff = isOff(profile) ? hidden('wasOff', 'yes') : '';
  return `${none}${wasOff}<fieldset><legend>${escaped(speech.say('topics'))}</legend>${boxes.join('')}</fieldset>`;
}

function frequency({ profile, settings, speech }: Shown): string {
  const offered = frequenciesOffered(settings);
  if (offered.length === 0) return '';
  const said = profile.traits[FREQUENCY];
  const now = typeof said === 'string' ? said : '';
  const radio = (value: string, text: string) =>
    `<label><input type="radio" name="frequency" value="${escaped(value)}"${value === now ? ' checked' : ''}>${escaped(text)}</label>`;
  // A word of the shop's own stays, unless another is chosen.
  const own = now === '' || offered.some((one) => one === now) ? [] : [radio(now, now)];
  const all = [radio('', speech.say('any')), ...offered.map((one) => radio(one, speech.say(one))), ...own];
  return `${hidden('wasFrequency', now)}<fieldset><legend>${escaped(speech.say('frequency'))}</legend>${all.join('')}</fieldset>`;
}

function language({ profile, settings, locales, speech }: Shown): string {
  const now = localeNow(profile, locales, settings) ?? '';
  const option = (locale: string) =>
    `<option value="${escaped(locale)}" lang="${escaped(locale)}"${locale === now ? ' selected' : ''}>${escaped(nameOf(locale))}</option>`;
  const all = [...(now === '' ? ['<option value="" selected></option>'] : []), ...locales.map(option)];
  return `${hidden('wasLocale', now)}<label class="above">${escaped(speech.say('language'))}<select name="locale">${all.join('')}</select></label>`;
}

/** As those who read it call it. */
const nameOf = (locale: string): string => new Intl.DisplayNames([locale], { type: 'language' }).of(locale) ?? locale;

function pause({ profile, speech, now }: Shown): string {
  const until = pausedUntil(profile, now);
  const text = until === undefined ? speech.say('pauseText') : speech.say('paused', { date: speech.date(until) });
  const act =
    until === undefined
      ? button('pause', speech.say('pause'), 'quiet')
      : button('resume', speech.say('resume'), 'quiet');
  return `<h2>${escaped(speech.say('pauseTitle'))}</h2><p>${escaped(text)} ${escaped(speech.say('goesOn'))}</p><form method="post">${act}</form>`;
}

const off = ({ profile, speech }: Shown): string =>
  isOff(profile)
    ? ''
    : `<h2>${escaped(speech.say('offTitle'))}</h2><p>${escaped(speech.say('goesOn'))}</p><form method="post">${button('off', speech.say('off'), 'quiet')}</form>`;
