import { type Finding, type Plan, planOf, type Webhook } from './plan.ts';
import { Refused, type Storefront } from './storefront.ts';

type Asked = {
  /** Tropa's, for this source. */
  readonly address: string;
  readonly check: boolean;
  readonly move: boolean;
  /** What webhooks that are made, or mended, sign with, where the storefront asks for that. */
  readonly secret?: string | undefined;
  /** Whether those that are in order get the secret, too: nobody can see whether they have it. */
  readonly renew: boolean;
};

export type Connected = {
  readonly name: string;
  readonly source: Storefront['source'];
  readonly address: string;
  readonly webhooks: readonly Webhook[];
  readonly fine: readonly string[];
  /** What was wrong, and is not any more. */
  readonly mended: readonly Finding[];
  /** What is wrong still, and perhaps why it could not be mended. */
  readonly left: readonly (Finding & { readonly why?: string })[];
  /** How many webhooks have got the secret. */
  readonly renewed: number;
  readonly notes: readonly string[];
};

/** Holds the webhooks of a storefront against what Tropa reads, mends them, and looks again. Throws BadInput. */
export async function connect(storefront: Storefront, request: Asked): Promise<Connected> {
  const before = await storefront.list();
  const plan = planned(storefront, before, request);
  if (request.check) return resultOf(storefront, request, { webhooks: before, before: plan, now: plan });
  const refused = await mendAll(storefront, plan, request);
  const renewed = request.renew ? await renewAll(storefront, before, request) : 0;
  const hasChanged = plan.findings.length > 0 || renewed > 0;
  const webhooks = hasChanged ? await storefront.list() : before;
  return resultOf(storefront, request, {
    webhooks,
    before: plan,
    now: planned(storefront, webhooks, request),
    refused,
    renewed,
  });
}

/** What is to be done for this storefront. */
export const planned = (
  { topics, isRead }: Storefront,
  found: readonly Webhook[],
  { address, move }: Pick<Asked, 'address' | 'move'>,
): Plan => planOf(found, { topics, isRead, address, move });

/** By topic, why a webhook could not be mended. */
async function mendAll(
  storefront: Storefront,
  { findings }: Plan,
  { address, secret }: Asked,
): Promise<ReadonlyMap<string, string>> {
  const refused = new Map<string, string>();
  const done = new Set<string>();
  for (const { topic, mend } of findings) {
    if (!mend || done.has(topic)) continue;
    done.add(topic);
    const change = { topic, address, secret };
    const why = await whyRefused(() =>
      mend.do === 'create' ? storefront.create(change) : storefront.change(mend.id, change),
    );
    if (why !== undefined) refused.set(topic, why);
  }
  return refused;
}

async function renewAll(
  storefront: Storefront,
  found: readonly Webhook[],
  { address, secret }: Asked,
): Promise<number> {
  const here = found.filter((one) => one.address === address && one.status === 'active');
  for (const { id, topic } of here) await storefront.change(id, { topic, address, secret });
  return here.length;
}

async function whyRefused(work: () => Promise<void>): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (error instanceof Refused) return error.message;
    throw error;
  }
}

type Seen = {
  readonly webhooks: readonly Webhook[];
  readonly before: Plan;
  readonly now: Plan;
  readonly refused?: ReadonlyMap<string, string>;
  readonly renewed?: number;
};

function resultOf(
  { name, source, words }: Storefront,
  { address }: Asked,
  { webhooks, before, now, refused = new Map(), renewed = 0 }: Seen,
): Connected {
  const isLeft = (one: Finding): boolean =>
    now.findings.some(({ topic, wrong }) => topic === one.topic && wrong === one.wrong);
  const left = now.findings.map((one) => {
    const why = refused.get(one.topic);
    return why === undefined ? one : { ...one, why };
  });
  return {
    name,
    source,
    address,
    webhooks,
    fine: now.fine,
    mended: before.findings.filter((one) => !isLeft(one)),
    left,
    renewed,
    notes: [...now.notes, ...words],
  };
}
