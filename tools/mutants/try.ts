import { globSync, writeFileSync } from 'node:fs';
import { run } from './run.ts';

for (const folder of process.argv.slice(2)) {
  const before = performance.now();
  const files = globSync(`${folder}/**/*.ts`).filter((f) => !f.endsWith('/handler.ts'));
  try {
    const r = await run(folder, files, false);
    writeFileSync(`coverage/mutants/${folder.replaceAll('/', '.')}.out.json`, JSON.stringify(r));
    const n: Record<string, number> = {};
    for (const { status } of r) n[status] = (n[status] ?? 0) + 1;
    const killed = (n['Killed'] ?? 0) + (n['Timeout'] ?? 0);
    console.log(
      'DONE',
      folder,
      r.length,
      JSON.stringify(n),
      ((100 * killed) / r.length).toFixed(1),
      Math.round((performance.now() - before) / 1000),
      's',
    );
  } catch (e) {
    console.log('FAILED', folder, String(e));
  }
}
