import type { Call } from '#shared/call/call.ts';
import { decidingParts } from '#shared/condition/explain.ts';
import type { Profile } from '#shared/contact/profile.ts';
import { zoneOf } from '#shared/contact/zone.ts';
import { describeCondition } from '#shared/diagram/words/conditions.ts';
import { sayStep } from '#shared/diagram/words/steps.ts';
import { joinedDoor } from '#shared/enrolment/door.ts';
import type { Door, Enrolment } from '#shared/enrolment/enrolment.ts';
import { type Refusal, refusal } from '#shared/enrolment/entry.ts';
import type { StoredEvent } from '#shared/event/event.ts';
import type { CompiledJourney } from '#shared/journey/compile.ts';
import type { JourneyStatus } from '#shared/journey/journey.ts';
import type { Message } from '#shared/message/message.ts';
import { habitsOf, sayBestHour } from '#shared/sending/best-hour.ts';
import type { Hold } from '#shared/sending/hold.ts';
import { readCall } from '#shared/store/calls.ts';
import { readDoor, readEnrolment } from '#shared/store/enrolments.ts';
import { queryEvents } from '#shared/store/events.ts';
import { ContactFacts } from '#shared/store/facts.ts';
import { kindOf, profileKey } from '#shared/store/keys.ts';
import { readMessage } from '#shared/store/messages.ts';
import { loadProfile, partsOf } from '#shared/store/profiles.ts';
import type { Published } from '#shared/store/published.ts';
import { triggeredScope } from '#shared/store/scope.ts';
import type { Row, Table } from '#shared/store/table.ts';
import type { Instant } from '#shared/time/instant.ts';
import { type CallWhy, callsOf } from './call-why.ts';
import { type Waits, waitsOf } from './waits.ts';

/** Why a contact is where they are: each decision about them, as the rows tell it. */
export type WhyDeps = { readonly table: Table; readonly published: Published; readonly now: Instant };

export type MessageWhy = Pick<Message, 'step' | 'channel' | 'queuedAt' | 'state' | 'facts' | 'reason' | 'yielded'> & {
  readonly waits?: Waits;
};
export type PassageWhy = Pick<
  Enrolment,
  'n' | 'key' | 'version' | 'state' | 'outcome' | 'entered' | 'ended' | 'converted'
> & {
  /** Where it stands: the step in words, since when, and when its wait ends at the latest. */
  readonly stands?: {
    readonly step: string;
    readonly says: string;
    readonly since: Instant;
    readonly until: Instant;
    /** Of a send: what holds its message back. */
    readonly hold?: Hold;
    /** Since when it has come due and waits for its journey, which is paused. */
    readonly stalled?: Instant;
  };
  /** Steps behind it, and which arm each test took. */
  readonly passed: readonly string[];
  readonly arms: Readonly<Record<string, string>>;
  /** The code that each coupon step has given. */
  readonly codes: Readonly<Record<string, string>>;
  readonly messages: readonly MessageWhy[];
  readonly calls: readonly CallWhy[];
};
export type JourneyWhy = {
  readonly journey: string;
  readonly name: string;
  readonly version: number;
  readonly status: JourneyStatus;
  readonly passages: readonly PassageWhy[];
  /** Doors at which a quiet time runs. */
  readonly quiet: readonly { readonly key: string; readonly until: Instant }[];
  /** What would keep them out if the newest event that starts the journey came now; nothing for who is inside. */
  readonly outside?: { readonly reason: Refusal | 'no-event' | 'none'; readonly because: readonly string[] };
};
export type Why = {
  readonly contact: string;
  readonly zone: string;
  /** In words, with what it rests on. */
  readonly bestHour: string;
  readonly profile: Pick<Profile, 'createdAt' | 'identities' | 'tags' | 'consents' | 'traits'>;
  readonly journeys: readonly JourneyWhy[];
};

type Rows = {
  readonly doors: readonly Row[];
  readonly passages: readonly Enrolment[];
  readonly messages: readonly Known[];
  readonly calls: readonly Call[];
};
type Known = Message & { readonly waiting: Waits | undefined };

/** Everything about one contact, in one journey or in all that are published. Undefined when there is no such contact. */
export async function why(contact: string, only: string | undefined, deps: WhyDeps): Promise<Why | undefined> {
  const profile = await loadProfile(deps.table, contact);
  if (!profile) return undefined;
  const parts = await Promise.all(partsOf(profile).map((one) => deps.table.query({ pk: profileKey(one).pk })));
  const rows = parts.flat();
  const known: Rows = {
    doors: rows.filter((row) => kindOf(row) === 'door'),
    passages: rows.flatMap((row) => (kindOf(row) === 'enrolment' ? (readEnrolment(row) ?? []) : [])),
    messages: rows.flatMap((row) => (kindOf(row) === 'message' ? knownMessage(row) : [])),
    calls: rows.flatMap((row) => (kindOf(row) === 'call' ? (readCall(row) ?? []) : [])),
  };
  const { journeys } = await deps.published.catalogue();
  const named = Object.entries(journeys).filter(([id]) => only === undefined || id === only);
  const { createdAt, identities, tags, consents, traits } = profile;
  const settings = await deps.published.settings();
  const zone = zoneOf(profile, settings);
  return {
    contact: profile.contact,
    zone,
    bestHour: sayBestHour(habitsOf(profile, zone, settings)),
    profile: { createdAt, identities, tags, consents, traits },
    journeys: await Promise.all(
      named.map(async ([id, { version, status }]) =>
        journeyWhy(await deps.published.version(id, version), status, profile, known, deps),
      ),
    ),
  };
}

