import { isHappening } from './happenings.ts';
import { PRIVACY_REQUESTED } from './privacy.ts';

/** Types that only Tropa itself puts on the bus. Nobody may post them, and "any" event means none of them. */

/** Somebody, or a step of another journey, enrols a contact into a `manual` journey. */
export const JOURNEY_REQUESTED = 'journey.requested';
/** A step of another journey makes a contact leave those that its data names. */
export const JOURNEY_LEFT = 'journey.left';

/** What would have started journeys by moving a contact between segments, where it is put aside: it never lies on the bus. */
export const SEGMENT_MOVED = 'segment.moved';

/** So many journeys may stand between something and its first cause; what comes further is put aside. */
export const MOST_HOPS = 5;

const PREFIX = 'journey.';

/** What tells journeys to do something: no condition counts it. */
export const isOrder = (type: string): boolean => type.startsWith(PREFIX);

export const isOwnType = (type: string): boolean => isOrder(type) || isHappening(type) || type === PRIVACY_REQUESTED;
