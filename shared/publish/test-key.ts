const TEST = /(^|\/)[^/]+\.test\.jsonc?$/;

/** Whether a file is one of tests: `tests/cart.test.json`, or beside the journey. */
export const isTest = (key: string): boolean => TEST.test(key);
