/** Ids made of the names that people gave in the other tool. */

const CYRILLIC: Readonly<Record<string, string>> = Object.fromEntries(
  [
    ...['а a', 'б b', 'в v', 'г g', 'ґ g', 'д d', 'ђ dj', 'е e', 'є ye', 'ё yo', 'ж zh', 'з z', 'и i', 'і i', 'ї yi'],
    ...['й y', 'ј j', 'к k', 'л l', 'љ lj', 'м m', 'н n', 'њ nj', 'о o', 'п p', 'р r', 'с s', 'т t', 'ћ c', 'у u'],
    ...['ў u', 'ф f', 'х kh', 'ц ts', 'ч ch', 'џ dz', 'ш sh', 'щ shch', 'ъ ', 'ы y', 'ь ', 'э e', 'ю yu', 'я ya'],
  ].map((pair) => pair.split(' ')),
);
const GREEK: Readonly<Record<string, string>> = Object.fromEntries(
  [
    ...['α a', 'β v', 'γ g', 'δ d', 'ε e', 'ζ z', 'η i', 'θ th', 'ι i', 'κ k', 'λ l', 'μ m', 'ν n', 'ξ x', 'ο o'],
    ...['π p', 'ρ r', 'σ s', 'ς s', 'τ t', 'υ y', 'φ f', 'χ ch', 'ψ ps', 'ω o'],
  ].map((pair) => pair.split(' ')),
);
const LATIN: Readonly<Record<string, string>> = {
  ...{ ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ı: 'i' },
  ...{ '&': ' and ', '%': ' percent ', '+': ' plus ' },
};
const LETTERS = { ...CYRILLIC, ...GREEK, ...LATIN };

/** The name in small Latin letters. Marks fall off only after the table was asked: `й` is a letter, not a marked `и`. */
export const latin = (name: string): string =>
  [...name.normalize('NFC').toLowerCase()]
    .map((letter) => LETTERS[letter] ?? letter.normalize('NFD').replace(/\p{M}/gu, ''))
    .map((letter) => LETTERS[letter] ?? letter)
    .join('');

const LONGEST = 40;
/** Words with a meaning of their own wherever an id can stand. */
const RESERVED = ['any', 'entry', 'now', 'today', 'trigger', 'marketing'];

const cut = (id: string, length: number): string => id.slice(0, length).replace(/-+$/, '');

/** `Welcome e-mail #1` becomes `welcome-e-mail-1`; what has no letters we know becomes the fallback. */
export function idFrom(name: string, fallback: string): string {
  const words = latin(name)
    .replace(/['’`]/g, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  const lettered = /^[a-z]/.test(words) ? words : words && /[a-z0-9]/.test(words) ? `${fallback}-${words}` : fallback;
  const id = cut(lettered, LONGEST);
  return RESERVED.includes(id) ? `${id}-${fallback === id ? 'step' : fallback}` : id;
}

export type Ids = {
  /** An id that nobody else has. */
  claim(name: string, fallback: string): string;
};

/** Names that are given twice get a number: `reminder`, `reminder-2`. */
export function openIds(): Ids {
  const taken = new Set<string>();
  return {
    claim(name, fallback) {
      const wanted = idFrom(name, fallback);
      let id = wanted;
      for (let n = 2; taken.has(id); n += 1) id = `${cut(wanted, LONGEST - `-${n}`.length)}-${n}`;
      taken.add(id);
      return id;
    },
  };
}

/** The type that an event of the other tool gets here: `Placed Order` becomes `placed-order`, `cart.updated` stays. */
export function eventTypeFrom(name: string): string {
  const words = latin(name)
    .replace(/[^a-z0-9._]+/g, '-')
    .replace(/[._-]{2,}/g, '-')
    .replace(/^[^a-z]+|[._-]+$/g, '');
  return words === '' ? 'event' : words.slice(0, 60).replace(/[._-]+$/, '');
}

/** A path of a trait or of an event's data: no spaces, no empty parts. */
export function pathFrom(name: string): string {
  const path = name
    .trim()
    .replace(/\s+/g, '-')
    .split('.')
    .filter((part) => part !== '')
    .join('.');
  return path === '' ? 'value' : path.slice(0, 100).replace(/\.$/, '');
}
