import { BadInput } from '#apps/cli/bad-input.ts';
import { addressOf } from '#apps/cli/target/address.ts';
import { findStage } from '#apps/cli/target/stage.ts';
import { secretName, storedSecret } from '#apps/cli/target/stage-secrets.ts';
import { runningIn } from '#apps/local/running.ts';
import { secretInMemory, sourceSecretName } from '#apps/local/runtime.ts';
import { USUAL_URL } from '#apps/local/with-state.ts';

/** Where Tropa is to be reached. One of `to`, `data` and `stage`, or none for the laptop as it usually runs. */
export type Wanted = {
  readonly to?: string | undefined;
  readonly data?: string | undefined;
  readonly stage?: string | undefined;
};

/** An address without a slash at its end; and what a source signs with there, which may have to be asked for. */
export type Place = {
  readonly url: string;
  readonly isLaptop: boolean;
  readonly secretOf: (source: string) => Promise<string>;
};

/** Throws BadInput where nobody can be meant. */
export async function placeOf({ to, data, stage }: Wanted): Promise<Place> {
  if (data !== undefined && stage !== undefined)
    throw new BadInput('--data is the laptop and --stage is AWS: say one of the two.');
  if (stage !== undefined) return onStage(stage, to);
  return data === undefined ? laptop(to ?? USUAL_URL) : inFolder(data, to);
}

async function onStage(name: string, to: string | undefined): Promise<Place> {
  const stage = await findStage(name);
  return {
    url: addressOf(to ?? stage.facts.publicUrl),
    isLaptop: false,
    secretOf: (source) => storedSecret(stage, secretName(name, source, stage.facts)),
  };
}

function inFolder(data: string, to: string | undefined): Place {
  const running = runningIn(data);
  if (!running) throw new BadInput(`Nothing runs on ${data}. Start it: npm start -- --no-sample --data ${data}`);
  return {
    url: addressOf(to ?? running.url),
    isLaptop: true,
    secretOf: async (source) => running.secrets[source] ?? '',
  };
}

/** Only what is kept in memory has secrets that everybody knows. */
function laptop(to: string): Place {
  const url = addressOf(to);
  const isLaptop = /^(localhost|127\.0\.0\.1|\[::1\])$/.test(new URL(url).hostname);
  return {
    url,
    isLaptop,
    secretOf: async (source) => {
      if (isLaptop) return secretInMemory(sourceSecretName(source));
      throw new BadInput(
        `What does ${source} sign with at ${url}? Say --secret, or --stage NAME, which looks it up in your account.`,
      );
    },
  };
}
