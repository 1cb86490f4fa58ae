import type { FunctionName } from '#functions/wiring.ts';
import { metricNamespaceOf } from '#infra/stage.ts';
import { embeddedMetrics } from '#shared/adapters/aws/metrics.ts';
import type { Metrics } from '#shared/ports.ts';
import { type Instant, toMillis } from '#shared/time/instant.ts';
import type { HandShop } from '#test/build/hand-shop.ts';
import { type Alarm, type Asked, alarm } from './alarms.ts';

type Point = {
  readonly at: number;
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly value: number;
};
type Line = Record<string, string | number> & {
  readonly _aws: {
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string }[];
    }[];
  };
};

/**
 * CloudWatch, as far as alarms on what functions count need it. Functions count by the adapter that they have on AWS, in the
 * lines that it writes; alarms are those of the templates.
 */
export class CloudWatch {
  readonly #now: () => Instant;
  readonly #points: Point[] = [];

  constructor(now: () => Instant) {
    this.#now = now;
  }

  /** Watches what each function of a shop counts. */
  static of(shop: HandShop): CloudWatch {
    const watch = new CloudWatch(shop.clock.now);
    shop.counting = watch.metrics;
    return watch;
  }

  /** What a function counts with. */
  readonly metrics = (service: FunctionName): Metrics => {
    const { count } = embeddedMetrics(service, metricNamespaceOf({ stage: 'test' }));
    return { count: (...given) => this.#take(written(() => count(...given))) };
  };

  /** Whether an alarm speaks now. */
  speaks(name: string): boolean {
    const one = alarm(name);
    const now = toMillis(this.#now());
    return Array.from({ length: one.periods }, (_, n) => n).every((n) => {
      const value = this.#reckoned(one, now - n * periodOf(one));
      return value === undefined ? one.missing === 'breaching' : one.isBreached(value);
    });
  }

  /** The value of an alarm's metric in the period that ends at a moment; undefined where there is none. */
  #reckoned({ name, asked, expression }: Alarm, until: number): number | undefined {
    const values = new Map(asked.map((one) => [one.id, this.#sum(one, until)]));
    if (expression === undefined) return values.get('');
    return expression
      .split(' + ')
      .map((term) => {
        const [, id = ''] = /^FILL\((\w+), 0\)$/.exec(term) ?? [];
        if (!values.has(id)) throw new Error(`${name} reckons ${expression}, which nobody here can`);
        return values.get(id) ?? 0;
      })
      .reduce((sum, value) => sum + value, 0);
  }

  #sum({ namespace, name, dimensions, statistic, period }: Asked, until: number): number | undefined {
    if (statistic !== 'Sum') throw new Error(`the ${statistic} of ${name} is nothing that functions count`);
    const points = this.#points.filter(
      (point) =>
        point.at > until - period &&
        point.at <= until &&
        point.namespace === namespace &&
        point.name === name &&
        isSame(point.dimensions, dimensions),
    );
    return points.length === 0 ? undefined : points.reduce((sum, { value }) => sum + value, 0);
  }

  #take(lines: readonly string[]): void {
    for (const text of lines) {
      const line: Line = JSON.parse(text);
      for (const { Namespace, Dimensions, Metrics: metrics } of line._aws.CloudWatchMetrics)
        for (const names of Dimensions)
          for (const { Name } of metrics)
            this.#points.push({
              at: toMillis(this.#now()),
              namespace: Namespace,
              name: Name,
              dimensions: Object.fromEntries(names.map((each) => [each, String(line[each])])),
              value: Number(line[Name]),
            });
    }
  }
}

const periodOf = ({ asked }: Alarm): number => asked[0]?.period ?? 0;

const isSame = (one: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>): boolean =>
  JSON.stringify(Object.entries(one).sort()) === JSON.stringify(Object.entries(other).sort());

/** What is written to standard output meanwhile, line by line. */
function written(work: () => void): string[] {
  const { write } = process.stdout;
  let text = '';
  process.stdout.write = (chunk: string | Uint8Array) => {
    text += String(chunk);
    return true;
  };
  try {
    work();
  } finally {
    process.stdout.write = write;
  }
  return text.split('\n').filter((line) => line !== '');
}
