import { type Account, type Flow, isUsedUp } from '#shared/sending/flow.ts';
import { changeFlow, loadFlow } from '#shared/store/flow.ts';
import { type Instant, plusMillis } from '#shared/time/instant.ts';
import type { ReviewDeps } from './review.ts';

/** How often SES is asked what the account may send, in milliseconds; each minute while it takes nothing. */
const EVERY = 5 * 60_000;

/**
 * How mail stands, with what SES says of the account where that is old. Whoever was stopped by SES goes on once it says that
 * sending is enabled, and at a full quota once it has room again. If SES does not answer, what it said last stands.
 */
export async function askAccount(deps: ReviewDeps): Promise<Flow> {
  const flow = await withPlan(await loadFlow(deps.table), deps);
  const asked = await upToDate(flow, deps);
  if (asked.stopped) deps.metrics.count('SendingStopped', 1);
  if (isUsedUp(asked, 'transactional')) deps.metrics.count('QuotaReached', 1);
  return asked;
}

/** Notes the stage's plan of a new domain there, for who asks how mail stands. */
async function withPlan({ plan, ...flow }: Flow, { table, warmUp }: ReviewDeps): Promise<Flow> {
  const isNoted = plan?.since === warmUp?.since && String(plan?.perDay) === String(warmUp?.perDay);
  if (!isNoted) await table.write(changeFlow(warmUp ? { set: [[['plan'], warmUp]] } : { remove: [['plan']] }));
  return warmUp ? { ...flow, plan: warmUp } : flow;
}

async function upToDate(flow: Flow, deps: ReviewDeps): Promise<Flow> {
  const now = deps.clock.now();
  if (deps.account) return isOld(flow, now) ? renewed(flow, deps) : flow;
  // Where nobody can be asked, a mail is tried: what is said to it stands for as long again.
  const since = flow.stopped?.at ?? flow.full?.at;
  if (since === undefined || plusMillis(since, EVERY) > now) return flow;
  await deps.table.write(changeFlow({ remove: [['stopped'], ['full']] }));
  return loadFlow(deps.table);
}

const isOld = ({ account, stopped, full }: Flow, now: Instant): boolean =>
  !account || stopped !== undefined || full !== undefined || plusMillis(account.at, EVERY) <= now;

async function renewed(flow: Flow, { table, clock, account, log, metrics }: ReviewDeps): Promise<Flow> {
  try {
    const said = await account?.ask();
    if (!said) return flow;
    const at = clock.now();
    const enabled = said.enabled && said.enforcement !== 'SHUTDOWN';
    const room = said.perDay <= 0 || said.sent < said.perDay;
    await table.write(
      changeFlow({
        set: [
          [['account'], { ...said, at, reserved: flow.reserved ?? 0 }],
          ...(enabled ? [] : ([[['stopped'], flow.stopped ?? { at, reason: wordOf(said) }]] as const)),
        ],
        remove: [...(enabled ? ([['stopped']] as const) : []), ...(room ? ([['full']] as const) : [])],
      }),
    );
    return loadFlow(table);
  } catch (error) {
    metrics.count('AccountUnknown', 1);
    log.error('SES does not say what the account may send; what it said last stands', {}, error);
    return flow;
  }
}

const wordOf = ({ enforcement }: Account): string =>
  enforcement === 'HEALTHY' ? 'SendingDisabled' : `EnforcementStatus ${enforcement}`;
