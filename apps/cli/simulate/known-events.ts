import { BadInput } from '#apps/cli/bad-input.ts';
import { namedUnder } from '#apps/cli/named-under.ts';
import type { Journey } from '#shared/journey/journey.ts';
import { didYouMean } from '#shared/publish/did-you-mean.ts';
import { OWN_EVENTS } from '#shared/publish/kinds.ts';
import type { Happening } from '#shared/story/story.ts';
import type { StoryShop } from '#shared/story/tell-story.ts';

/** Throws BadInput for an event that neither the shop nor the journey knows: nothing could come of it. */
export function checkEvents(timeline: readonly Happening[], journey: Journey, shop: StoryShop): void {
  const named = [...namedUnder(journey, 'event'), ...namedUnder(shop.segments, 'event')];
  const known = new Set([...named, ...Object.keys(shop.settings.events), ...OWN_EVENTS]);
  if (known.has('any')) return;
  for (const one of timeline)
    if ('event' in one && !known.has(one.event)) {
      const hint =
        didYouMean(one.event, known) || ` The journey asks about ${[...new Set(named)].sort().join(', ') || 'none'}.`;
      throw new BadInput(`Nobody knows an event "${one.event}".${hint}`);
    }
}
