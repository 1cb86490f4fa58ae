import type { Model, Move } from './search.ts';
import {
  type Bug,
  type Delivery,
  type Hint,
  type Leg,
  type Limits,
  legOf,
  NEW,
  type Row,
  SEND,
  type Send,
  START,
  type State,
  type Word,
  type Zombie,
} from './state.ts';

/**
 * The protocol of enrol, advance, pause, send, walk and review, reduced to what can go wrong: one passage that waits and then
 * sends, with a purchase as its goal; a second version of it also goes on by what is said of a mail. Every read and every write is a move of its own, so that everything else may happen
 * in between; whoever calls a function calls it again when it crashed. Times are reduced to one: that of the time-out.
 */
type Add = (name: string, next: State, kind?: Move<State>['kind'], breaks?: string) => void;
type Fault = (name: string, what: keyof Limits, next: State) => void;
type Moves = (s: State, add: Add, fault: Fault, bug: Bug | undefined) => void;

const isOwed = (row: Row): boolean => row.seq > row.turnSeq && (row.heard || row.said);
const isInside = (row: Row | null): row is Row => row?.state === 'inside';
const isSame = (row: Row | null, snap: Row, bugged: boolean): row is Row =>
  row?.turn === snap.turn && row.leg === snap.leg && (bugged || row.seq === snap.seq);

const withLeg = (s: State, n: number, change: Partial<Leg>): State => ({
  ...s,
  legs: s.legs.map((leg, i) => (i === n - 1 ? { ...leg, ...change } : leg)),
});
const withMail = (s: State, change: Partial<State['mail']>): State => ({ ...s, mail: { ...s.mail, ...change } });

/** What a hint would do, by the row as it is. */
function hintOf(row: Row | null): Hint | null {
  if (!isInside(row)) return null;
  if (row.next === 'start') return { start: row.leg, turn: row.turn };
  return isOwed(row) && row.token !== 0 ? { wake: row.token } : null;
}

function give(s: State, hint: Hint): State {
  if ('wake' in hint) return endPause(s, hint.wake, false);
  return s.legs[hint.start - 1]?.phase === 'none' ? withLeg(s, hint.start, legOf('advance', hint.turn)) : s;
}

/** An answer to a token, or its time-out: nothing when it counts no more. A pause that is still at work lives on. */
function endPause(s: State, token: number, timedOut: boolean): State {
  const i = s.legs.findIndex((leg) => leg.token === token && (leg.phase === 'pause' || leg.phase === 'waiting'));
  const leg = s.legs[i];
  if (!leg) return s;
  const left: Zombie | null =
    leg.phase === 'pause' && leg.snap ? { kind: 'park', snap: leg.snap, token, timedOut } : null;
  return withLeg({ ...s, zombie: s.zombie ?? left }, i + 1, legOf('advance', leg.turn, { timedOut, token }));
}

/** A turn, decided from what was read. */
function takeTurn(s: State, snap: Row, timedOut: boolean): State {
  const row: Row = { ...snap, turn: snap.turn + 1, turnSeq: snap.seq, token: 0, next: 'pause' };
  if (snap.heard) return { ...s, row: { ...row, state: 'converted', next: 'finished' } };
  const goesOn = snap.version === 2 && snap.said;
  if (!snap.waiting && !goesOn) return { ...s, row: { ...row, waiting: true } };
  if (!timedOut && !s.late && !goesOn) return { ...s, row };
  return withMail({ ...s, row: { ...row, state: 'finished', next: 'finished' } }, { state: 'queued' });
}

/** The same turn by an execution that is about to grow too old: the next leg stands in the row with it. */
function renew(s: State, snap: Row, timedOut: boolean, bug: Bug | undefined): State | undefined {
  const taken = takeTurn(s, snap, timedOut);
  if (!isInside(taken.row)) return undefined;
  const leg = bug === 'renewal in the same leg' ? taken.row.leg : taken.row.leg + 1;
  const row: Row = { ...taken.row, leg, next: 'start', renewed: true };
  return { ...taken, row, legs: [...s.legs, legOf('none')] };
}

