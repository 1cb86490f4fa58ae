/** What programs write where there is no id: it would make one person of all who have none. */
const WORDS = new Set([
  ...['undefined', 'null', 'nil', 'none', 'nan', 'n/a', 'true', 'false'],
  ...['anonymous', 'guest', 'unknown', '[object object]', '{}', '[]'],
]);

/** Whether a text is no id of anybody, whatever its letters' case: `undefined`, `null`, `guest`, nothing but zeros. */
export const isNoId = (text: string): boolean => {
  const plain = text.trim().toLowerCase();
  return WORDS.has(plain) || /^[0.-]*$/.test(plain);
};
