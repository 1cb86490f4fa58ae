/** What the dead letters of a queue are called: who gives up on a message must know, and who makes the queues. */
export const deadLettersOf = (queue: string): string => `${queue}-dead`;
