import { beforeAll, describe } from 'vitest';
import { breakerContract } from './contract/breaker.ts';
import { changesContract } from './contract/changes.ts';
import { claimsContract } from './contract/claims.ts';
import { codesContract } from './contract/codes.ts';
import { conditionsContract } from './contract/conditions.ts';
import { indexesContract } from './contract/indexes.ts';
import { placesContract } from './contract/places.ts';
import { readsContract } from './contract/reads.ts';
import type { Subject } from './contract/subject.ts';
import { transactionsContract } from './contract/transactions.ts';
import { valuesContract } from './contract/values.ts';

/**
 * What shared/store/table.ts promises, held against one adapter. Tests share the table, so each writes under partitions
 * of its own.
 */
export function tableContract(name: string, make: () => Promise<Subject>): void {
  describe(`${name} keeps the promises of the Table port`, () => {
    let subject: Subject | undefined;
    beforeAll(async () => {
      subject = await make();
    });
    const current = (): Subject => {
      if (subject === undefined) throw new Error('the table is there once the suite has started');
      return subject;
    };
    readsContract(current);
    conditionsContract(current);
    changesContract(current);
    transactionsContract(current);
    indexesContract(current);
    valuesContract(current);
    placesContract(current);
    codesContract(current);
    claimsContract(current);
    breakerContract(current);
  });
}
