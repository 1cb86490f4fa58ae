import type { Condition, EventLeaf, Leaf } from './condition.ts';
import type { Scope } from './scope.ts';

/** How leaves are told apart: each kind has one member that it must have, its subject. */

export type AnyLeaf = Leaf | EventLeaf;

type Required<L> = { [K in keyof L]-?: object extends Pick<L, K> ? never : K }[keyof L];
type SubjectOf<L> = L extends unknown ? Required<L> : never;
export type Subject = SubjectOf<AnyLeaf>;

export type LeafOf<S extends Subject> = Extract<AnyLeaf, { readonly [K in S]: unknown }> & {
  readonly listener?: string;
};

export type Evaluate = (condition: Condition, scope: Scope) => boolean;

/** Answers one kind of leaf. Conditions inside it (a `where`, a segment) it hands back to `evaluate`. */
export type Judge<S extends Subject> = (leaf: LeafOf<S>, scope: Scope, evaluate: Evaluate) => boolean;

/** Whether the leaf is of that kind. */
export const asks = <S extends Subject>(subject: S, leaf: Condition): leaf is LeafOf<S> => subject in leaf;

export const listOf = <T extends string>(value: T | readonly T[]): readonly T[] =>
  typeof value === 'string' ? [value] : value;
