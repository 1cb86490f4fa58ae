/** As objects are written that have no field called `toString`. */
const WRITTEN = '[object Object]';

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Asked of every mail. */
const isStubborn = (value: object): boolean =>
  typeof value.toString !== 'function' || Object.values(value).some((one) => isObject(one) && isStubborn(one));

/**
 * What a template can print, such that all of it can be written as text. Customers send fields of any name, and JavaScript
 * takes one that is called `toString` for how its object is written: it fails, and with it the mail. What has no such field
 * comes back as it is; of all else a copy, whose fields are the same.
 */
export const writable = (scope: object): object => (isStubborn(scope) ? Object(copyOf(scope)) : scope);

function copyOf(value: unknown): unknown {
  if (!isObject(value)) return value;
  if (Array.isArray(value)) return value.map(copyOf);
  const copy = Object.fromEntries(Object.entries(value).map(([name, field]) => [name, copyOf(field)]));
  // It is asked before `toString`, and no JSON has it.
  return Object.defineProperty(copy, Symbol.toPrimitive, { value: () => WRITTEN });
}
