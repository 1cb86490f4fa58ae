import * as z from 'zod';
import type { Condition } from '#shared/condition/condition.ts';
import type { Channel } from '#shared/event/event.ts';
import { own } from '#shared/import/choice.ts';
import { allOf, anyOf, lostCondition, oneOrList } from '#shared/import/conditions.ts';
import type { Source } from '#shared/import/source.ts';
import type { Campaign } from './campaign.ts';
import { idAt, idsAt, type MauticEvent, numberAt, textAt } from './events.ts';
import { compared, traitOf, valueSchema } from './filters.ts';

/** What Mautic's decisions wait for, and its conditions ask. */
type Ask = (properties: Source, event: MauticEvent, campaign: Campaign) => Condition;

const texts = z.array(z.string());

/** A decision about a mail belongs to the mail that it hangs below. */
const ofMail =
  (is: 'opened' | 'clicked'): Ask =>
  (properties, event, campaign) => {
    const urls = properties.at('urls');
    const links = urls.at('list').take(texts) ?? urls.take(texts) ?? [];
    if (links.length > 0)
      campaign.draft.notes.lost(
        urls,
        'Which link was clicked is not told apart here.',
        'Name the link in the template, and ask with "link".',
      );
    const step = campaign.sentBefore(event);
    if (step === undefined)
      return lostCondition(campaign.draft.notes, event.at, 'It stands below no mail of this campaign.');
    return { message: step, is };
  };

const lost =
  (what: string, instead?: string): Ask =>
  (properties, event, { draft }) => {
    properties.whole();
    return lostCondition(draft.notes, event.at, what, instead);
  };

const page: Ask = (properties) => {
  const url = textAt(properties, 'url');
  const pages = idsAt(properties, 'pages', 'page');
  const single = idAt(properties, 'page');
  const referer = textAt(properties, 'referer', 'page_url');
  const where = allOf([
    ...(url ? [url.includes('*') ? { data: 'url', contains: url.replaceAll('*', '') } : { data: 'url', is: url }] : []),
    ...(referer ? [{ data: 'referrer', contains: referer.replaceAll('*', '') }] : []),
    ...(pages.length > 0 ? [{ data: 'page', is: oneOrList(pages) }] : single ? [{ data: 'page', is: single }] : []),
  ]);
  return { event: 'page.viewed', ...(where && { where }) };
};

const form: Ask = (properties, _, { names }) => {
  const forms = idsAt(properties, 'forms', 'form').map((id) => names.form(id));
  return { event: 'form.submitted', ...(forms.length > 0 && { where: { data: 'form', is: oneOrList(forms) } }) };
};

const asset: Ask = (properties) => {
  const assets = idsAt(properties, 'assets');
  return { event: 'asset.downloaded', ...(assets.length > 0 && { where: { data: 'asset', is: oneOrList(assets) } }) };
};

const device: Ask = (properties) => {
  const asked = Object.entries({ device_type: 'type', device_brand: 'make', device_os: 'os' }).flatMap(
    ([key, path]) => {
      const values = properties.at(key).take(texts) ?? [];
      return values.length > 0 ? [{ trait: `device.${path}`, is: oneOrList(values) }] : [];
    },
  );
  return allOf(asked) ?? { trait: 'device.type', exists: true };
};

const deviceVisit: Ask = (properties, event, campaign) => {
  const where = allOf([device(properties, event, campaign)]);
  return { event: 'page.viewed', ...(where && { where }) };
};

const field: Ask = (properties, event, { draft }) => {
  const alias = textAt(properties, 'field') ?? 'field';
  const value = properties.at('value').take(valueSchema);
  return compared(
    draft,
    event.at,
    'trait',
    traitOf(draft, event.at, alias),
    textAt(properties, 'operator') ?? '=',
    value,
  );
};

const points: Ask = (properties, event, { draft }) => {
  const group = idAt(properties, 'group');
  const path = group ? `points.group-${group}` : 'points';
  return compared(
    draft,
    event.at,
    'trait',
    path,
    textAt(properties, 'operator') ?? 'gte',
    numberAt(properties, 'score') ?? 0,
  );
};

const tags: Ask = (properties, event, { draft }) => {
  const found = properties.at('tags').take(texts) ?? idsAt(properties, 'tags');
  return found.length > 0 ? { tag: oneOrList(found) } : lostCondition(draft.notes, event.at, 'It names no tag.');
};

const segments: Ask = (properties, event, { names, draft }) => {
  const found = idsAt(properties, 'segments').map((id) => names.segment(event.at, id));
  return found.length > 0
    ? { segment: oneOrList(found) }
    : lostCondition(draft.notes, event.at, 'It names no segment.');
};

