import { zoneOf } from '#shared/contact/zone.ts';
import { ConditionFailed, Conflict } from '#shared/errors.ts';
import type { CompiledJourney } from '#shared/journey/compile.ts';
import type { Clock } from '#shared/ports.ts';
import { enteredSince, journeyTouched, looksFor } from '#shared/segment/watching.ts';
import type { Appointment } from '#shared/store/appointments.ts';
import { loadDoors } from '#shared/store/enrolments.ts';
import { entryWrites, loadCurrent } from '#shared/store/entering.ts';
import { ContactFacts } from '#shared/store/facts.ts';
import { checkProfile, loadProfile, partsOf, putProfile } from '#shared/store/profiles.ts';
import type { Published } from '#shared/store/published.ts';
import { triggeredScope } from '#shared/store/scope.ts';
import type { Write } from '#shared/store/table.ts';
import type { Instant } from '#shared/time/instant.ts';
import { countRefusal } from './count-refusal.ts';
import { type EntryDecision, judge } from './decide.ts';
import type { Enrolment } from './enrolment.ts';
import { type HintDeps, hint } from './hints.ts';
import { calendarTrigger } from './trigger.ts';

export type AppointmentDeps = HintDeps & { readonly clock: Clock; readonly published: Published };

const ATTEMPTS = 5;

/**
 * The turn of a contact in a journey has come: entry is judged with the profile of this moment. `settle` is written with
 * what follows from it: the appointment's end, or its next. Throws Conflict when others were faster too often.
 */
export async function keepAppointment(
  appointment: Appointment,
  settle: readonly Write[],
  deps: AppointmentDeps,
): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    try {
      return await judgeOne(appointment, settle, deps.clock.now(), deps);
    } catch (error) {
      if (!(error instanceof ConditionFailed || error instanceof Conflict)) throw error;
      await deps.clock.sleep(20 * 2 ** attempt);
    }
  }
  throw new Conflict(`an appointment of ${appointment.journey} met other writers ${ATTEMPTS} times`);
}

async function judgeOne(
  appointment: Appointment,
  settle: readonly Write[],
  now: Instant,
  deps: AppointmentDeps,
): Promise<void> {
  const { table, published, metrics } = deps;
  const profile = await loadProfile(table, appointment.contact);
  const live = (await published.catalogue()).journeys[appointment.journey];
  if (!profile || !live) return write(settle, deps);
  const journey = await published.version(appointment.journey, live.version);
  const asked = { journey, status: live.status, profile, now };
  const { decision, current } = await decide(appointment, asked, deps);
  if (decision.kind === 'refused') {
    countRefusal(metrics, journey.id, decision.reason);
    return write([...settle, ...(settle.length > 0 ? [checkProfile(profile)] : [])], deps);
  }
  const { writes, hints } = entryWrites(decision, current, now);
  const after = decision.kind === 'entered' ? decision.profile : profile;
  const looks = await looksFor(after, new Set(enteredSince(profile, after).map(journeyTouched)), { published, now });
  await table.transact([putProfile({ ...after, rev: profile.rev + 1 }, profile), ...writes, ...settle, ...looks]);
  for (const ref of hints) await hint(ref, deps);
}

async function write(writes: readonly Write[], { table }: AppointmentDeps): Promise<void> {
  const [first, ...more] = writes;
  if (first && more.length === 0) await table.write(first);
  else if (first) await table.transact(writes);
}

type Asked = Pick<Parameters<typeof judge>[0], 'status' | 'profile' | 'now'> & { readonly journey: CompiledJourney };

async function decide(
  appointment: Appointment,
  { journey, status, profile, now }: Asked,
  { table, published }: AppointmentDeps,
): Promise<{ decision: EntryDecision; current: Enrolment | undefined }> {
  const { journey: id, occurrence } = appointment;
  const [settings, segments] = await Promise.all([published.settings(), published.segments()]);
  const [door] = await loadDoors(table, partsOf(profile), [{ journey: id, key: occurrence }]);
  const current = await loadCurrent(table, journey, profile, occurrence);
  const facts = new ContactFacts(table, partsOf(profile));
  const trigger = calendarTrigger(appointment, journey.definition.trigger.type);
  const scope = triggeredScope({ profile, settings, segments, facts, now }, id, trigger);
  const zone = zoneOf(profile, settings);
  const input = { journey, status, key: occurrence, door, profile, trigger, now, zone, settings, scope, current };
  return { decision: await facts.settle(() => judge(input)), current };
}
