import { type Call, triedUntil } from '#shared/call/call.ts';
import { readCall } from '#shared/store/calls.ts';
import { kindOf } from '#shared/store/keys.ts';
import { fromMillis } from '#shared/time/instant.ts';
import type { Heard } from '../world/endpoint.ts';
import type { World } from '../world/world.ts';
import type { Ledger } from './ledger.ts';

/** A function that tells an endpoint has this long to live, and whoever comes behind it waits for longer. */
const APART = 50_000;
/** What says nothing of the call itself, but only of this moment. */
const PASSES = ['503', 'timed-out', 'unreachable'];
/** As far as clocks differ. */
const CLOCKS = 5000;

/** Another system hears each call, in the same words, from one at a time; and for an hour where it is not there. */
export function checkCalls(world: World, ledger: Ledger): void {
  for (const row of world.table.all()) {
    const call = kindOf(row) === 'call' ? readCall(row) : undefined;
    if (!call) continue;
    const said = `${call.journey}/${call.step} of ${call.contact}`;
    const heard = world.endpoint.heard.get(call.id) ?? [];
    if (call.state !== 'done') ledger.broken('every call comes to an end', `${said} is ${call.state}`);
    if (call.ok && !heard.some(({ status }) => status === 200))
      ledger.broken('what is told was heard', `${said}: ${JSON.stringify(call)}`);
    checkTries(call, heard, said, ledger);
  }
}

function checkTries(call: Call, heard: readonly Heard[], said: string, ledger: Ledger): void {
  if (new Set(heard.map(({ body }) => body)).size > 1)
    ledger.broken('a call says the same at each try', `${said}: ${heard.map(({ body }) => body).join(' / ')}`);
  for (const [i, { at }] of heard.entries()) {
    const { at: before = Number.NEGATIVE_INFINITY } = heard[i - 1] ?? {};
    if (at - before < APART)
      ledger.broken('a call is made by one at a time', `${said} came again after ${at - before} ms`);
    if (call.endedAt !== undefined && fromMillis(at - CLOCKS) > call.endedAt)
      ledger.broken('what is over is not told again', `${said} came at ${fromMillis(at)}, ended at ${call.endedAt}`);
  }
  const { endedAt } = call;
  const isPassing = endedAt !== undefined && !call.ok && PASSES.includes(call.reason ?? '');
  if (isPassing && endedAt < fromMillis(Date.parse(triedUntil(call)) - CLOCKS))
    ledger.broken('a call is tried for an hour', `${said} was given up at ${endedAt}: ${call.reason}`);
}
