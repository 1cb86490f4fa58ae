import { BadInput } from '#apps/cli/bad-input.ts';

export type Answer = { readonly status: number; readonly body: string };

const PATIENCE = 20_000;

/** Posts once, and follows nobody elsewhere. Throws BadInput where nobody answers. */
export async function post(url: string, headers: Readonly<Record<string, string>>, body: string): Promise<Answer> {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(PATIENCE),
    });
    return { status: answer.status, body: await answer.text() };
  } catch (cause) {
    throw new BadInput(`Nobody answers at ${url}. Does Tropa run there? On the laptop: npm start -- --no-sample`, {
      cause,
    });
  }
}