const enrolMoves =
  (which: 'cart' | 'buy'): Moves =>
  (s, add, fault, bug) => {
    const { at, hint } = s[which];
    const to = (next: Delivery['at'], from: State = s, given: Hint | null = null): State => ({
      ...from,
      [which]: { at: next, hint: given },
    });
    if (at === 'queue') {
      const known = which === 'cart' ? s.entered : s.purchased;
      if (known) add(`${which} comes again`, to(bug === 'repeat skips hints' ? 'gone' : 'look'));
      else add(`${which} is recorded`, to('look', which === 'cart' ? enter(s) : buy(s)));
    } else if (at === 'look') {
      const found = hintOf(s.row);
      add(`${which} looks for hints`, found ? to('hint', s, found) : to('gone'));
    } else if (at === 'hint' && hint) add(`${which} hints`, to('gone', give(s, hint)));
    if (at === 'gone') fault(`${which} is delivered again`, 'repeats', to('queue'));
    else if (at !== 'queue') fault(`${which} crashes`, 'crashes', to('queue'));
  };

/** Who has bought since the cart does not enter. */
const enter = (s: State): State => ({ ...s, entered: true, row: s.purchased ? null : NEW });

function buy(s: State): State {
  const { row } = s;
  if (!row) return { ...s, purchased: true };
  const state = row.state === 'finished' ? 'converted' : row.state;
  return { ...s, purchased: true, row: { ...row, heard: true, seq: row.seq + 1, state } };
}

const legMoves: Moves = (s, add, fault, bug) => {
  for (const [i, leg] of s.legs.entries()) {
    const n = i + 1;
    if (leg.phase === 'advance') advanceMoves(s, leg, n, add, fault, bug);
    if (leg.phase === 'pause') pauseMoves(s, leg, n, add, fault, bug);
    if (leg.phase !== 'advance' && leg.phase !== 'pause' && leg.phase !== 'waiting') continue;
    if (s.late && leg.phase === 'waiting') add(`pause ${n} times out`, endPause(s, leg.token, true), 'patient');
    // A function that is slower than its pause is long, which may happen again and again.
    if (s.late && leg.phase === 'pause') fault(`pause ${n} times out at work`, 'crashes', endPause(s, leg.token, true));
    const failed = withLeg({ ...s, stranded: { leg: n, start: 0 } }, n, legOf('failed'));
    if (!s.stranded) fault(`execution ${n} fails`, 'failures', { ...failed, legs: [...failed.legs, legOf('none')] });
  }
};

/** A turn looks at what is noted of its mails. */
const seen = ({ row, word }: State): Row | null => row && { ...row, said: row.said || word?.noted === true };

function advanceMoves(s: State, leg: Leg, n: number, add: Add, fault: Fault, bug: Bug | undefined): void {
  const { at, snap, timedOut, token } = leg;
  const again = withLeg(s, n, { at: 'read', snap: null });
  if (at === 'read' || !snap) return void add(`advance ${n} reads`, withLeg(s, n, { at: 'write', snap: seen(s) }));
  fault(`advance ${n} crashes`, 'crashes', again);
  if (at === 'write' && (!isInside(snap) || snap.leg !== n || snap.turn > leg.turn))
    add(`advance ${n} repeats`, withLeg(s, n, { at: 'out' }));
  else if (at === 'write') {
    const taken = { ...snap, turn: snap.turn + 1 };
    if (isSame(s.row, snap, bug === 'turn without seq'))
      add(`advance ${n} commits`, withLeg(takeTurn(s, snap, timedOut), n, { at: 'out', snap: taken }));
    else add(`advance ${n} was overtaken`, again);
    const renewed = isSame(s.row, snap, false) && !s.row.renewed ? renew(s, snap, timedOut, bug) : undefined;
    if (renewed) fault(`advance ${n} renews`, 'renewals', withLeg(renewed, n, { at: 'out', snap: taken }));
    const zombie: Zombie = { kind: 'turn', snap, token: 0, timedOut };
    if (!s.zombie) fault(`advance ${n} is given up`, 'crashes', { ...again, zombie });
  } else {
    const sends = s.mail.state === 'queued' && s.sends.length === 0 ? [SEND] : s.sends;
    const turn = snap.leg === n ? snap.turn : leg.turn;
    const pause = legOf('pause', turn, { token: (token || n * 100) + 1 });
    add(`advance ${n} returns`, withLeg({ ...s, sends }, n, pause));
  }
}

