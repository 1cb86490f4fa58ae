import { identityHash } from '#shared/enrolment/ids.ts';
import type { Event, Identities } from '#shared/event/event.ts';
import { identityKey } from '#shared/store/keys.ts';
import type { Ledger } from './ledger.ts';

/** Who is one person, by the identities that events name together. */
export class People {
  readonly #into = new Map<string, string>();

  constructor(events: Iterable<Event>) {
    for (const { identities } of events) {
      const [first, ...others] = namesOf(identities);
      if (first !== undefined) this.#into.set(this.#root(first), this.#root(first));
      for (const other of others) if (first !== undefined) this.#into.set(this.#root(other), this.#root(first));
    }
  }

  of(identities: Identities): string | undefined {
    const [first] = namesOf(identities);
    return first === undefined ? undefined : this.#root(first);
  }

  /** Their identities, as `email c1@shop.example`. */
  namesOf(person: string): string[] {
    return [...this.#into.keys()].filter((name) => this.#root(name) === person);
  }

  #root(name: string): string {
    const into = this.#into.get(name);
    return into === undefined || into === name ? name : this.#root(into);
  }
}

const namesOf = ({ externalId, email }: Identities): string[] => [
  ...(externalId === undefined ? [] : [`externalId ${externalId}`]),
  ...(email === undefined ? [] : [`email ${email}`]),
];

/** When somebody of these identities was erased, the last time; undefined for who was not. */
export function erasedAt(names: readonly string[], { buried }: Ledger): string | undefined {
  return names
    .map((name) => {
      const [kind = '', value = ''] = name.split(' ');
      return buried.get(identityKey(kind, identityHash(kind, value)).pk);
    })
    .filter((at) => typeof at === 'string')
    .toSorted()
    .at(-1);
}
