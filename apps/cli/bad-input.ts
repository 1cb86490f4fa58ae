import * as z from 'zod';

/** What the user gave cannot be worked with; the message says what is wrong and is all that they see. */
export class BadInput extends Error {
  override readonly name: string = 'BadInput';
  /** What the process exits with. */
  readonly exitCode: number = 2;
}

/** A file of a shop is faulty, and its remarks are the message. It was read as it should be, so that this is a finding. */
export class FaultyFile extends BadInput {
  override readonly name = 'FaultyFile';
  override readonly exitCode = 1;
}

/**
 * Runs a program to its end. What is wrong with the input is for whoever typed it; where in the code it was noticed is not.
 */
export async function orSayWhatIsWrong(program: () => Promise<unknown>): Promise<void> {
  try {
    await program();
  } catch (error) {
    if (error instanceof z.ZodError) {
      process.stderr.write(
        `Something in the table cannot be read by this version: ${error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')}\nnpx tropa audit names the row.\n`,
      );
      process.exitCode = 2;
      return;
    }
    if (!(error instanceof BadInput)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = error.exitCode;
  }
}
