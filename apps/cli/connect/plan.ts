/** A webhook that a storefront has, of this app or key. */
export type Webhook = {
  readonly id: string;
  readonly topic: string;
  /** Where it posts. */
  readonly address: string;
  readonly status: 'active' | 'paused' | 'disabled';
  /** What it leaves out of what it would say: a filter, a choice of fields, or another format than JSON. */
  readonly cuts: readonly string[];
  /** What is wrong with the version of the interface that it speaks, which only the storefront's own pages can change. */
  readonly version?: string;
  /** What is no fault of it. */
  readonly note?: string;
};

export type Wanted = {
  readonly topics: readonly string[];
  /** Tropa's, for this source. */
  readonly address: string;
  /** Whether webhooks of Tropa at other addresses are moved here. */
  readonly move: boolean;
  /** Topics that are read beside those that are wanted. */
  readonly isRead: (topic: string) => boolean;
};

export type Mend = { readonly do: 'create' } | { readonly do: 'change'; readonly id: string };

/** `mend` is missing where only a person can do it. */
export type Finding = {
  readonly topic: string;
  readonly wrong: 'missing' | 'elsewhere' | 'stopped' | 'cut' | 'version';
  readonly says: string;
  readonly mend?: Mend;
};

export type Plan = {
  readonly findings: readonly Finding[];
  /** What is no fault, and worth knowing. */
  readonly notes: readonly string[];
  /** Wanted topics that are in order. */
  readonly fine: readonly string[];
};

/** What has to be done for a storefront to tell Tropa of everything that it reads; nothing, once it was done. */
export function planOf(found: readonly Webhook[], wanted: Wanted): Plan {
  const findings = wanted.topics.flatMap((topic) => faultsOf(topic, found, wanted));
  const faulty = new Set(findings.map(({ topic }) => topic));
  return {
    findings,
    notes: [...doubles(found, wanted), ...unread(found, wanted), ...said(found, wanted)],
    fine: wanted.topics.filter((topic) => !faulty.has(topic)),
  };
}

/** Hosts have no capitals. */
const bare = (address: string): string => (URL.canParse(address) ? new URL(address).href : address);
const isHere = ({ address }: Webhook, wanted: Wanted): boolean => bare(address) === bare(wanted.address);

/** Of Tropa, and of another stage, or of an address of the past. */
const isOtherTropa = (webhook: Webhook, wanted: Wanted): boolean =>
  !isHere(webhook, wanted) && bare(webhook.address).endsWith(new URL(wanted.address).pathname);

function faultsOf(topic: string, found: readonly Webhook[], wanted: Wanted): Finding[] {
  const ofTopic = found.filter((webhook) => webhook.topic === topic);
  const here = ofTopic.filter((webhook) => isHere(webhook, wanted));
  const one = here.find(({ status }) => status === 'active') ?? here[0];
  return one ? faultsOfOne(topic, one) : [absent(topic, ofTopic, wanted)];
}

function absent(topic: string, ofTopic: readonly Webhook[], wanted: Wanted): Finding {
  const other = ofTopic.find((webhook) => isOtherTropa(webhook, wanted));
  if (!other) return { topic, wrong: 'missing', says: 'nobody is told of it', mend: { do: 'create' } };
  const says = `it goes to ${other.address}`;
  if (wanted.move) return { topic, wrong: 'elsewhere', says, mend: { do: 'change', id: other.id } };
  return { topic, wrong: 'elsewhere', says: `${says} (--move moves it)`, mend: { do: 'create' } };
}

const STOPPED = {
  paused: 'it is paused: somebody has switched it off',
  disabled:
    'it was switched off after too many failures: see that the address answers, and that the secret is the same',
} as const;

function faultsOfOne(topic: string, { id, status, cuts, version }: Webhook): Finding[] {
  const mend: Mend = { do: 'change', id };
  return [
    ...(status === 'active' ? [] : [{ topic, wrong: 'stopped' as const, says: STOPPED[status], mend }]),
    ...(cuts.length === 0
      ? []
      : [{ topic, wrong: 'cut' as const, says: `it leaves things out: ${cuts.join(', ')}`, mend }]),
    ...(version === undefined ? [] : [{ topic, wrong: 'version' as const, says: version }]),
  ];
}

const doubles = (found: readonly Webhook[], wanted: Wanted): string[] =>
  wanted.topics.flatMap((topic) => {
    const times = found.filter((one) => one.topic === topic && one.status === 'active' && isHere(one, wanted)).length;
    return times > 1 ? [`${topic} comes ${times} times, and counts once: delete the others there.`] : [];
  });

const unread = (found: readonly Webhook[], wanted: Wanted): string[] =>
  found
    .filter((one) => isHere(one, wanted) && !wanted.topics.includes(one.topic) && !wanted.isRead(one.topic))
    .map(({ topic }) => `${topic} comes, and no journey can use it: it can be deleted there.`);

/** What several say is said once. */
const said = (found: readonly Webhook[], wanted: Wanted): string[] => [
  ...new Set(found.filter((one) => isHere(one, wanted)).flatMap(({ note }) => note ?? [])),
];
