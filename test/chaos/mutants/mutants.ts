import { MailAmbiguous, MailDeferred } from '#shared/errors.ts';
import { kindOf } from '#shared/store/keys.ts';
import type { Write } from '#shared/store/table.ts';
import { bent, inside, isOf, type Mutant, unchecked, unconditional } from './bend.ts';
import { OF_EDITS } from './edits.ts';
import { OF_LIMITS } from './limits.ts';
import { OF_PEOPLE } from './people.ts';

const withoutSeq = (write: Write): Write => {
  if (write.kind !== 'update' || !isOf('enrolment')(write)) return write;
  const { add = [], ...change } = write.change;
  return { ...write, change: { ...change, add: add.filter(([path]) => path[0] !== 'seq') } };
};

const woken = { succeed: async () => 'done' as const };

/** What may go wrong on the way of an event to a mail. */
const OF_THE_PATH: readonly Mutant[] = [
  {
    name: 'a claim takes a message that another attempt has',
    within: 400,
    bend: inside(['send'], (deps) => ({ table: bent(deps, { write: unconditional('message') }) })),
  },
  {
    name: 'a claim does not hold the contact to what was asked of them',
    within: 60,
    bend: inside(['send'], (deps) => ({ table: bent(deps, { write: unchecked('profile') }) })),
  },
  {
    name: 'a claim does not ask whether the address is suppressed by now',
    within: 800,
    bend: inside(['send'], (deps) => ({ table: bent(deps, { write: unchecked('suppression') }) })),
  },
  {
    name: 'a pause parks its token over what was heard since',
    within: 120,
    bend: inside(['pause'], (deps) => ({ table: bent(deps, { write: unconditional('enrolment') }) })),
  },
  {
    name: 'a turn is written over what was heard since',
    within: 300,
    bend: inside(['advance'], (deps) => ({ table: bent(deps, { write: unconditional('enrolment') }) })),
  },
  {
    name: 'a profile is written over what others wrote',
    within: 100,
    bend: inside(['enrol'], (deps) => ({ table: bent(deps, { write: unconditional('profile') }) })),
  },
  {
    name: 'nobody asks whether an event is known',
    within: 20,
    bend: inside(['enrol'], (deps) => ({
      table: bent(deps, {
        read: (row, key) => (kindOf(key) === 'receipt' ? undefined : row),
        write: unconditional('receipt'),
      }),
    })),
  },
  {
    name: 'an identity is claimed that somebody else has just claimed',
    within: 150,
    bend: inside(['enrol'], (deps) => ({ table: bent(deps, { write: unconditional('identity') }) })),
  },
  {
    name: 'a journey forgets who has been through it',
    within: 20,
    bend: inside(['enrol', 'advance', 'review'], (deps) => ({
      table: bent(deps, { write: (write) => (isOf('door')(write) && write.kind === 'put' ? undefined : write) }),
    })),
  },
  {
    name: 'what is heard does not move the number that everybody looks at',
    within: 20,
    bend: inside(['enrol', 'track', 'review', 'send'], (deps) => ({ table: bent(deps, { write: withoutSeq }) })),
  },
  {
    name: 'an ambiguous end is taken for a refusal',
    within: 300,
    bend: inside(['send'], ({ mailer }) => ({
      mailer: {
        send: async (mail) => {
          try {
            return await mailer.send(mail);
          } catch (error) {
            throw error instanceof MailAmbiguous ? new MailDeferred('Timeout', 'no answer') : error;
          }
        },
      },
    })),
  },
  {
    name: 'the client of SES tries again by itself',
    within: 60,
    bend: inside(['send'], ({ mailer }) => ({
      mailer: { send: (mail) => mailer.send(mail).catch(() => mailer.send(mail)) },
    })),
  },
  {
    name: 'review sends marketing mail once more when nobody knows',
    within: 300,
    bend: inside(['review'], (deps) => ({
      table: bent(deps, {
        read: (row, key) => (row && kindOf(key) === 'message' ? { ...row, lane: 'transactional' } : row),
      }),
    })),
  },
  {
    name: 'review looks at no messages',
    within: 60,
    bend: inside(['review'], (deps) => ({ table: bent(deps, { sees: (key) => kindOf(key) !== 'message' }) })),
  },
  {
    name: 'review looks at no passages',
    within: 200,
    bend: inside(['review'], (deps) => ({ table: bent(deps, { sees: (key) => kindOf(key) !== 'enrolment' }) })),
  },
  {
    name: 'nobody is woken before their pause ends',
    within: 20,
    bend: inside(['enrol', 'track', 'review', 'send'], ({ executions }) => ({
      executions: { ...executions, ...woken },
    })),
  },
  {
    name: 'a pause of somebody who has left is not ended',
    within: 30,
    bend: inside(['pause'], ({ executions }) => ({
      executions: { start: executions.start, succeed: executions.succeed, fail: async () => 'done' },
    })),
  },
  {
    name: 'a batch of the stream that comes again is counted again',
    within: 20,
    bend: inside(['tally'], (deps) => ({
      table: bent(deps, {
        read: (row, key) => (row && kindOf(key) === 'counter' ? { pk: row.pk, sk: row.sk } : row),
        write: unconditional('counter'),
      }),
    })),
  },
  {
    name: 'what the bus refuses goes nowhere',
    within: 300,
    bend: inside(['ingest'], () => ({ overflow: { send: async () => {} } })),
  },
  {
    name: 'nobody looks at what the bus has taken',
    within: 120,
    bend: inside(['ingest'], ({ bus }) => ({
      bus: {
        put: async (entries) => {
          await bus.put(entries);
          return [];
        },
      },
    })),
  },
];

/** Planted bugs: each is one line that somebody might forget. */
export const MUTANTS: readonly Mutant[] = [...OF_THE_PATH, ...OF_PEOPLE, ...OF_EDITS, ...OF_LIMITS];
