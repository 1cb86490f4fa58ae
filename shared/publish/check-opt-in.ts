import { CONSENT_PENDING } from '#shared/event/happenings.ts';
import { ownOf } from '#shared/own-of.ts';
import { type OptIn, optInOf, type Settings } from '#shared/settings/settings.ts';
import type { CheckContext } from './context.ts';
import type { Path, Source } from './parse.ts';
import { MISFIT, NOBODY_ASKS, notYet, type Remark, remark } from './remarks.ts';

/** What cannot be confirmed must not be asked to be: it would wait for ever. */
export function optIn(settings: Settings, source: Source, context: CheckContext | undefined): Remark[] {
  const needless = Object.entries(settings.topics).flatMap(([id, topic]) => {
    if (topic.kind === 'marketing' || topic.optIn === undefined) return [];
    const text = `"${id}" is transactional and needs no yes. Leave "optIn" out of it.`;
    return [remark(MISFIT, source.at(['topics', id, 'optIn']), text)];
  });
  return [
    ...needless,
    ...unreachable(settings.optIn, ['optIn'], source),
    ...Object.entries(settings.topics).flatMap(([id, topic]) =>
      topic.optIn === undefined ? [] : unreachable(topic.optIn, ['topics', id, 'optIn'], source),
    ),
    ...(context ? nobodyAsks(settings, source, context) : []),
  ];
}

const unreachable = (said: OptIn, path: Path, source: Source): Remark[] =>
  Object.entries(typeof said === 'string' ? {} : said).flatMap(([channel, how]) =>
    how === 'double' && channel !== 'email'
      ? [notYet(source.at([...path, channel]), `A double opt-in on ${channel} is`, 'Say "single".')]
      : [],
  );

/** With nobody who asks, a yes would wait until it is forgotten. Of a topic on which nothing is sent yet, nobody misses it. */
function nobodyAsks(settings: Settings, source: Source, { journeys }: CheckContext): Remark[] {
  const live = Object.values(journeys);
  if (live.some(({ events }) => events.includes(CONSENT_PENDING))) return [];
  const sent = ['marketing', ...Object.keys(settings.topics)].filter((id) =>
    live.some(({ topics }) => topics.includes(id)),
  );
  const topic = sent.find((id) => optInOf(settings, 'email', id) === 'double');
  if (topic === undefined) return [];
  const path: Path = ownOf(settings.topics, topic)?.optIn === undefined ? ['optIn'] : ['topics', topic, 'optIn'];
  const text = `A yes to "${topic}" waits for its confirmation, and no live journey asks for it. Start one with the event "${CONSENT_PENDING}": tropa new confirm.`;
  return [remark(NOBODY_ASKS, source.at(path), text)];
}
