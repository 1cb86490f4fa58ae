import { catalogueKey, settingsKey } from '#shared/store/keys.ts';
import type { Row } from '#shared/store/table.ts';
import { bent, inside, isOf, type Mutant, takingSettings, without } from './bend.ts';

/** Names no upload in particular, so that every upload is newer. */
const unnamed = (row: Row): Row => ({ ...row, sequencer: '' });

/** What may go wrong with how much a contact gets, and when; and with the settings that say it. */
export const OF_LIMITS: readonly Mutant[] = [
  {
    name: 'send knows no caps',
    within: 400,
    bend: inside(['send'], (deps) => ({ published: takingSettings(deps, (settings) => ({ ...settings, caps: [] })) })),
  },
  {
    name: 'caps forget what has gone',
    within: 150,
    bend: inside(['send'], (deps) => ({ table: bent(deps, { write: without(isOf('caps')) }) })),
  },
  {
    name: 'nobody knows of quiet times',
    within: 40,
    bend: inside(['advance', 'send'], (deps) => ({
      published: takingSettings(deps, (settings) => ({ ...settings, quiet: [] })),
    })),
  },
  {
    name: 'quiet time is that of the shop, wherever the contact is',
    within: 150,
    bend: inside(['send'], (deps) => ({
      published: takingSettings(deps, (settings) => ({
        ...settings,
        quiet: settings.quiet.map((window) => ({ ...window, zone: 'shop' })),
      })),
    })),
  },
  {
    name: 'older settings replace newer ones',
    within: 400,
    bend: inside(['publish'], (deps) => ({
      table: bent(deps, {
        read: (row, { pk, sk }) => (row && pk === catalogueKey.pk && sk === settingsKey.sk ? unnamed(row) : row),
      }),
    })),
  },
];