function pauseMoves(s: State, leg: Leg, n: number, add: Add, fault: Fault, bug: Bug | undefined): void {
  const { snap, token } = leg;
  if (!snap) return void add(`pause ${n} reads`, withLeg(s, n, { snap: s.row }));
  const again = withLeg(s, n, { snap: null, token: token + 1 });
  fault(`pause ${n} crashes`, 'crashes', again);
  // The state machine tries again, and the function of the first attempt is still at work.
  const zombie: Zombie = { kind: 'park', snap, token, timedOut: false };
  if (!s.zombie && isInside(snap)) fault(`pause ${n} is given up`, 'crashes', { ...again, zombie });
  if (!isInside(snap) || snap.leg !== n) add(`pause ${n} finishes`, withLeg(s, n, legOf('done')));
  else if (snap.turn !== leg.turn || isOwed(snap) || s.late)
    add(`pause ${n} wakes itself`, withLeg(s, n, legOf('advance', leg.turn, { token })));
  else if (isSame(s.row, snap, bug === 'park without seq')) {
    const parked = withLeg({ ...s, row: { ...s.row, token } }, n, { phase: 'waiting', snap: null });
    add(`pause ${n} parks`, parked);
    // The answer of the function is lost, and the pause is tried again with another token.
    fault(`pause ${n} parks and crashes`, 'crashes', withLeg(parked, n, { phase: 'pause', token: token + 1 }));
  } else add(`pause ${n} was disturbed`, withLeg(s, n, { snap: null }));
}

const zombieMoves: Moves = (s, add, _, bug) => {
  if (!s.zombie) return;
  const { kind, snap, token, timedOut } = s.zombie;
  const rest: State = { ...s, zombie: null };
  add('the zombie dies', rest, 'fault');
  const isOvertaken = bug !== 'park over a later attempt' && (s.row?.token ?? 0) > token;
  if (kind === 'park' && isSame(s.row, snap, bug === 'park without seq') && !isOvertaken)
    add('the zombie parks', { ...rest, row: { ...s.row, token } }, 'fault');
  if (kind === 'turn' && isInside(snap) && isSame(s.row, snap, bug === 'turn without seq'))
    add('the zombie commits', takeTurn(rest, snap, timedOut), 'fault');
};

