/** Types that only Tropa itself puts on the bus. They are no doing of the contact: no condition counts them. */

/** Somebody, or a step of another journey, enrols a contact into a `manual` journey. */
export const JOURNEY_REQUESTED = 'journey.requested';
/** A step of another journey makes a contact leave those that its data names. */
export const JOURNEY_LEFT = 'journey.left';

const PREFIX = 'journey.';

export const isOwnType = (type: string): boolean => type.startsWith(PREFIX);
