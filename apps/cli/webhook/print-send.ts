import type { SendResult } from './send.ts';

/** Why an answer is none that a source hopes for, and what to do. */
const ADVICE: Readonly<Record<number, string>> = {
  401: 'The secret is another one there: of npm start it is what --secret said, of --data DIR say --data DIR, on AWS say --stage NAME.',
  404: 'Is this the address of Tropa, without "/webhooks/..."?',
  413: 'The file is too long.',
  429: 'Too much at once: again in a minute.',
  503: 'The secret that is stored there is too short to prove anything, or Tropa could not keep the delivery: again in a minute.',
};

const isTaken = (status: number): boolean => status >= 200 && status < 300;

/** Whether the delivery was taken, and somebody could read it. */
export const isWell = ({ answer, becomes }: SendResult): boolean =>
  isTaken(answer.status) && becomes.rejected.length === 0;

/** What was sent, what came back, and what becomes of it. */
export function printSend({ source, topic, url, email, answer, becomes: told }: SendResult): string {
  const advice = isTaken(answer.status) ? undefined : ADVICE[answer.status];
  const becomes = isTaken(answer.status) ? 'Becomes   ' : 'Had it been taken: ';
  return [
    `Sent      ${source} ${topic} to ${url}${email === undefined ? '' : `, of ${email}`}`,
    `Answer    ${answer.status} ${answer.body.slice(0, 500)}`,
    ...(advice === undefined ? [] : [`          ${advice}`]),
    ...told.events.map(({ type, id }) => `${becomes}${type}   ${id}`),
    ...(told.ignored === undefined ? [] : [`${becomes}nothing: ${told.ignored}`]),
    ...told.rejected.map((why) => `UNREADABLE   ${why}`),
    '',
  ].join('\n');
}
