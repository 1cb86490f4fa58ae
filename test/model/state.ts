/** What the model of the protocol knows at one moment (see protocol.ts). */
export type Row = {
  readonly seq: number;
  readonly turnSeq: number;
  readonly turn: number;
  readonly leg: number;
  readonly next: 'start' | 'pause' | 'finished';
  readonly state: 'inside' | 'converted' | 'finished';
  /** It stands on the wait. */
  readonly waiting: boolean;
  /** The goal was heard. */
  readonly heard: boolean;
  /** Which version it is on: the second also goes on by what is said of an earlier mail. */
  readonly version: 1 | 2;
  /** What was said of that mail has been heard, or seen by a turn. */
  readonly said: boolean;
  /** 0: none. */
  readonly token: number;
  /** Its execution was about to grow too old: review starts the next, if nobody else has. */
  readonly renewed: boolean;
};

/** One execution: in which state it is, how far its function has come, and what that has read. */
export type Leg = {
  readonly phase: 'none' | 'advance' | 'pause' | 'waiting' | 'done' | 'failed';
  readonly at: 'read' | 'write' | 'out';
  readonly snap: Row | null;
  readonly turn: number;
  readonly timedOut: boolean;
  readonly token: number;
};

export type Hint = { readonly start: number; readonly turn: number } | { readonly wake: number };

/** An event: in the queue of enrol, or recorded and its hints not given yet, or worked off. */
export type Delivery = { readonly at: 'queue' | 'look' | 'hint' | 'gone'; readonly hint: Hint | null };

/** A function that is working on the mail, in the order of what it does. */
export type Send = {
  readonly at: 'read' | 'withhold' | 'claim' | 'ses' | 'note';
  readonly seq: number;
  readonly state: string;
  /** Whether consent was withdrawn when it asked. */
  readonly denied: boolean;
};

/** A function that its caller has given up, and that still has one write to do. */
export type Zombie = {
  readonly kind: 'park' | 'turn';
  readonly snap: Row;
  readonly token: number;
  readonly timedOut: boolean;
};

/** What is said of a mail: on its way, by which version it would be heard (0: nobody is left to), or noted, with its hints. */
export type Word = {
  readonly at: 'read' | 'write' | 'look' | 'hint' | 'gone';
  readonly version: Row['version'] | 0;
  readonly noted: boolean;
  readonly hint: Hint | null;
};

export type State = {
  readonly row: Row | null;
  readonly entered: boolean;
  readonly purchased: boolean;
  /** Consent was withdrawn, which changes the contact and moves no passage. */
  readonly denied: boolean;
  /** The moment of the time-out has come. */
  readonly late: boolean;
  readonly cart: Delivery;
  readonly buy: Delivery;
  readonly legs: readonly Leg[];
  /** `told`: SES has the mail, and has not said so yet. */
  readonly mail: {
    readonly state: 'none' | 'queued' | 'claimed' | 'done';
    readonly calls: number;
    readonly told: boolean;
  };
  readonly sends: readonly Send[];
  readonly zombie: Zombie | null;
  /** An execution that failed; `start` is its next leg, once that stands in the row. */
  readonly stranded: { readonly leg: number; readonly start: number } | null;
  /** A walk that moves the passage to another version: what it has read, or that the new leg has still to be started. */
  readonly move: { readonly snap: Row } | { readonly old: number } | null;
  readonly word: Word | null;
  readonly spent: Limits;
};

/** How much may happen: functions that die, executions that fail or are renewed, events and hints that come twice, edits that move the passage, words that are said of its earlier mail. */
export type Limits = {
  readonly crashes: number;
  readonly failures: number;
  readonly renewals: number;
  readonly repeats: number;
  readonly edits: number;
  readonly words: number;
};

/** Faults that can be planted, each of which the search must find. */
export type Bug =
  | 'park without seq'
  | 'turn without seq'
  | 'park over a later attempt'
  | 'claim without a look at the passage'
  | 'claim without a look at the contact'
  | 'claim unconditionally'
  | 'repeat skips hints'
  | 'recovery forgets to start'
  | 'renewal in the same leg'
  | 'move without seq'
  | 'move in the same leg'
  | 'move forgets to start'
  | 'word without version'
  | 'word forgets to hint';

export const legOf = (phase: Leg['phase'], turn = 0, more: Partial<Leg> = {}): Leg => ({
  ...{ phase, at: 'read', snap: null, turn, timedOut: false, token: 0 },
  ...more,
});
export const NEW: Row = {
  ...{ seq: 0, turnSeq: 0, turn: 0, leg: 1, next: 'start', state: 'inside' },
  ...{ waiting: false, heard: false, version: 1, said: false, token: 0, renewed: false },
};
export const START: State = {
  row: null,
  entered: false,
  purchased: false,
  denied: false,
  late: false,
  cart: { at: 'queue', hint: null },
  buy: { at: 'queue', hint: null },
  legs: [legOf('none')],
  mail: { state: 'none', calls: 0, told: false },
  sends: [],
  zombie: null,
  stranded: null,
  move: null,
  word: null,
  spent: { crashes: 0, failures: 0, renewals: 0, repeats: 0, edits: 0, words: 0 },
};
export const SEND: Send = { at: 'read', seq: 0, state: '', denied: false };
