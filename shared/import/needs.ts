import type { Condition } from '#shared/condition/condition.ts';
import type { Channel } from '#shared/event/event.ts';
import { eventTypeFrom, type Ids, openIds, pathFrom } from './ids.ts';
import type { Notes } from './notes.ts';
import type { Source } from './source.ts';
import { hasForeignWords, type Letter, templateStub } from './templates.ts';

/** What the journeys of an import refer to, and what therefore has to stand beside them. */

export type SenderGiven = { email?: string | undefined; replyTo?: string | undefined; sms?: string | undefined };
export type EndpointGiven = { email: string } | { https: string };
export type SegmentFile = { readonly id: string; readonly name: string; if: Condition; note?: string | undefined };
type Kind = 'marketing' | 'transactional';

export type Needs = {
  readonly topics: Map<string, { kind: Kind; name: string }>;
  readonly senders: Map<string, SenderGiven>;
  readonly endpoints: Map<string, EndpointGiven>;
  readonly segments: Map<string, SegmentFile>;
  readonly templates: Map<string, { path: string; text: string }>;
  topic(name: string, kind: Kind): string;
  sender(name: string, given: SenderGiven): string;
  endpoint(source: Source, name: string, given: EndpointGiven): string;
  template(source: Source, channel: Channel, letter: Letter): string;
  /** The id of a segment by its id in the source; what it is may become known later, or never. */
  segment(source: Source, key: string, name?: string): string;
  /** What a segment is, once its file has been read. */
  nameSegment(key: string, name: string): string;
  defineSegment(id: string, name: string, condition: Condition, note?: string): void;
  /** What a list of the other tool is here. */
  tag(name: string): string;
  /** The type that an event has here; said once when it is another name. */
  event(source: Source, name: string): string;
  trait(source: Source, name: string): string;
};

/** One id for each name, however often it is asked for. */
function keeper(ids: Ids, fallback: string) {
  const kept = new Map<string, string>();
  return (key: string, name = key): { id: string; isNew: boolean } => {
    const known = kept.get(key);
    if (known !== undefined) return { id: known, isNew: false };
    const id = ids.claim(name, fallback);
    kept.set(key, id);
    return { id, isNew: true };
  };
}

export function openNeeds(notes: Notes): Needs {
  const keep = {
    topic: keeper(openIds(), 'topic'),
    sender: keeper(openIds(), 'sender'),
    endpoint: keeper(openIds(), 'endpoint'),
    segment: keeper(openIds(), 'segment'),
    template: keeper(openIds(), 'template'),
    tag: keeper(openIds(), 'tag'),
  };
  const renamed = new Set<string>();
  const needs: Needs = {
    topics: new Map(),
    senders: new Map(),
    endpoints: new Map(),
    segments: new Map(),
    templates: new Map(),
    topic(name, kind) {
      const { id } = keep.topic(name);
      needs.topics.set(id, { kind, name });
      return id;
    },
    sender(name, given) {
      const { id } = keep.sender(JSON.stringify(given), name);
      needs.senders.set(id, given);
      return id;
    },
    endpoint(source, name, given) {
      const { id, isNew } = keep.endpoint(JSON.stringify(given), name);
      needs.endpoints.set(id, given);
      if (isNew && 'https' in given) notes.todo(source, `The endpoint "${id}" needs a secret in the settings.`);
      return id;
    },
    template(source, channel, letter) {
      const { id, isNew } = keep.template(`${letter.name}\n${letter.origin}`, letter.name);
      needs.templates.set(`${id}/${channel}`, templateStub(id, channel, letter));
      const instead = `Paste it into templates/${id}/${channel}.${channel === 'email' ? 'mjml' : 'liquid'}.`;
      if (isNew) notes.todo(source, `The text of ${letter.origin} has to be brought over by hand.`, instead);
      if (isNew && hasForeignWords(letter))
        notes.todo(
          source,
          `"${id}" prints names of the other tool.`,
          'Put {{ contact... }} or {{ trigger... }} in their place.',
        );
      return id;
    },
    segment(source, key, name = key) {
      const { id, isNew } = keep.segment(key, name);
      if (!isNew) return id;
      needs.segments.set(id, {
        id,
        name,
        if: { tag: id },
        note: 'TODO: what it was is not in the source; until then, a tag.',
      });
      notes.todo(
        source,
        `What the segment "${name}" is, the file does not say.`,
        `Write its condition into segments/${id}.json, or give the contacts the tag "${id}".`,
      );
      return id;
    },
    tag: (name) => keep.tag(name).id,
    nameSegment: (key, name) => keep.segment(key, name).id,
    defineSegment(id, name, condition, note) {
      needs.segments.set(id, { id, name, if: condition, ...(note !== undefined && { note }) });
    },
    event(source, name) {
      const type = eventTypeFrom(name);
      if (type !== name && !renamed.has(name))
        notes.changed(source, `The event "${name}" is called "${type}" here.`, `Let the shop post it as "${type}".`);
      renamed.add(name);
      return type;
    },
    trait(source, name) {
      const path = pathFrom(name);
      if (path !== name && !renamed.has(` ${name}`))
        notes.changed(source, `The property "${name}" is the trait "${path}" here.`);
      renamed.add(` ${name}`);
      return path;
    },
  };
  return needs;
}
