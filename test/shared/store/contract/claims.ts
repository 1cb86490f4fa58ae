import { describe, expect, it } from 'vitest';
import { ConditionFailed, Conflict } from '#shared/errors.ts';
import { type Scoped, withSent } from '#shared/sending/caps.ts';
import { loadCounted, putCounted } from '#shared/store/caps.ts';
import { claimMessage, loadMessage, queueMessage } from '#shared/store/messages.ts';
import { message } from '#test/shared/condition/build.ts';
import { freshPk, type Subject } from './subject.ts';

export function claimsContract(subject: () => Subject): void {
  describe('claims of messages under a cap', () => {
    it('go one at a time: of eight that want the last place at once, one is claimed and counted', async () => {
      const { table } = subject();
      const contact = `${freshPk()}-claims`;
      const at = '2026-03-02T09:00:00.000Z';
      const caps: Scoped[] = [{ cap: { count: 1, per: 'P1D' } }];
      const all = Array.from({ length: 8 }, (_, i) => message({ id: `m${i}`, contact, state: 'queued', facts: {} }));
      for (const one of all) await table.write(queueMessage(one));
      const before = await loadCounted(table, contact);
      const claims = all.map(async (one) => {
        const { channel, topic, journey } = one;
        const after = withSent(before, { at, channel, topic, journey }, caps, 'Europe/Warsaw');
        try {
          await table.transact([claimMessage(one, 'test', at), putCounted(contact, after, before)]);
          return true;
        } catch (error) {
          if (error instanceof ConditionFailed || error instanceof Conflict) return false;
          throw error;
        }
      });
      const claimed = (await Promise.all(claims)).filter((won) => won);
      expect(claimed).toHaveLength(1);
      const states = await Promise.all(all.map(async ({ id }) => (await loadMessage(table, contact, id))?.state));
      expect(states.filter((state) => state === 'claimed')).toHaveLength(1);
      expect((await loadCounted(table, contact)).sent).toHaveLength(1);
    });
  });
}
