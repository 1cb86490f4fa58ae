import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { BadInput } from '#apps/cli/bad-input.ts';

/** Asks a person for what is to stand on no screen. */
export type Prompt = (question: string) => Promise<string>;

export const prompt: Prompt = async (question) => {
  // What is typed is echoed nowhere.
  const lines = createInterface({
    input: process.stdin,
    output: new Writable({ write: (_chunk, _encoding, done) => done() }),
    terminal: process.stdin.isTTY,
  });
  try {
    process.stderr.write(question);
    return (await lines.question('')).trim();
  } finally {
    lines.close();
    process.stderr.write('\n');
  }
};

/** What was said, else what the environment has, else what a person answers. Throws BadInput where none says anything. */
export async function secretly(
  given: string | undefined,
  { variable, what, ask = prompt }: { readonly variable: string; readonly what: string; readonly ask?: Prompt },
): Promise<string> {
  const known = given === '-' ? undefined : (given ?? process.env[variable]);
  if (known?.trim()) return known.trim();
  const isAsked = given === '-' || process.stdin.isTTY;
  const answer = isAsked ? await ask(`${what}: `) : '';
  if (answer !== '') return answer;
  throw new BadInput(`There is no ${what}. Set ${variable} in the environment, or type it where it is asked for.`);
}
