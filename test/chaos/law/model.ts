import type { Enrolment } from '#shared/enrolment/enrolment.ts';
import { SKEW } from '#shared/event/order.ts';
import type { Journey } from '#shared/journey/journey.ts';
import { readEnrolment } from '#shared/store/enrolments.ts';
import { enrolmentRange, eventRange, kindOf } from '#shared/store/keys.ts';
import { plusMillis } from '#shared/time/instant.ts';
import { journeyFile } from '../plan/shop.ts';
import type { Changed } from '../world/memory-table.ts';
import type { World } from '../world/world.ts';
import type { Ledger } from './ledger.ts';
import { definitionOf } from './person.ts';

/**
 * What becomes of everybody, told once more on one page and in other words than the product's: who enters by an event, who
 * ends as converted, and which mails a way leaves behind. Journeys that were edited, and contacts who are several, are left
 * to the other laws.
 */

const HOUR = 3_600_000;
/** How long somebody has to stay away, in the words of the plan's journeys. */
const LONG = new Map([
  ['PT10M', HOUR / 6],
  ['PT1H', HOUR],
  ['P1D', 24 * HOUR],
]);
const FRESH = 24 * HOUR;
/** As far as clocks differ, and a function may take: what falls so near a boundary may go either way. */
const NEAR = 2 * 60_000;

type Row = NonNullable<Changed['after']>;

export function checkModel(changed: readonly Changed[], world: World, ledger: Ledger): void {
  const profile = changed.find(({ key }) => kindOf(key) === 'profile');
  if (!profile || profile.after?.['mergedInto'] !== undefined) return;
  const aka = profile.after?.['aka'];
  if (Array.isArray(aka) && aka.length > 0) return;
  const passages = changed.filter(({ key }) => kindOf(key) === 'enrolment');
  for (const { key, before, after } of changed)
    if (kindOf(key) === 'event' && !before && after) checkEntries(after, profile, passages, { world, ledger });
  for (const { before, after } of passages) {
    const [was, is] = [readEnrolment(before), readEnrolment(after)];
    if (was?.state === 'inside' && is && is.state !== 'inside') checkEnd(is, world, ledger);
  }
}

type Seen = { readonly world: World; readonly ledger: Ledger };

/** Who enters by an event that is recorded just now. */
function checkEntries(event: Row, profile: Changed, passages: readonly Changed[], { world, ledger }: Seen): void {
  const contact = String(event['contact'] ?? event.pk.slice('C#'.length));
  for (const [journey, definition] of Object.entries(world.shop.definitions)) {
    if (ledger.uploads.has(journeyFile(journey)) || !isStartedBy(definition, String(event['type']))) continue;
    const should = enters(definition, event, profile, { contact, journey, world });
    const is = passages.some(
      ({ before, after }) => !before && after?.['journey'] === journey && triggerOf(after) === event['id'],
    );
    if (should === undefined || should === is) continue;
    ledger.broken(
      'who should enter does, and nobody else',
      `${event['type']} ${event['id']} of ${contact} ${should ? 'starts' : 'does not start'} ${journey}`,
    );
  }
}

const triggerOf = (row: Row): string | undefined => readEnrolment(row)?.trigger.event;

const isStartedBy = ({ trigger, entry }: Journey, type: string): boolean =>
  trigger.type === 'event' &&
  trigger.where === undefined &&
  trigger.quietFor === undefined &&
  entry?.if === undefined &&
  entry?.again?.whileInside !== 'restart' &&
  [trigger.event].flat().includes(type);

type Asked = { readonly contact: string; readonly journey: string; readonly world: World };

