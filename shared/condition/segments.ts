import { ownOf } from '#shared/own-of.ts';
import { type Judge, listOf } from './judge.ts';
import type { Scope } from './scope.ts';

/**
 * What a segment sees: the contact, and neither passage nor event. Its own name is unknown inside it, so that segments
 * that name each other in a circle come to an end.
 */
export function segmentScope(id: string, { now, settings, segments, profile, facts }: Scope): Scope {
  const { [id]: _, ...others } = segments;
  return { now, settings, segments: others, profile, file: id, facts };
}

export const judgeSegment: Judge<'segment'> = ({ segment }, scope, evaluate) =>
  listOf(segment).some((id) => {
    const condition = ownOf(scope.segments, id);
    return condition !== undefined && evaluate(condition, segmentScope(id, scope));
  });
