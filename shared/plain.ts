/** What anybody at all may have written into a form or posted: nothing of it steers the terminal. */
export const plain = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cf}]/gu, '?');
