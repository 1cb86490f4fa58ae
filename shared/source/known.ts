import type { Json } from '#shared/store/table.ts';

type Fields = { readonly [name: string]: Json | undefined };
type Known<T extends Fields> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** The fields that are known: what nobody knows is left out, so that conditions can ask whether it exists. */
export function known<T extends Fields>(fields: T): Known<T> {
  const result: Known<T> = {};
  for (const name in fields) {
    const value = fields[name];
    if (value !== undefined) Object.assign(result, { [name]: value });
  }
  return result;
}
