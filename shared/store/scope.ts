import type { Fields, PassageFacts, Scope } from '#shared/condition/scope.ts';
import type { Profile } from '#shared/contact/profile.ts';
import type { Enrolment, TriggerRef } from '#shared/enrolment/enrolment.ts';
import type { Message } from '#shared/message/message.ts';
import type { Settings } from '#shared/settings/settings.ts';
import type { Instant } from '#shared/time/instant.ts';

/** A contact at a moment, as everything that is decided about them sees them. */
export type Contact = {
  readonly profile: Profile;
  readonly settings: Settings;
  readonly segments: Scope['segments'];
  readonly facts: PassageFacts;
  readonly now: Instant;
};

/** The scope of who is not inside: entry rules and triggers. The trigger's data is at hand. */
export const entryScope = (
  { profile, settings, segments, facts, now }: Contact,
  journey: string,
  trigger: Fields,
): Scope => ({ now, settings, segments, profile, file: journey, trigger, facts });

/** The scope of a contact alone, as segments see it. */
export const contactScope = ({ profile, settings, segments, facts, now }: Contact): Scope => ({
  now,
  settings,
  segments,
  profile,
  file: '',
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
export const passageScope = (contact: Contact, enrolment: Enrolment, since?: Instant): Scope =>
  new PassageScope(contact, enrolment, since);

/** A class, since a turn makes several and asks them little: getters cost nothing until they are asked. */
class PassageScope implements Scope {
  readonly contact: Contact;
  readonly enrolment: Enrolment;
  readonly since?: Instant;

  constructor(contact: Contact, enrolment: Enrolment, since: Instant | undefined) {
    this.contact = contact;
    this.enrolment = enrolment;
    if (since !== undefined) this.since = since;
  }

  get now(): Instant {
    return this.contact.now;
  }
  get settings(): Settings {
    return this.contact.settings;
  }
  get segments(): Scope['segments'] {
    return this.contact.segments;
  }
  get profile(): Profile {
    return this.contact.profile;
  }
  get file(): string {
    return this.enrolment.journey;
  }
  get entry(): Instant {
    return this.enrolment.entered;
  }
  get trigger(): Fields {
    return this.contact.facts.trigger(this.enrolment.trigger) ?? {};
  }
  get cause(): TriggerRef {
    return this.enrolment.trigger;
  }
  get steps(): Enrolment['left'] {
    return this.enrolment.left;
  }
  get heard(): Enrolment['heard'] {
    return this.enrolment.heard;
  }
  get own(): Record<string, Message> {
    return ownMessages(this.contact.facts, this.enrolment);
  }
  get facts(): PassageFacts {
    return this.contact.facts;
  }
}

function ownMessages(facts: PassageFacts, enrolment: Enrolment): Record<string, Message> {
  const own = {};
  for (const [step, id] of Object.entries(enrolment.messages)) {
    Object.defineProperty(own, step, { enumerable: true, get: () => facts.message(id) });
  }
  return own;
}
