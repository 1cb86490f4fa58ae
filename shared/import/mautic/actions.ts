import * as z from 'zod';
import { own } from '#shared/import/choice.ts';
import type { Step } from '#shared/journey/journey.ts';
import { type Act, named } from './act.ts';
import { integration, webhook } from './calls.ts';
import type { Campaign } from './campaign.ts';
import { doNotContact, lists, owner, points, stage, tags, updateContact } from './contacts.ts';
import type { MauticEvent } from './events.ts';
import { preferred, sends, toUser } from './messages.ts';

const campaigns: Act = (properties, event, campaign) => {
  const { names, ids } = campaign;
  const base = named(event, campaign);
  const [added = [], removed = []] = ['addTo', 'removeFrom'].map((key) =>
    (properties.at(key).take(z.array(z.union([z.string(), z.number()]))) ?? []).map(String),
  );
  const own = removed.filter((id) => id === 'this');
  const others = removed.filter((id) => id !== 'this').map((id) => names.journey(id));
  const enrolled = added.map((id, i): Step => {
    const journey = names.journey(id);
    campaign.draft.notes.todo(
      event.at,
      `"${journey}" must be a manual journey to be enrolled into.`,
      'Bring that campaign over too, with the trigger "manual".',
    );
    return { type: 'enrol', ...(i === 0 ? base : { id: ids.claim(`to ${journey}`, 'enrol') }), journey };
  });
  const [firstOther] = others;
  const left: Step[] =
    firstOther === undefined
      ? []
      : [
          {
            type: 'leave',
            ...(enrolled.length === 0 ? base : { id: ids.claim('leave others', 'leave') }),
            journey: others.length > 1 ? others : firstOther,
          },
        ];
  const ended: Step[] = own.length === 0 ? [] : [{ type: 'end', id: ids.claim('removed', 'end'), outcome: 'removed' }];
  return [...enrolled, ...left, ...ended];
};

const lost =
  (what: string, instead: string): Act =>
  (_, event, { draft }) => {
    draft.notes.lost(event.at, what, instead);
    return [];
  };

const COMPANY = lost('There are no companies.', 'Keep what matters as a trait of the contact.');

export const ACT: Readonly<Record<string, Act>> = {
  'email.send': sends('email', 'email'),
  'sms.send_text_sms': sends('sms', 'sms'),
  'notification.send_notification': sends('notification', 'notification'),
  'notification.send_mobile_notification': sends('mobile_notification', 'notification'),
  'message.send': preferred,
  'email.send.to.user': toUser,
  'lead.changepoints': points,
  'stage.change': stage,
  'lead.changestage': stage,
  'lead.changetags': tags,
  'lead.changelist': lists,
  'lead.updatelead': updateContact,
  'lead.adddnc': doNotContact,
  'lead.removednc': lost('Consent is given by the contact alone.', 'Ask them in a mail with a link.'),
  'campaign.addremovelead': campaigns,
  'campaign.sendwebhook': webhook,
  'plugin.leadpush': integration,
  'lead.changeowner': owner,
  'lead.addtocompany': COMPANY,
  'lead.updatecompany': COMPANY,
  'lead.scorecontactscompanies': COMPANY,
  'lead.deletecontact': lost(
    'Contacts are erased by the privacy command, with its record.',
    'Give a tag, and erase by it.',
  ),
};

export function actionSteps(event: MauticEvent, campaign: Campaign): Step[] {
  const act = own(ACT, event.type);
  if (act) return act(campaign.propertiesOf(event), event, campaign);
  campaign.draft.notes.lost(event.at, `The action "${event.type}" is not known.`);
  return [];
}