const sendMoves: Moves = (s, add, fault, bug) => {
  for (const [i, { at, seq, state, denied }] of s.sends.entries()) {
    const name = `send ${i + 1}`;
    const to = (change: Partial<Send>, from: State = s): State => ({
      ...from,
      sends: s.sends.map((one, j) => (i === j ? { ...SEND, ...change } : one)),
    });
    const gone = (from: State = s): State => ({ ...from, sends: s.sends.filter((_, j) => i !== j) });
    const isQueued = s.mail.state === 'queued';
    if (at === 'read') {
      if (!isQueued || !s.row) add(`${name} has nothing to do`, gone());
      else if (s.row.heard || s.denied) add(`${name} may not go`, to({ at: 'withhold' }));
      else add(`${name} may go`, to({ at: 'claim', seq: s.row.seq, state: s.row.state, denied: false }));
      fault('the hint is doubled', 'repeats', { ...s, sends: [...s.sends, SEND] });
      continue;
    }
    fault(`${name} crashes`, 'crashes', to({}));
    if (at === 'withhold') add(`${name} withholds`, isQueued ? gone(withMail(s, { state: 'done' })) : to({}));
    // There is no slot for it in time: its hint is used up, and the mail stays due.
    if (at === 'claim') add(`${name} puts it off`, gone(), 'fault');
    if (at === 'claim') {
      const isMoved = bug !== 'claim without a look at the passage' && (s.row?.seq !== seq || s.row.state !== state);
      const isChanged = bug !== 'claim without a look at the contact' && s.denied !== denied;
      const denial = s.denied ? 'the mail is claimed after consent was withdrawn' : undefined;
      const late = s.purchased ? 'the mail is claimed after the purchase' : denial;
      if (!isQueued && bug !== 'claim unconditionally') add(`${name} finds it taken`, gone());
      else if (isMoved || isChanged) add(`${name} asks again`, to({}));
      else add(`${name} claims`, to({ at: 'ses' }, withMail(s, { state: 'claimed' })), 'prompt', late);
    }
    const twice = s.mail.calls > 0 ? 'the mail is sent twice' : undefined;
    if (at === 'ses')
      add('SES takes it', to({ at: 'note' }, withMail(s, { calls: s.mail.calls + 1, told: true })), 'prompt', twice);
    if (at === 'note') add(`${name} notes it`, gone(withMail(s, { state: 'done' })));
  }
  if (s.mail.state === 'queued' && !s.denied) add('consent is withdrawn', { ...s, denied: true }, 'fault');
};

/** An edit goes live, and a walk moves the passage: read, written as the next leg, started. Cut off, it comes again. */
const editMoves: Moves = (s, add, fault, bug) => {
  const { row, move } = s;
  if (!move) {
    if (isInside(row)) fault('a walk reads the passage', 'edits', { ...s, move: { snap: row } });
    return;
  }
  if ('old' in move) {
    const hint = bug === 'move forgets to start' ? null : hintOf(row);
    const started = hint ? give(s, hint) : s;
    add('the walk starts the next leg', { ...endPause(started, move.old, false), move: null });
    return fault('the walk is cut off', 'crashes', { ...s, move: { old: 0 } });
  }
  const { snap } = move;
  if (!isInside(row)) return add('the walk finds it over', { ...s, move: null });
  if (!isSame(row, snap, bug === 'move without seq')) return add('the walk reads again', { ...s, move: { snap: row } });
  const leg = bug === 'move in the same leg' ? snap.leg : snap.leg + 1;
  const moved: Row = { ...snap, leg, version: 2, next: 'start', token: 0, renewed: false };
  add('the walk moves it', { ...s, row: moved, legs: [...s.legs, legOf('none')], move: { old: row.token } });
};

/** A fact of an earlier mail: noted with its passage's hearing of it, by the words of the version that it was read on. */
const wordMoves: Moves = (s, add, fault, bug) => {
  const { row, word } = s;
  const to = (change: Partial<Word>, from: State = s): State => ({
    ...from,
    word: { ...{ at: 'read', version: 0, noted: false, hint: null }, ...word, ...change },
  });
  if (!word) return isInside(row) ? fault('something is said of a mail', 'words', to({})) : undefined;
  const { at, version, hint } = word;
  if (at === 'read')
    add('the word looks at the passage', to({ at: 'write', version: isInside(row) ? row.version : 0 }));
  else if (at === 'write' && bug !== 'word without version' && isInside(row) && row.version !== version)
    add('the word reads again', to({ at: 'read' }));
  else if (at === 'write' && version === 2 && row)
    add(
      'the word is noted and heard',
      to({ at: 'look', noted: true }, { ...s, row: { ...row, said: true, seq: row.seq + 1 } }),
    );
  else if (at === 'write') add('the word is noted', to({ at: 'gone', noted: true }));
  else if (at === 'look') {
    const found = bug === 'word forgets to hint' ? null : hintOf(row);
    add('the word looks for hints', to({ at: found ? 'hint' : 'gone', hint: found }));
  } else if (at === 'hint' && hint) add('the word hints', to({ at: 'gone', hint: null }, give(s, hint)));
};

