/** An error of the interpreter itself, by the name that Step Functions gives it. */
export class StateError extends Error {
  override readonly name: `States.${string}`;

  constructor(name: `States.${string}`, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = name;
  }
}

/** An error's name and what is told of it, as `Catch` and the status change have them. */
export type Failure = { readonly error: string; readonly cause: string };

const MAX_PAYLOAD_BYTES = 262_144;

/** Throws States.DataLimitExceeded. */
export function assertPayload(text: string): void {
  // Three bytes a code unit at most: only long payloads are worth a count.
  if (text.length * 3 > MAX_PAYLOAD_BYTES && Buffer.byteLength(text) > MAX_PAYLOAD_BYTES)
    throw new StateError('States.DataLimitExceeded', 'a payload of more than 256 KiB');
}
