import { consentOn } from '#shared/condition/consent.ts';
import { refOfName } from '#shared/enrolment/names.ts';
import { windowOf } from '#shared/enrolment/steps/send.ts';
import { ConditionFailed } from '#shared/errors.ts';
import type { Channel } from '#shared/event/event.ts';
import type { CompiledJourney } from '#shared/journey/compile.ts';
import type { Message } from '#shared/message/message.ts';
import { ownOf } from '#shared/own-of.ts';
import type { Counted } from '#shared/sending/caps.ts';
import { type Gated, mayGoAt } from '#shared/sending/gate.ts';
import { kindOfTopic } from '#shared/settings/settings.ts';
import { loadEnrolments } from '#shared/store/enrolments.ts';
import { noteYield } from '#shared/store/messages.ts';
import { contactScope } from '#shared/store/scope.ts';
import { plusMillis, toMillis } from '#shared/time/instant.ts';
import type { Counting, TableQuestion } from './opening.ts';
import type { SendDeps } from './send.ts';

/**
 * Who goes first where a cap has room for one. Two mails compete when each may go now, and after the one the other may
 * not. Those are asked that lie in the outbox, and passages that stand at a send that is due within the minute.
 */

type RivalDeps = Pick<SendDeps, 'table' | 'published'>;
type Rival = {
  readonly journey: CompiledJourney;
  readonly channel: Channel;
  readonly topic: string;
  readonly step: string;
};
export type Yielded = NonNullable<Message['yielded']>;

const MINUTE = 60_000;
/** Before a mail that has yielded is asked again. */
export const SETTLING = MINUTE;
/** So long a mail yields to others; if none has gone by then, something holds them, and it goes. */
const PATIENCE = 10 * MINUTE;
/** After so long it is about another place. */
const FORGOTTEN = 60 * MINUTE;
/** A passage that has been due for longer stands still for a reason of its own. */
const OVERDUE = 5 * MINUTE;
/** After every moment there is. */
const LATE = '9999-12-31T23:59:59.999Z';
const DEFAULT_PRIORITY = 50;

const priorityOf = ({ definition }: CompiledJourney): number => definition.priority ?? DEFAULT_PRIORITY;

/** The more important mail to the same contact that would lose its place to this one; undefined when there is none. */
export async function rivalOf(
  question: TableQuestion,
  counting: Counting | undefined,
  deps: RivalDeps,
): Promise<Yielded | undefined> {
  const { message, journey, settings, facts, now } = question;
  // Caps of a journey count its own mails, which are as important as each other.
  if (!counting || settings.caps.length === 0 || isImpatient(question)) return undefined;
  const mine = priorityOf(journey);
  const all = [...(await inOutbox(question, deps)), ...(await dueSoon(question, mine, deps))];
  const rivals = all.filter((rival) => priorityOf(rival.journey) > mine);
  const after = counting.after(now);
  const competing = await facts.settle(() =>
    rivals.filter((rival) => compete(rival, facts.counted(), after, question)),
  );
  const [first] = competing.sort((a, b) => priorityOf(b.journey) - priorityOf(a.journey));
  if (!first) return undefined;
  return { to: first.journey.id, priority: priorityOf(first.journey), since: sinceOf(message, question) };
}

const waited = ({ message, now }: TableQuestion): number =>
  message.yielded === undefined ? 0 : toMillis(now) - toMillis(message.yielded.since);
const isImpatient = (question: TableQuestion): boolean => waited(question) >= PATIENCE && waited(question) < FORGOTTEN;
const sinceOf = ({ yielded }: Message, question: TableQuestion): string =>
  yielded !== undefined && waited(question) < PATIENCE ? yielded.since : question.now;

function compete(rival: Rival, before: Counted, after: Counted, question: TableQuestion): boolean {
  const { profile, settings, zone, now } = question;
  if (kindOfTopic(settings, rival.topic) !== 'marketing') return false;
  if (consentOn(profile, settings, rival.channel, rival.topic) !== 'granted') return false;
  const step = rival.journey.nodes.get(rival.step)?.step;
  const gated: Gated = { ...rival, when: step?.type === 'send' ? windowOf(step) : undefined };
  const goesAt = (counted: Counted) =>
    mayGoAt(gated, { scope: contactScope(question), counted: () => counted, zone }).at;
  const soon = plusMillis(now, SETTLING);
  return (goesAt(before) ?? LATE) <= soon && (goesAt(after) ?? LATE) > soon;
}

async function inOutbox({ message, facts, now }: TableQuestion, { published }: RivalDeps): Promise<Rival[]> {
  const said = await facts.settle(() => facts.messages({}));
  const { journeys } = await published.catalogue();
  const waiting = said.filter(
    ({ id, state, lane, expiresAt, journey }) =>
      id !== message.id &&
      state === 'queued' &&
      lane === 'marketing' &&
      (expiresAt === undefined || expiresAt >= now) &&
      sends(ownOf(journeys, journey)?.status),
  );
  return Promise.all(
    waiting.map(async ({ journey, version, channel, topic, step }) => ({
      ...{ channel, topic, step },
      journey: await published.version(journey, version),
    })),
  );
}

const sends = (status: string | undefined): boolean => status === 'live' || status === 'closing';

async function dueSoon(
  { message, profile, settings, now }: TableQuestion,
  mine: number,
  deps: RivalDeps,
): Promise<Rival[]> {
  const { journeys } = await deps.published.catalogue();
  const inside = Object.keys(profile.inside)
    .map((name) => refOfName(profile.contact, name))
    .filter(({ journey }) => journey !== message.journey && sends(ownOf(journeys, journey)?.status));
  // Of those that may be more important alone the rows are read.
  const live = inside.map(async (ref) => {
    const version = ownOf(journeys, ref.journey)?.version ?? 0;
    return priorityOf(await deps.published.version(ref.journey, version)) > mine ? [ref] : [];
  });
  const passages = await loadEnrolments(deps.table, (await Promise.all(live)).flat());
  const found = passages.map(async ({ journey: id, version, cursor }): Promise<Rival[]> => {
    if (!cursor || cursor.wakeAt < plusMillis(now, -OVERDUE) || cursor.wakeAt > plusMillis(now, SETTLING)) return [];
    const journey = await deps.published.version(id, version);
    const step = journey.nodes.get(cursor.step)?.step;
    if (step?.type !== 'send') return [];
    const channel = [step.channel ?? settings.channels.default].flat()[0] ?? settings.channels.default;
    return [{ journey, channel, topic: step.topic ?? journey.topic, step: step.id }];
  });
  return (await Promise.all(found)).flat();
}

/** Notes on the mail to whom it yields, for who asks why. False when another attempt has it. */
export async function noteYielding(message: Message, yielded: Yielded, { table }: RivalDeps): Promise<boolean> {
  try {
    await table.write(noteYield(message, yielded));
    return true;
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    return false;
  }
}
