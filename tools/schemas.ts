import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FILES } from '#shared/editor/files.ts';
import { editorSchema, schemaPath } from '#shared/editor/generate.ts';
import { withGrants } from './grants.ts';
import { made } from './language/page.ts';

/** `npm run schemas`: writes shared/schemas/1 and the tables of docs/language.md and docs/security.md anew. Tests hold all to the code. */
for (const [kind, schema] of Object.entries(FILES)) {
  const file = fileURLToPath(new URL(`../shared/${schemaPath(kind)}`, import.meta.url));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(editorSchema(kind, schema), null, 1)}\n`);
  console.log(`${file}`);
}

for (const [name, write] of [['language', made] as const, ['security', withGrants] as const]) {
  const page = fileURLToPath(new URL(`../docs/${name}.md`, import.meta.url));
  writeFileSync(page, write(readFileSync(page, 'utf8')));
  console.log(page);
}
