import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FILES } from '#shared/editor/files.ts';
import { editorSchema, schemaPath } from '#shared/editor/generate.ts';

/** `npm run schemas`: writes shared/schemas/1 anew. A test holds the files to the code. */
for (const [kind, schema] of Object.entries(FILES)) {
  const file = fileURLToPath(new URL(`../shared/${schemaPath(kind)}`, import.meta.url));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(editorSchema(kind, schema), null, 1)}\n`);
  console.log(`${file}`);
}
