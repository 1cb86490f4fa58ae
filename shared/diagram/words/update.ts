import type { Step } from '#shared/journey/journey.ts';
import { type Parts, sayParts } from './parts.ts';
import { listed, quoted, sayNumber, sayTopic, sayValue } from './values.ts';

/** What an update changes on the contact. */

type Update = Extract<Step, { type: 'update' }>;
type Changes = Omit<Update, 'type' | 'id' | 'name' | 'note' | 'if'>;

const sayAdded = ([path, n]: [string, number]): string =>
  n < 0 ? `subtract ${sayNumber(-n)} from ${path}` : `add ${sayNumber(n)} to ${path}`;

const CHANGES: Parts<Changes> = {
  set: (values) => Object.entries(values).map(([path, value]) => `set ${path} to ${sayValue(value)}`),
  unset: (paths) => [`clear ${listed(paths, 'and')}`],
  add: (amounts) => Object.entries(amounts).map(sayAdded),
  append: (values) => Object.entries(values).map(([path, value]) => `add ${sayValue(value)} to the list ${path}`),
  remove: (values) => Object.entries(values).map(([path, value]) => `take ${sayValue(value)} out of the list ${path}`),
  tag: (tags) => [`tag ${listed(tags.map(quoted), 'and')}`],
  untag: (tags) => [`untag ${listed(tags.map(quoted), 'and')}`],
  consent: (topics) => Object.keys(topics).map((topic) => `withdraw the consent to ${sayTopic(topic)}`),
};

export const sayUpdate = (step: Update): string[] => sayParts<Changes>(CHANGES, step);
