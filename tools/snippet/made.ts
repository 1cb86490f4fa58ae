import { transform } from 'esbuild';

/** The module that holds the browser's script, made small. */
export async function made(source: string): Promise<string> {
  const { code } = await transform(source, { minify: true, target: 'es2020' });
  return `/** The browser's script: made of apps/browser/snippet.js by \`npm run snippet\`, which a test holds it to. */\nexport const SNIPPET = ${JSON.stringify(code.trim())};\n`;
}
