import { type Fields, type Input, RowReader } from '#apps/cli/replay/rows.ts';
import { text } from '#apps/cli/replay/source.ts';

/** What The Complete Journey tells of products and households, beside the transactions. */

const DEMOGRAPHICS = {
  age: 'age',
  income: 'income',
  home_ownership: 'homeOwnership',
  marital_status: 'maritalStatus',
  household_size: 'householdSize',
  household_comp: 'householdComposition',
  kids_count: 'kids',
} as const;

export type Product = { readonly name: string; readonly category: string };

/** The data come out of R, which writes NA for what it does not know. */
const known = (fields: Fields, column: string) => {
  const value = text(fields, column);
  return value === 'NA' ? '' : value;
};

async function* lookUp(input: Input | undefined): AsyncGenerator<Fields> {
  if (!input) return;
  const reader = new RowReader(input);
  for await (const rows of reader.read(() => {})) {
    for (const row of rows) if ('cells' in row) yield reader.fieldsOf(row.cells) ?? {};
  }
}

/** Name and category of each product, by its id. Nothing where there is no such file. */
export async function productsIn(input: Input | undefined): Promise<Map<string, Product>> {
  const products = new Map<string, Product>();
  for await (const fields of lookUp(input)) {
    const category = known(fields, 'product_category') || known(fields, 'department');
    if (category !== '')
      products.set(text(fields, 'product_id'), { name: known(fields, 'product_type') || category, category });
  }
  return products;
}

/** Traits of each household, by its id. Nothing where there is no such file. */
export async function demographicsIn(input: Input | undefined): Promise<Map<string, Record<string, string>>> {
  const households = new Map<string, Record<string, string>>();
  for await (const fields of lookUp(input)) {
    const given = Object.entries(DEMOGRAPHICS).map(([column, trait]) => [
      `demographics.${trait}`,
      known(fields, column),
    ]);
    households.set(text(fields, 'household_id'), Object.fromEntries(given.filter(([, value]) => value !== '')));
  }
  return households;
}
