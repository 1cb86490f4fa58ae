import type { LinkPayload } from '#shared/link/token.ts';
import { messageKey } from '#shared/store/keys.ts';
import { Random } from '../random.ts';
import type { Taken } from '../world/ses.ts';
import type { World } from '../world/world.ts';

const STREAM = 12;
/** How often somebody who got a mail follows a link in it. */
const OFTEN = 0.25;
const MOST = 6;
/** When they do, in milliseconds: at the very moment at which another mail may be under way, or after a while. */
const LATER = [0, 1000, 60_000, 3_600_000, 24 * 3_600_000] as const;

type Fields = readonly (readonly [string, string])[];
const form = (...fields: Fields): Fields => [['act', 'save'], ...fields];

/** What the pages can be asked. The topics of a form are those of the shop; what it showed is what its reader believes. */
const PRESSED: readonly (readonly [LinkPayload['act'], Fields])[] = [
  ['unsubscribe', [['List-Unsubscribe', 'One-Click']]],
  ['unsubscribe', [['act', 'unsubscribe']]],
  ['unsubscribe', [['act', 'undo']]],
  ['preferences', [['act', 'off']]],
  ['preferences', form(['wasTopic', 'news'], ['wasTopic', 'offers'])],
  ['preferences', form(['topic', 'news'], ['wasTopic', 'offers'])],
  ['preferences', form(['topic', 'offers'], ['wasTopic', 'news'])],
];
const CONFIRM = [
  'confirm',
  [
    ['act', 'confirm'],
    ['topic', 'offers'],
  ],
] as const;

/** Contacts who read their mails, and say on the pages that lie behind the links what they want. */
export class Reader {
  readonly #random: Random;
  readonly #world: () => World;
  #pressed = 0;
  #moment = 0;

  constructor(seed: number, world: () => World) {
    this.#random = new Random(seed, STREAM);
    this.#world = world;
  }

  got({ mail: { tags } }: Taken): void {
    const { scheduler, table } = this.#world();
    const random = this.#random;
    if (this.#moment !== scheduler.millis) random.moment(scheduler.millis);
    this.#moment = scheduler.millis;
    const { contact, message, journey } = tags;
    const asks = journey === 'confirm';
    if (contact === undefined || message === undefined || this.#pressed >= MOST) return;
    if (!random.chance(asks ? 0.8 : OFTEN)) return;
    this.#pressed += 1;
    const [act, fields] = asks ? CONFIRM : random.pick(PRESSED);
    const topic = String(table.read(messageKey(contact, message))?.['topic'] ?? 'news');
    scheduler.after(random.pick(LATER), () => {
      const world = this.#world();
      world.note?.(`somebody presses ${act} ${JSON.stringify(fields)} of ${message.slice(0, 6)}`);
      world.press({ contact, message, topic, act }, fields);
    });
  }
}
