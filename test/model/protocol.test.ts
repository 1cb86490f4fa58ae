import { describe, expect, it } from 'vitest';
import { protocol } from './protocol.ts';
import { search } from './search.ts';
import type { Bug, Limits } from './state.ts';

const NONE: Limits = { crashes: 0, failures: 0, renewals: 0, repeats: 0, edits: 0, words: 0 };
const searched = new Map<string, ReturnType<typeof search>>();

/** What the search finds in the protocol as it is; each once, since some take seconds. */
function sound(limits: Partial<Limits>): ReturnType<typeof search> {
  const name = JSON.stringify(limits);
  const found = searched.get(name) ?? search(protocol({ ...NONE, ...limits }));
  searched.set(name, found);
  return found;
}

describe('the protocol loses no wake, sends a mail once at most and none after the purchase', () => {
  // The numbers are those of the model as it is: far fewer would mean that it had lost some of its moves.
  it.each<[string, Partial<Limits>, number]>([
    ['with three crashes at any point', { crashes: 3 }, 100_000],
    ['with a crash, and an event or a hint that comes twice', { crashes: 1, repeats: 1 }, 30_000],
    ['with a crash, and an execution that fails', { crashes: 1, failures: 1 }, 30_000],
    ['with a crash, and an execution that is renewed', { crashes: 1, renewals: 1 }, 10_000],
    ['with an execution that fails, and one that is renewed', { failures: 1, renewals: 1 }, 10_000],
    ['with an edit that moves it', { edits: 1 }, 10_000],
    ['with an edit that moves it, and something that is said of its mail', { edits: 1, words: 1 }, 10_000],
    ['with an execution that fails, and an event or a hint that comes twice', { failures: 1, repeats: 1 }, 10_000],
  ])('%s', (_, limits, atLeast) => {
    const { states, fault } = sound(limits);
    expect(fault).toBeUndefined();
    expect(states).toBeGreaterThan(atLeast);
  });
});

describe('the search finds what is wrong', () => {
  it.each<[Bug, Partial<Limits>, string]>([
    ['park without seq', {}, 'a passage sleeps past a wake that it is owed'],
    ['turn without seq', {}, 'the mail is claimed after the purchase'],
    ['claim without a look at the passage', {}, 'the mail is claimed after the purchase'],
    ['claim without a look at the contact', {}, 'the mail is claimed after consent was withdrawn'],
    ['park over a later attempt', { crashes: 1 }, 'a passage sleeps past a wake that it is owed'],
    ['claim unconditionally', { repeats: 1 }, 'the mail is sent twice'],
    ['repeat skips hints', { crashes: 1 }, 'a passage sleeps past a wake that it is owed'],
    ['renewal in the same leg', { renewals: 1 }, 'a passage sleeps past a wake that it is owed'],
    ['move without seq', { edits: 1 }, 'the mail is claimed after the purchase'],
    ['move in the same leg', { edits: 1 }, 'a passage sleeps past a wake that it is owed'],
    ['move forgets to start', { edits: 1 }, 'a passage sleeps past a wake that it is owed'],
    ['word without version', { edits: 1, words: 1 }, 'a passage sleeps past what was said of its mail'],
    ['word forgets to hint', { edits: 1, words: 1 }, 'a passage sleeps past a wake that it is owed'],
    ['recovery forgets to start', { crashes: 1, failures: 1 }, 'a passage sleeps past a wake that it is owed'],
  ])('%s', (bug, limits, what) => {
    expect(sound(limits).fault).toBeUndefined();
    const { fault } = search(protocol({ ...NONE, ...limits }, bug));
    expect(fault?.what).toBe(what);
  });
});
