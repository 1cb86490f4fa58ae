import timers from 'node:timers/promises';
import { BadInput } from '#apps/cli/bad-input.ts';

export type Question = {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: object;
};

export type Reply = {
  readonly status: number;
  readonly body: unknown;
  /** Its text, where it is no JSON. */
  readonly text: string;
  /** Where the storefront sends the asker. */
  readonly location: string | undefined;
  /** Whether a further page is there, as WordPress says it. */
  readonly pages: number;
};

/** Milliseconds pass; tests let them pass faster. */
export type Sleep = (milliseconds: number) => Promise<unknown>;
export const sleep: Sleep = (milliseconds) => timers.setTimeout(milliseconds);

const PATIENCE = 30_000;
const ATTEMPTS = 5;
const PAUSE = 2000;
const LONGEST_PAUSE = 60_000;

/**
 * Asks a storefront; waits, and asks again, while it has too much to do. What changes something is not repeated after an
 * end that leaves open whether it was done: the next run of the command sees. Throws BadInput where nobody answers.
 */
export async function ask(question: Question, pause: Sleep): Promise<Reply> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await send(question);
    const isPassing = answer.status === 429 || (answer.status >= 500 && question.method === 'GET');
    if (!isPassing || attempt === ATTEMPTS) return read(answer);
    await pause(waitOf(answer.headers.get('retry-after')));
  }
}

async function send({ method, url, headers, body }: Question): Promise<Response> {
  try {
    return await fetch(url, {
      method,
      headers: { accept: 'application/json', 'content-type': 'application/json', ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      // What proves who asks is for nobody else.
      redirect: 'manual',
      signal: AbortSignal.timeout(PATIENCE),
    });
  } catch (cause) {
    throw new BadInput(`${new URL(url).origin} does not answer. Is the address right, and the shop online?`, { cause });
  }
}

/** Seconds, perhaps with a fraction; or a date, which is near enough. */
function waitOf(written: string | null): number {
  const seconds = Number(written ?? Number.NaN);
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds * 1000, 0), LONGEST_PAUSE) : PAUSE;
}

async function read(answer: Response): Promise<Reply> {
  const text = await answer.text();
  return {
    status: answer.status,
    body: jsonIn(text),
    text,
    location: answer.headers.get('location') ?? undefined,
    pages: Number(answer.headers.get('x-wp-totalpages') ?? 1),
  };
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
