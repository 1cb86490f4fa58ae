import type { Call } from '#shared/call/call.ts';
import type { Profile } from '#shared/contact/profile.ts';
import type { FreeCode, HeldCode } from '#shared/coupon/coupon.ts';
import type { Heard } from '#shared/enrolment/enrolment.ts';
import type { CountedEntries } from '#shared/enrolment/places.ts';
import type { StoredEvent } from '#shared/event/event.ts';
import type { Timed } from '#shared/event/order.ts';
import type { Message } from '#shared/message/message.ts';
import type { Counted } from '#shared/sending/caps.ts';
import type { Settings } from '#shared/settings/settings.ts';
import type { Json } from '#shared/store/table.ts';
import type { Instant } from '#shared/time/instant.ts';
import type { Condition } from './condition.ts';

export type Fields = Readonly<Record<string, Json>>;

/** Events of a contact, newest first: of these types, not before `since`, at most `limit`. */
export type EventQuery = {
  readonly types: readonly string[] | 'any';
  readonly since?: Instant;
  readonly limit?: number;
};

/** A passage of this contact, as `journey` conditions see it. */
export type PassageFact = {
  readonly journey: string;
  readonly state: string;
  readonly outcome?: string;
  readonly entered: Instant;
  readonly ended?: Instant;
};

/**
 * What must be read from the store. An implementation answers with what it has and remembers what it was asked for and
 * has not: the use case loads that and evaluates again (see shared/store/facts.ts). So conditions stay pure and a turn
 * reads no row that it does not need.
 */
export interface Facts {
  events(query: EventQuery): readonly StoredEvent[];
  /** Messages to this contact queued at or after `since`, of one journey or of all, newest first. */
  messages(query: { journey?: string; since?: Instant }): readonly Message[];
  passages(journeys: readonly string[]): readonly PassageFact[];
  /** Marketing that the contact has been sent, as far as caps count it. */
  counted(): Counted;
  /** What the shards of one cap of a journey's entry have counted, in their order. None: nothing has been. */
  entries(journey: string, cap: string): readonly (CountedEntries | undefined)[];
  /** The newest code of a pool that the contact was given. */
  heldCode(pool: string): HeldCode | undefined;
  /** A code of a pool that nobody has; undefined when there is none left. */
  freeCode(pool: string): FreeCode | undefined;
  /** What has become of a call to an endpoint. */
  call(id: string): Pick<Call, 'state' | 'ok' | 'reply'> | undefined;
}

/** An event as a passage names it. `data`: what no event brought. */
export type EventRef = {
  readonly type: string;
  readonly at: Instant;
  readonly event: string;
  readonly data?: Fields | undefined;
};

/** What the scope of a passage reads besides, by the names that stand on the passage. */
export interface PassageFacts extends Facts {
  /** Data of the event that started a passage, with its time, type and id. */
  trigger(ref: EventRef): Fields | undefined;
  message(id: string): Message | undefined;
}

/** Everything that a condition may ask about, at one moment, for one contact. */
export type Scope = {
  readonly now: Instant;
  readonly settings: Settings;
  /** By id; where none is known the condition is false. */
  readonly segments: Readonly<Record<string, Condition>>;
  readonly profile: Profile;
  /** The journey's or the segment's id: salt of `sample`. */
  readonly file: string;
  /** When the passage began: what `entry` means, and the default span in goal and exits. */
  readonly entry?: Instant | undefined;
  /** From when events count if the condition does not say: `entry` in goal and exits, the step's beginning in waitFor. */
  readonly since?: Instant | undefined;
  /** The trigger's data with `at`, `type`, `id`. */
  readonly trigger?: Fields | undefined;
  /** What began the passage, or would, as far as it is known without being read. */
  readonly cause?: Timed | undefined;
  /** What the steps so far have left. */
  readonly steps?: Readonly<Record<string, Fields>> | undefined;
  /** Inside a `where`: the event's data with `at`, `type`, `id`. */
  readonly data?: Fields | undefined;
  /** What was heard, by listener. A leaf with a `listener` and no aggregate, `since` or `within` is answered from here. */
  readonly heard?: Readonly<Record<string, Heard>> | undefined;
  /** Newest message of each send step of this passage. */
  readonly own?: Readonly<Record<string, Message>> | undefined;
  readonly facts: Facts;
};

/**
 * The scope with some members said anew. The others are not touched: some are read from the store when they are asked
 * for, which spreading the scope would do.
 */
export const scopeWith = (scope: Scope, members: Partial<Scope>): Scope => new ScopeWith(scope, members);

/**
 * A class, since one is made for each event that a `where` looks at: to make an object that inherits from the scope takes
 * microseconds, and makes every later look at that scope slower.
 */
class ScopeWith implements Scope {
  readonly outer: Scope;
  readonly members: Partial<Scope>;

  constructor(outer: Scope, members: Partial<Scope>) {
    this.outer = outer;
    this.members = members;
  }

  get now(): Instant {
    return this.members.now ?? this.outer.now;
  }
  get settings(): Settings {
    return this.members.settings ?? this.outer.settings;
  }
  get segments(): Scope['segments'] {
    return this.members.segments ?? this.outer.segments;
  }
  get profile(): Profile {
    return this.members.profile ?? this.outer.profile;
  }
  get file(): string {
    return this.members.file ?? this.outer.file;
  }
  get entry(): Instant | undefined {
    return this.members.entry ?? this.outer.entry;
  }
  get since(): Instant | undefined {
    return this.members.since ?? this.outer.since;
  }
  get trigger(): Fields | undefined {
    return this.members.trigger ?? this.outer.trigger;
  }
  get cause(): Timed | undefined {
    return this.members.cause ?? this.outer.cause;
  }
  get steps(): Scope['steps'] {
    return this.members.steps ?? this.outer.steps;
  }
  get data(): Fields | undefined {
    return this.members.data ?? this.outer.data;
  }
  get heard(): Scope['heard'] {
    return this.members.heard ?? this.outer.heard;
  }
  get own(): Scope['own'] {
    return this.members.own ?? this.outer.own;
  }
  get facts(): Facts {
    return this.members.facts ?? this.outer.facts;
  }
}