const stage: Ask = (properties) => ({ trait: 'stage', is: oneOrList(idsAt(properties, 'stages', 'stage')) });
const owner: Ask = (properties) => ({ trait: 'owner', is: oneOrList(idsAt(properties, 'owner')) });

const campaigns: Ask = (properties, event, { names, draft }) => {
  const journeys = idsAt(properties, 'campaigns').map((id) => names.journey(id));
  const added = textAt(properties, 'dataAddedLimit');
  if (added)
    draft.notes.lost(event.at.at('properties').at('dataAddedLimit'), 'Since when it is in the campaign is not asked.');
  const expr = textAt(properties, 'expr', 'dateAdded');
  if (expr) draft.notes.changed(event.at, 'Whether it was ever in the campaign is asked, not since when.');
  return journeys.length > 0
    ? { journey: oneOrList(journeys), is: 'entered' }
    : lostCondition(draft.notes, event.at, 'It names no campaign.');
};

/** 1: unsubscribed, 2: bounced, 3: by hand. */
const REASONS: Readonly<Record<string, 'denied' | 'unreachable'>> = { 1: 'denied', 2: 'unreachable', 3: 'denied' };

const doNotContact: Ask = (properties, event, { draft }) => {
  const names = properties.at('channels').take(texts) ?? ['email'];
  const given = idAt(properties, 'reason');
  const reason = given === undefined ? 'denied' : own(REASONS, given);
  const channels = names.flatMap((name) => own(CHANNELS, name) ?? []);
  if (reason === undefined || channels.length < names.length || channels.length === 0) {
    return lostCondition(draft.notes, event.at, 'It asks for a channel or a reason that is not known.');
  }
  const asked = channels.map(
    (channel): Condition =>
      reason === 'denied' ? { consent: 'marketing', channel, is: 'denied' } : { not: { reachable: channel } },
  );
  return anyOf(asked) ?? { consent: 'marketing', is: 'denied' };
};

const CHANNELS: Readonly<Record<string, Channel>> = {
  ...{ email: 'email', sms: 'sms', notification: 'webpush', push: 'push', mobile_notification: 'push' },
};
export const channelOf = (name: string): Channel => own(CHANNELS, name) ?? 'email';

const formField: Ask = (properties, event, { draft, names }) => {
  const formId = idAt(properties, 'form');
  const name = textAt(properties, 'field') ?? 'field';
  const value = properties.at('value').take(valueSchema);
  const answered = compared(draft, event.at, 'data', `answers.${name}`, textAt(properties, 'operator') ?? '=', value);
  const where = allOf([...(formId ? [{ data: 'form', is: names.form(formId) }] : []), answered]);
  return { event: 'form.submitted', ...(where && { where }) };
};

const attached: Ask = (properties, event, { draft }) => {
  const operator = textAt(properties, 'operator') ?? 'lt';
  const value = properties.at('date').take(valueSchema) ?? properties.at('value').take(valueSchema);
  return compared(draft, event.at, 'trait', 'createdAt', operator, value);
};

const NO_REPLY = 'Replies are not read.';

const ASK: Readonly<Record<string, Ask>> = {
  'email.open': ofMail('opened'),
  'email.click': ofMail('clicked'),
  'email.reply': lost(NO_REPLY, 'Ask for a click.'),
  'sms.reply': lost(NO_REPLY, 'Ask for a click.'),
  'page.pagehit': page,
  'lead.pageHit': page,
  'form.submit': form,
  'asset.download': asset,
  'page.devicehit': deviceVisit,
  'dwc.decision': lost('Dynamic content of pages cannot be waited for.', 'Use the channel "inapp".'),
  'lead.field_value': field,
  'lead.points': points,
  'lead.tags': tags,
  'lead.segments': segments,
  'lead.stages': stage,
  'lead.owner': owner,
  'lead.device': device,
  'lead.campaigns': campaigns,
  'lead.dnc': doNotContact,
  'form.field_value': formField,
  'lead.attached': attached,
  'email.validate.address': () => ({ reachable: 'email' }),
  'notification.has.active': () => ({ reachable: 'webpush' }),
};

export function conditionOf(event: MauticEvent, campaign: Campaign): Condition {
  const ask = own(ASK, event.type);
  const properties = campaign.propertiesOf(event);
  if (ask) return ask(properties, event, campaign);
  properties.whole();
  return lostCondition(campaign.draft.notes, event.at, `"${event.type}" is not known.`);
}
