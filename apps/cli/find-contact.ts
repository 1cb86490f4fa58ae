import { identitiesOf } from '#shared/contact/identity.ts';
import { identityKeyOf } from '#shared/store/profiles.ts';
import type { Table } from '#shared/store/table.ts';

/** The contact that an address stands for; what nobody is known by may be the contact's own id. */
export async function findContact(text: string, table: Table): Promise<string> {
  const said = identitiesOf({ externalId: text, email: text, phone: text, anonymousId: text });
  const rows = await table.batchGet(said.map(identityKeyOf));
  const owner = rows.map((row) => row?.['contact']).find((one) => typeof one === 'string');
  return typeof owner === 'string' ? owner : text;
}
