/** What the user gave cannot be worked with; the message says what is wrong and is all that they see. */
export class BadInput extends Error {
  override readonly name = 'BadInput';
}
