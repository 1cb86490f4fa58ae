import * as z from 'zod';
import { canonicalInstantSchema, type Instant } from '#shared/time/instant.ts';
import { duePlace } from './due.ts';
import { jsonSchema } from './json.ts';
import { appointmentKey } from './keys.ts';
import { rowOf } from './row.ts';
import type { Row, Write } from './table.ts';

const appointmentSchema = z.object({
  contact: z.string(),
  journey: z.string(),
  /** The occurrence, which is the key of the passage: a birthday, the day of a broadcast. */
  occurrence: z.string(),
  due: canonicalInstantSchema,
  /** What the journey reads as its trigger. */
  data: z.record(z.string(), jsonSchema),
});
/** When the turn of a contact in a journey comes, by the calendar. */
export type Appointment = z.infer<typeof appointmentSchema>;

export const readAppointment = (row: Row | undefined): Appointment | undefined =>
  row?.['due'] === undefined ? undefined : appointmentSchema.parse(row);

/** Where it lies: a date has one row a journey, whichever occurrence is next; each occurrence of a schedule its own. */
const keyOf = (contact: string, journey: string, occurrence: string | undefined) =>
  appointmentKey(contact, journey, occurrence ?? '');

export const putAppointment = (appointment: Appointment, own: boolean): Write => ({
  kind: 'put',
  row: rowOf(keyOf(appointment.contact, appointment.journey, own ? appointment.occurrence : undefined), appointment, {
    v: 1,
    duePk: duePlace(appointment.contact),
  }),
});

/** Takes back what was arranged, on condition that it is still so. Of a date whose value is gone without one. */
export const dropAppointment = (contact: string, journey: string, own: string | undefined, due?: Instant): Write => ({
  kind: 'delete',
  key: keyOf(contact, journey, own),
  ...(due !== undefined && { if: { equals: { due } } }),
});
