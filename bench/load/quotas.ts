import type { StageSettings } from '#infra/stage.ts';
import type { Rate } from './bucket.ts';

/** What AWS allows an account in one region. Sources stand in docs/load.md. */
export type Quotas = {
  readonly name: string;
  readonly of: string;
  /** Requests of all HTTP APIs. */
  readonly api: Rate;
  /** Lambdas at once, all functions together. */
  readonly lambdas: number;
  /** Entries that the bus takes. */
  readonly bus: Rate;
  readonly startExecution: Rate;
  readonly sendTask: Rate;
  readonly transitions: Rate;
  /** Write units a second that the table takes at once; from then on it takes twice its last peak. */
  readonly tableWrites: number;
  readonly mailsPerSecond: number;
  readonly mailsPerDay: number;
};

/** What a shop has written into its stage for such an account. */
export type Ordered = { readonly sesRate: number } & Partial<Pick<StageSettings, 'requestsPerSecond' | 'concurrency'>>;

const same = (perSecond: number): Rate => ({ perSecond, burst: perSecond });

const LARGE_REGION = {
  api: { perSecond: 10_000, burst: 5000 },
  bus: same(10_000),
  startExecution: { perSecond: 300, burst: 1300 },
  sendTask: { perSecond: 500, burst: 3000 },
  transitions: same(5000),
} as const;

export const QUOTAS: readonly (Quotas & { readonly stage: Ordered })[] = [
  {
    name: 'new',
    of: 'an account of its first day, in us-east-1: 10 Lambdas, SES in its sandbox',
    ...LARGE_REGION,
    ...{ lambdas: 10, tableWrites: 4000, mailsPerSecond: 1, mailsPerDay: 200 },
    stage: { sesRate: 1 },
  },
  {
    name: 'default',
    of: 'the quotas as AWS lists them, in us-east-1, out of the sandbox of SES; the stage as it comes',
    ...LARGE_REGION,
    ...{ lambdas: 1000, tableWrites: 4000, mailsPerSecond: 14, mailsPerDay: 50_000 },
    stage: { sesRate: 14 },
  },
  {
    name: 'eu-central-1',
    of: 'the same in a region for which AWS lists less',
    api: { perSecond: 10_000, burst: 5000 },
    bus: same(2400),
    startExecution: { perSecond: 150, burst: 800 },
    sendTask: { perSecond: 300, burst: 1500 },
    transitions: same(800),
    ...{ lambdas: 1000, tableWrites: 4000, mailsPerSecond: 14, mailsPerDay: 50_000 },
    stage: { sesRate: 14 },
  },
  {
    name: 'raised',
    of: 'raised for the day, in us-east-1, the table warmed, the stage told of it',
    api: { perSecond: 20_000, burst: 10_000 },
    lambdas: 5000,
    bus: same(20_000),
    startExecution: { perSecond: 3000, burst: 6000 },
    sendTask: { perSecond: 3000, burst: 6000 },
    transitions: same(20_000),
    ...{ tableWrites: 100_000, mailsPerSecond: 500, mailsPerDay: 5_000_000 },
    stage: {
      sesRate: 500,
      requestsPerSecond: 20_000,
      concurrency: { enrol: 500, transactional: 100, marketing: 100, track: 200 },
    },
  },
];
