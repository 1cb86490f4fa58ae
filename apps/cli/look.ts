import * as z from 'zod';
import { BadInput } from '#apps/cli/bad-input.ts';
import { runningIn } from '#apps/local/running.ts';
import { USUAL_URL } from '#apps/local/with-state.ts';
import type { Profile } from '#shared/contact/profile.ts';
import { zoneOf } from '#shared/contact/zone.ts';
import { type Why, type WhyDeps, why } from '#shared/report/why.ts';
import { habitsOf, sayBestHour } from '#shared/sending/best-hour.ts';
import { queryEvents } from '#shared/store/events.ts';
import { messageRange } from '#shared/store/keys.ts';
import { emailHash, loadProfile, partsOf } from '#shared/store/profiles.ts';
import { loadSuppression } from '#shared/store/suppressions.ts';
import { findContact } from './find-contact.ts';
import type { Shown } from './print-contact.ts';
import type { LookTarget, Target } from './target/options.ts';

const EVENTS_SHOWN = 15;

/** A contact, as `contact show` and `why` tell of them. */
export type Look = { readonly shown: Shown; readonly why: Why };

/** What is known of a person. */
export async function shownOf(profile: Profile, { table, published, now }: WhyDeps): Promise<Shown> {
  const parts = partsOf(profile);
  const events = await queryEvents(table, parts, { types: 'any', limit: EVENTS_SHOWN });
  const messages = await Promise.all(parts.map((contact) => table.query(messageRange(contact))));
  const settings = await published.settings();
  const zone = zoneOf(profile, settings);
  const { email } = profile.identities;
  const suppressed = email === undefined ? undefined : await loadSuppression(table, 'email', emailHash(email));
  return {
    zone,
    bestHour: sayBestHour(habitsOf(profile, zone, settings)),
    profile,
    events: events.map(({ type, at }) => ({ type, at })),
    messages: messages.flat().length,
    ...{ now, suppressed },
  };
}

/** Looks at whoever is known so, in state that is open; undefined when nobody is. `journey`: only this one. */
export async function lookAt(who: string, journey: string | undefined, deps: WhyDeps): Promise<Look | undefined> {
  const contact = await findContact(who, deps.table);
  const [profile, told] = [await loadProfile(deps.table, contact), await why(contact, journey, deps)];
  return profile && told && { shown: await shownOf(profile, deps), why: told };
}

/** The same Tropa has written it, on this machine. */
const lookSchema = z.object({ look: z.custom<Look>((value) => typeof value === 'object').nullable() });

/** What a shop that runs says; or whose state is to be opened, since nothing runs on it. */
type Looked = { readonly look: Look | undefined } | { readonly elsewhere: Target };

/**
 * The same of a shop that runs: at an address, on this data folder, or without a target where `npm start` usually is.
 * Throws BadInput where nobody answers.
 */
export async function lookWhereItRuns(who: string, journey: string | undefined, target: LookTarget): Promise<Looked> {
  if (target && 'stage' in target) return { elsewhere: target };
  if (!target || 'to' in target) return { look: await told(target?.to ?? USUAL_URL, who, journey) };
  const running = runningIn(target.data);
  if (!running) return { elsewhere: target };
  try {
    return { look: await told(running.url, who, journey) };
  } catch {
    // One that was killed could not say that it no longer runs.
    return { elsewhere: target };
  }
}

async function told(url: string, who: string, journey: string | undefined): Promise<Look | undefined> {
  const query = journey === undefined ? '' : `?journey=${encodeURIComponent(journey)}`;
  try {
    const answer = await fetch(`${url}/api/contacts/${encodeURIComponent(who)}${query}`);
    return lookSchema.parse(await answer.json()).look ?? undefined;
  } catch (cause) {
    throw new BadInput(
      `No shop of this version runs at ${url}. Start one (npm start), or say whose state is meant: --to URL, --data DIR or --stage NAME.`,
      { cause },
    );
  }
}
