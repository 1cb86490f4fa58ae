import type { Condition } from '#shared/condition/condition.ts';
import { inWords } from '#shared/import/durations.ts';
import type { Block } from '#shared/import/graph.ts';
import type { Step } from '#shared/journey/journey.ts';
import { actionSteps } from './actions.ts';
import type { Campaign } from './campaign.ts';
import { conditionOf } from './conditions.ts';
import { after, type Delay, idAt, type MauticEvent, NO_DELAY, seconds } from './events.ts';

/** The campaign's tree as blocks. */

/** The campaign's tree as blocks. What ran side by side in Mautic runs one after another here. */
export class Tree {
  readonly blocks = new Map<string, Block>();
  readonly #campaign: Campaign;
  readonly #events: readonly MauticEvent[];

  constructor(campaign: Campaign, events: readonly MauticEvent[]) {
    this.#campaign = campaign;
    this.#events = events;
  }

  /** Blocks for all that hangs below an event on one path; then the passage goes on with `onward`. */
  link(
    parent: string | undefined,
    path: string | undefined,
    onward: string | undefined,
    passed: Delay = NO_DELAY,
  ): string | undefined {
    const children = this.#below(parent, path);
    if (children.length > 1) {
      const others = children
        .slice(1)
        .map(({ name }) => `"${name}"`)
        .join(', ');
      const [first] = children;
      if (first) this.#campaign.draft.notes.changed(first.at, `${others} ran beside it; here after it.`);
    }
    // From the last to the first, as each has to know what comes after it.
    return children.reduceRight<string | undefined>((next, child, i) => {
      const before = i === 0 ? passed : (children[i - 1]?.delay ?? NO_DELAY);
      this.blocks.set(child.key, this.#block(child, next, after(child.delay, before)));
      return child.key;
    }, onward);
  }

  /** In the order in which they are due; a jump does not come back, so it is last. */
  #below(parent: string | undefined, path: string | undefined): MauticEvent[] {
    const isRoot = (event: MauticEvent) =>
      event.parent === undefined || !this.#events.some((e) => e.key === event.parent);
    const children = this.#events.filter((event) =>
      parent === undefined
        ? isRoot(event)
        : event.parent === parent && (path === undefined || (event.path ?? 'yes') === path),
    );
    const last = ({ type }: MauticEvent) => (type === 'campaign.jump_to_event' ? 1 : 0);
    return children.toSorted((a, b) => last(a) - last(b) || seconds(a.delay) - seconds(b.delay) || a.order - b.order);
  }

  #block(event: MauticEvent, onward: string | undefined, delay: Delay): Block {
    const wait = this.#wait(delay);
    const { key, kind } = event;
    if (event.type === 'campaign.jump_to_event') {
      const target = idAt(this.#campaign.propertiesOf(event), 'jumpToEvent', 'jumpToEventId');
      return { key, steps: wait, next: target };
    }
    if (kind === 'decision') return { key, steps: wait, fork: this.#decision(event, onward) };
    if (kind === 'condition') {
      const condition = conditionOf(event, this.#campaign);
      return { key, steps: wait, fork: this.#condition(event, condition, onward) };
    }
    const steps = actionSteps(event, this.#campaign);
    return { key, steps: [...wait, ...steps], next: this.link(key, undefined, onward) };
  }

  #wait({ for: span, until }: Delay): Step[] {
    if (!span && !until) return [];
    const id = this.#campaign.ids.claim(span ? `wait ${inWords(span)}` : 'wait', 'wait');
    return [{ type: 'wait', id, ...(span && { for: span }), ...(until && { until }) }];
  }

  /** How long it waits stands in the delay of what happens if it does not. */
  #decision(event: MauticEvent, onward: string | undefined): NonNullable<Block['fork']> {
    const { draft, idOf } = this.#campaign;
    const condition = conditionOf(event, this.#campaign);
    const patience = this.#below(event.key, 'no').find(({ delay }) => delay.for)?.delay;
    if (!patience) draft.notes.changed(event.at, 'It waited without end; here 90 days.', 'Say in "upTo" how long.');
    const id = idOf(event.key);
    const upTo = patience?.for ?? 'P90D';
    const to = [this.link(event.key, 'yes', onward), this.link(event.key, 'no', onward, patience ?? NO_DELAY)];
    const build = ([then = [], otherwise = []]: readonly (readonly Step[])[]): Step => ({
      ...{ type: 'waitFor', id, name: event.name, for: condition, upTo },
      ...{ then: [...then], otherwise: [...otherwise] },
    });
    return { id, to, waits: true, build };
  }

  #condition(event: MauticEvent, condition: Condition, onward: string | undefined): NonNullable<Block['fork']> {
    const id = this.#campaign.idOf(event.key);
    const to = [this.link(event.key, 'yes', onward), this.link(event.key, 'no', onward)];
    const build = ([yes = [], no = []]: readonly (readonly Step[])[]): Step => ({
      ...{ type: 'branch', id, name: event.name },
      cases: [{ name: 'yes', if: condition, steps: [...yes] }],
      otherwise: [...no],
    });
    return { id, to, build };
  }
}
