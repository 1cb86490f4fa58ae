import * as z from 'zod';
import { momentAt, own } from '#shared/import/choice.ts';
import type { Draft } from '#shared/import/draft.ts';
import type { Source } from '#shared/import/source.ts';

/** When a broadcast goes out. */

const RRULE: Readonly<Record<string, 'P1D' | 'P1W' | 'P1M'>> = { DAILY: 'P1D', WEEKLY: 'P1W', MONTHLY: 'P1M' };

const BYDAY = { MO: 'mon', TU: 'tue', WE: 'wed', TH: 'thu', FR: 'fri', SA: 'sat', SU: 'sun' } as const;

const isByday = (word: string): word is keyof typeof BYDAY => Object.hasOwn(BYDAY, word);

const isRight = (name: string, value: string): boolean => {
  if (name === 'FREQ') return Object.hasOwn(RRULE, value);
  if (name === 'INTERVAL') return value === '1';
  if (name === 'BYDAY') return value.split(',').every(isByday);
  return name === 'BYMONTHDAY' && value.split(',').every((n) => n === '-1' || /^([1-9]|[12]\d|3[01])$/.test(n));
};

/** An RRULE, if the workflow has one; else the time has to be written by a person. */
export function scheduleOf({ notes }: Draft, flow: Source, config: Source) {
  const [first, ...more] = flow.at('schedules').items();
  for (const at of more) notes.lost(at, 'A journey has one schedule.');
  const text = z.string().min(1);
  const rule = first?.at('rrule').take(text) ?? '';
  const starts = first && momentAt(first.at('starts_at'));
  const zone = first?.at('timezone').take(text);
  const seen = ['id', 'status', 'next_run_at', 'created_at', 'updated_at', 'variables'];
  if (first) notes.drop(first, seen, 'when it runs next is reckoned anew');
  const parts = [...rule.matchAll(/([A-Z]+)=([^;\s]+)/g)].map(([, name = '', value = '']) => [name, value] as const);
  const wrong = parts.filter(([name, value]) => !isRight(name, value)).map((part) => part.join('='));
  if (first && wrong.length > 0) notes.lost(first.at('rrule'), `${wrong.join(', ')} cannot be expressed.`, CLOSE);
  const given = new Map(parts);
  const every = own(RRULE, given.get('FREQ') ?? '');
  const at = /T(\d\d:\d\d)/.exec(starts ?? '')?.[1];
  if (!every || !at || !starts) {
    notes.todo(
      config,
      'When it is sent, the file does not say.',
      'Write "at" of the trigger, and "every" if it returns.',
    );
    return { at: starts?.slice(0, 16) ?? '2030-01-01T10:00' };
  }
  const on = [...daysIn(given.get('BYDAY')), ...datesIn(given.get('BYMONTHDAY'))];
  return { every, ...(on.length > 0 && { on }), at, from: starts.slice(0, 10), ...(zone && { zone }) };
}

const CLOSE = 'Set the journey to "closing" when it is over.';

const daysIn = (words = '') => words.split(',').flatMap((word) => (isByday(word) ? [BYDAY[word]] : []));

const datesIn = (words = '') =>
  words.split(',').flatMap((n): (number | 'last')[] => {
    if (n === '-1') return ['last'];
    return Number(n) > 0 ? [Number(n)] : [];
  });