/** Undefined where it may go either way. */
function enters(
  { entry, goal }: Journey,
  event: Row,
  { before }: Changed,
  { contact, journey, world }: Asked,
): boolean | undefined {
  const now = world.scheduler.millis;
  const age = now - Date.parse(String(event['at']));
  if (event['historic'] === true || age > FRESH + NEAR) return false;
  if (age > FRESH - NEAR) return undefined;
  const inside = Object.keys((before?.['inside'] ?? {}) as object);
  if (inside.some((name) => name.startsWith(`${journey}#`))) return false;
  const past = passagesOf(contact, journey, world).filter(({ trigger }) => trigger.event !== event['id']);
  if (past.length > 0 && !entry?.again) return false;
  const last = Math.max(...past.map(({ entered }) => Date.parse(entered)));
  const due = past.length > 0 ? last + awayFor(entry?.again?.after) : now;
  if (past.length > 0 && Math.abs(now - due) < NEAR) return undefined;
  if (now < due) return false;
  if (goal && !isPlain(goal)) return undefined;
  const bought = goal ? purchases(contact, world).filter(({ id }) => id !== event['id']) : [];
  if (bought.some(({ at }) => at >= String(event['at']))) return false;
  return bought.some(({ at }) => at >= minutesBefore(String(event['at']))) ? undefined : true;
}

function awayFor(written: string | undefined): number {
  const millis = written === undefined ? 0 : LONG.get(written);
  if (millis === undefined) throw new Error(`the model does not know how long ${written} is`);
  return millis;
}

const passagesOf = (contact: string, journey: string, { table }: World): Enrolment[] =>
  table.range(enrolmentRange(contact, journey)).flatMap((row) => readEnrolment(row) ?? []);

const isPlain = (goal: NonNullable<Journey['goal']>): boolean =>
  JSON.stringify(goal.if) === JSON.stringify({ event: 'purchase' });

const purchases = (contact: string, { table }: World): { id: string; at: string }[] =>
  table.range(eventRange(contact, 'purchase')).map((row) => ({ id: String(row['id']), at: String(row['at']) }));

/** Clocks of a shop's systems differ by minutes: what is told later may have happened after what bears a later time. */
const minutesBefore = (at: string): string => plusMillis(at, -SKEW - NEAR);

/** Less than the window of a goal that says nothing of it. */
const WINDOW = 13 * 24 * HOUR;

/** A passage that ends just now: by its goal where that was reached, and with a message for each mail of its way. */
function checkEnd(passage: Enrolment, world: World, ledger: Ledger): void {
  const { journey, contact, version, trigger, state, outcome } = passage;
  const definition = definitionOf(world, journey, version);
  if (!definition || ledger.uploads.has(journeyFile(journey))) return;
  const said = `${journey} ${passage.n} of ${contact}`;
  const { goal, entry } = definition;
  // What converts somebody may begin them anew as well, and stands as the trigger then.
  const isToldAnew = entry?.again?.whileInside === 'restart';
  if (goal && !isToldAnew && isPlain(goal) && goal.leave !== false && goal.window === undefined) {
    const others = purchases(contact, world).filter(({ id }) => id !== trigger.event);
    const reached = others.filter(({ at }) => at >= trigger.at);
    if (state === 'converted' && !others.some(({ at }) => at >= minutesBefore(trigger.at)))
      ledger.broken('who is converted has done it', `${said} has bought nothing`);
    const soon = reached.some(({ at }) => Date.parse(at) < Date.parse(passage.entered) + WINDOW);
    if (outcome === 'finished' && soon) ledger.broken('who has done it is converted', `${said} ${outcome}`);
  }
  const sends = definition.steps.filter(({ type }) => type === 'send');
  const isStraight = definition.steps.every((step) => step.type !== 'skip' && step.if === undefined);
  const left = sends.filter(({ id }) => passage.messages[id] === undefined).map(({ id }) => id);
  if (outcome === 'finished' && isStraight && left.length > 0 && !hasLeaps(definition))
    ledger.broken('a way that is finished has left no mail out', `${said}: ${left.join(', ')}`);
}

/** Whether something leads past steps, from however deep inside. */
const hasLeaps = ({ steps }: Journey): boolean => /"type":"(skip|end)"|"missed":"end"/.test(JSON.stringify(steps));