function knownMessage(row: Row): Known[] {
  const message = readMessage(row);
  return message ? [{ ...message, waiting: waitsOf(row, message) }] : [];
}

async function journeyWhy(
  journey: CompiledJourney,
  status: JourneyStatus,
  profile: Profile,
  known: Rows,
  deps: WhyDeps,
): Promise<JourneyWhy> {
  const passages = known.passages.filter((passage) => passage.journey === journey.id);
  const doors = known.doors.filter((row) => row['journey'] === journey.id);
  const isInside = passages.some(({ state }) => state === 'inside');
  return {
    journey: journey.id,
    name: journey.definition.name,
    version: journey.version,
    status,
    passages: await Promise.all(passages.map((passage) => passageWhy(passage, known, deps))),
    quiet: doors.flatMap((row) => {
      const { quiet } = readDoor(row);
      return quiet ? [{ key: String(row['key']), until: quiet.until }] : [];
    }),
    ...(!isInside && { outside: await outsideWhy(journey, status, profile, doors, deps) }),
  };
}

async function passageWhy(passage: Enrolment, known: Rows, { published }: WhyDeps): Promise<PassageWhy> {
  const { n, key, version, state, outcome, entered, ended, converted, cursor } = passage;
  const { nodes } = await published.version(passage.journey, version);
  const node = cursor && nodes.get(cursor.step);
  const arms = Object.entries(passage.left).flatMap(([step, { arm }]) =>
    typeof arm === 'string' ? [[step, arm]] : [],
  );
  const codes = Object.entries(passage.left).flatMap(([step, { code }]) =>
    typeof code === 'string' ? [[step, code]] : [],
  );
  return {
    ...{ n, key, version, state, outcome, entered, ended, converted },
    ...(cursor &&
      node && {
        stands: {
          ...{ step: cursor.step, says: sayStep(node.step).title, since: cursor.began, until: cursor.wakeAt },
          ...(cursor.hold && { hold: cursor.hold }),
          ...(cursor.stalled !== undefined && { stalled: cursor.stalled }),
        },
      }),
    passed: Object.keys(passage.visits),
    arms: Object.fromEntries(arms),
    codes: Object.fromEntries(codes),
    messages: known.messages
      .filter((m) => m.contact === passage.contact && m.journey === passage.journey && m.key === key && m.n === n)
      .sort((a, b) => (a.queuedAt < b.queuedAt ? -1 : 1))
      .map(({ step, channel, queuedAt, state: stands, facts, reason, yielded, waiting }) => ({
        ...{ step, channel, queuedAt, state: stands, facts },
        ...(waiting && { waits: waiting }),
        ...(reason !== undefined && { reason }),
        ...(yielded && { yielded }),
      })),
    calls: callsOf(passage, known.calls),
  };
}

/** Judged as if the newest event that starts the journey came now: what kept them out then mostly does so now. */
async function outsideWhy(
  journey: CompiledJourney,
  status: JourneyStatus,
  profile: Profile,
  doors: readonly Row[],
  { table, published, now }: WhyDeps,
): Promise<NonNullable<JourneyWhy['outside']>> {
  const event = await newestTrigger(journey, profile, table);
  if (!event) return { reason: 'no-event', because: [] };
  const [settings, segments] = await Promise.all([published.settings(), published.segments()]);
  const facts = new ContactFacts(table, partsOf(profile));
  const trigger = { event: event.id, type: event.type, at: event.at };
  const scope = triggeredScope({ profile, settings, segments, facts, now }, journey.id, trigger);
  const [first, ...others] = doors.filter((one) => one['key'] === '').map((row): Door => readDoor(row));
  const door = first && others.reduce(joinedDoor, first);
  const question = { journey, status, door, key: '', profile, trigger, now, zone: zoneOf(profile, settings), scope };
  const reason = await facts.settle(() => refusal(question));
  const condition = journey.definition.entry?.if;
  const parts = reason === 'condition' && condition ? await facts.settle(() => decidingParts(condition, scope)) : [];
  return { reason: reason ?? 'none', because: parts.map((part) => `not so: ${describeCondition(part.condition)}`) };
}

async function newestTrigger(
  { definition }: CompiledJourney,
  profile: Profile,
  table: Table,
): Promise<StoredEvent | undefined> {
  const { trigger } = definition;
  if (trigger.type !== 'event') return undefined;
  const [newest] = await queryEvents(table, partsOf(profile), { types: [trigger.event].flat(), limit: 1 });
  return newest;
}