const reviewMoves: Moves = (s, add, fault, bug) => {
  const { row, stranded, mail } = s;
  if (stranded && stranded.start > 0) {
    const started = give(s, { start: stranded.start, turn: row?.turn ?? 0 });
    add('recovery starts the next leg', { ...started, stranded: null });
    fault('recovery crashes', 'crashes', { ...s, stranded: { ...stranded, start: 0 } });
  } else if (stranded && isInside(row) && row.leg === stranded.leg) {
    const next: Row = { ...row, leg: row.leg + 1, next: 'start', token: 0, renewed: false };
    add('recovery writes the next leg', { ...s, row: next, stranded: { ...stranded, start: next.leg } });
  } else if (stranded) {
    const hint = bug === 'recovery forgets to start' ? null : hintOf(row);
    add('recovery finds that it moved on', { ...(hint ? give(s, hint) : s), stranded: null });
  }
  if (mail.told) add('SES tells of the mail', withMail(s, { told: false, state: 'done' }));
  // The lease is longer than any function lives, and SES would have spoken by then.
  else if (mail.state === 'claimed' && s.sends.every(({ at }) => at !== 'ses' && at !== 'note'))
    add('the mail becomes unknown', withMail(s, { state: 'done' }), 'patient');
  if (mail.state === 'queued' && s.sends.length === 0)
    add('review hints at the mail', { ...s, sends: [SEND] }, 'patient');
  const start = isInside(row) && row.renewed && row.next === 'start' ? hintOf(row) : null;
  const begun = start ? give(s, start) : s;
  if (begun !== s) add('review starts the renewed leg', begun, 'patient');
  if (!s.late) add('the moment of the time-out comes', { ...s, late: true }, 'patient');
  else if (isInside(row)) {
    const hint = row.next === 'start' || row.token === 0 ? hintOf(row) : { wake: row.token };
    const woken = hint ? give(s, hint) : s;
    if (woken !== s) add('review wakes it or starts it', woken, 'patient');
  }
};

function wrong({ row, mail, purchased, legs, word }: State, moves: readonly Move<State>[]): string | undefined {
  if (!moves.some(({ kind }) => kind === 'prompt') && isInside(row)) {
    if (isOwed(row)) return 'a passage sleeps past a wake that it is owed';
    if (row.version === 2 && row.waiting && word?.noted) return 'a passage sleeps past what was said of its mail';
    if (row.next === 'start' && !row.renewed && legs[row.leg - 1]?.phase === 'none') return 'a passage was not started';
  }
  if (moves.some(({ kind }) => kind !== 'fault')) return undefined;
  if (row?.state === 'inside') return 'a passage is stuck';
  if (row?.state === 'finished' && purchased) return 'a purchase was not counted';
  return mail.state === 'queued' || mail.state === 'claimed' ? 'a mail was forgotten' : undefined;
}

const ALL: readonly Moves[] = [
  ...[enrolMoves('cart'), enrolMoves('buy'), legMoves, zombieMoves],
  ...[sendMoves, editMoves, wordMoves, reviewMoves],
];

export function protocol(limits: Limits, bug?: Bug): Model<State> {
  const moves = (s: State): Move<State>[] => {
    const all: Move<State>[] = [];
    const add: Add = (name, next, kind = 'prompt', breaks = undefined) => all.push({ name, kind, next, breaks });
    const fault: Fault = (name, what, next) => {
      const spent = { ...s.spent, [what]: s.spent[what] + 1 };
      if (spent[what] <= limits[what]) add(name, { ...next, spent }, 'fault');
    };
    for (const of of ALL) of(s, add, fault, bug);
    return all;
  };
  // A purchase would wake whoever sleeps past a word, and how the mail at the end goes is told by the other searches.
  const start: State = limits.words > 0 ? { ...START, denied: true, buy: { at: 'gone', hint: null } } : START;
  return { start, moves, wrong };
}
