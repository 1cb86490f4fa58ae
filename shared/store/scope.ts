import type { Fields, Scope } from '#shared/condition/scope.ts';
import type { Profile } from '#shared/contact/profile.ts';
import type { Enrolment } from '#shared/enrolment/enrolment.ts';
import type { TriggerRef } from '#shared/enrolment/entry.ts';
import type { Message } from '#shared/message/message.ts';
import type { Settings } from '#shared/settings/settings.ts';
import type { Instant } from '#shared/time/instant.ts';
import type { ContactFacts } from './facts.ts';

type Contact = {
  readonly profile: Profile;
  readonly settings: Settings;
  readonly facts: ContactFacts;
  readonly now: Instant;
};

/** The scope of who is not inside: entry rules and triggers. The trigger's data is at hand. */
export const entryScope = ({ profile, settings, facts, now }: Contact, journey: string, trigger: Fields): Scope => ({
  now,
  settings,
  segments: {},
  profile,
  file: journey,
  trigger,
  facts,
});

/** The same when the trigger lies in the table: it is read when a condition asks for it. */
export function triggeredScope(contact: Contact, journey: string, trigger: TriggerRef): Scope {
  return {
    ...entryScope(contact, journey, {}),
    get trigger() {
      return contact.facts.trigger(trigger) ?? {};
    },
  };
}

/** The scope of a passage. The trigger's data and its messages are read when a condition asks for them. */
export function passageScope(contact: Contact, enrolment: Enrolment, since?: Instant): Scope {
  return {
    now: contact.now,
    settings: contact.settings,
    segments: {},
    profile: contact.profile,
    file: enrolment.journey,
    entry: enrolment.entered,
    ...(since !== undefined && { since }),
    get trigger() {
      return contact.facts.trigger(enrolment.trigger) ?? {};
    },
    steps: enrolment.left,
    heard: enrolment.heard,
    own: ownMessages(contact.facts, enrolment),
    facts: contact.facts,
  };
}

function ownMessages(facts: ContactFacts, enrolment: Enrolment): Record<string, Message> {
  const own = {};
  for (const [step, id] of Object.entries(enrolment.messages)) {
    Object.defineProperty(own, step, { enumerable: true, get: () => facts.message(id) });
  }
  return own;
}
