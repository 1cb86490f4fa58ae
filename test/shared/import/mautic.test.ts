import { describe, expect, it } from 'vitest';
import { importOf, named } from './fixtures.ts';

const nurture = importOf('mautic', named('mautic', 'nurture'));
const all = importOf('mautic', named('mautic', 'everything'));
const simple = importOf('mautic', named('mautic', 'simple'));

describe('what Mautic calls by another name', () => {
  it.each([
    [
      'several source segments',
      nurture.journey?.trigger,
      { type: 'segment', segment: 'sources-of-nurture-new-leads', when: 'enters', existing: true },
    ],
    [
      'together',
      nurture.file('segments/sources-of-nurture-new-leads.json'),
      expect.objectContaining({ if: { segment: ['came-by-the-guide', 'by-hand'] } }),
    ],
    [
      'one source segment',
      simple.journey?.trigger,
      { type: 'segment', segment: 'newsletter', when: 'enters', existing: true },
    ],
    [
      'a source form',
      all.journey?.trigger,
      { type: 'event', event: 'form.submitted', where: { data: 'form', is: 'form-21' } },
    ],
    ['allowRestart', all.journey?.entry, { again: {} }],
    [
      'a segment with filters',
      nurture.file('segments/came-by-the-guide.json'),
      expect.objectContaining({
        if: {
          any: [
            { all: [{ tag: 'guide' }, { trait: 'createdAt', after: 'now-P30D' }] },
            {
              all: [
                { sample: 0, note: 'TODO: There are no companies.' },
                { not: { trait: 'email', contains: 'test' } },
              ],
            },
          ],
        },
      }),
    ],
    [
      'send email',
      nurture.step('send-the-guide'),
      { type: 'send', id: 'send-the-guide', name: 'Send the guide', template: 'the-guide', sender: 'anna' },
    ],
    [
      'a transactional email',
      nurture.step('reminder')?.type === 'send' && nurture.step('reminder'),
      { type: 'send', id: 'reminder', name: 'Reminder', template: 'reminder', topic: 'service' },
    ],
    [
      'a text message',
      nurture.step('text-message'),
      { type: 'send', id: 'text-message', name: 'Text message', template: 'short', channel: 'sms' },
    ],
    [
      'send to user',
      nurture.step('tell-sales'),
      { type: 'call', id: 'tell-sales', name: 'Tell sales', endpoint: 'sales' },
    ],
    [
      'push to integration',
      nurture.step('push-to-crm'),
      { type: 'call', id: 'push-to-crm', name: 'Push to CRM', endpoint: 'salesforce' },
    ],
    [
      'change points',
      nurture.step('add-20-points'),
      { type: 'update', id: 'add-20-points', name: 'Add 20 points', add: { points: 20 } },
    ],
    [
      'change tags',
      nurture.step('tag-as-warm'),
      { type: 'update', id: 'tag-as-warm', name: 'Tag as warm', tag: ['warm'], untag: ['cold'] },
    ],
    ['change stage', all.step('stage'), { type: 'update', id: 'stage', name: 'Stage', set: { stage: '5' } }],
    [
      'change segments',
      all.step('segments'),
      { type: 'update', id: 'segments', name: 'Segments', tag: ['segment-31'], untag: ['segment-32'] },
    ],
    [
      'update contact',
      all.step('update'),
      { type: 'update', id: 'update', name: 'Update', set: { 'location.city': 'Warsaw', favourite: 'tea' } },
    ],
    [
      'add do not contact',
      all.step('do-not-contact'),
      { type: 'update', id: 'do-not-contact', name: 'Do not contact', consent: { marketing: 'denied' } },
    ],
    [
      'add to a campaign',
      all.step('other-campaigns'),
      { type: 'enrol', id: 'other-campaigns', name: 'Other campaigns', journey: 'campaign-12' },
    ],
    [
      'remove from campaigns',
      all.step('leave-others'),
      { type: 'leave', id: 'leave-others', journey: ['campaign-13', 'campaign-14'] },
    ],
    ['remove from this campaign', all.step('removed'), { type: 'end', id: 'removed', outcome: 'removed' }],
    [
      'webhook',
      all.step('webhook'),
      { type: 'call', id: 'webhook', name: 'Webhook', endpoint: 'hooks-shop-example', body: { kind: 'warm' } },
    ],
    ['change owner', all.step('owner'), { type: 'update', id: 'owner', name: 'Owner', set: { owner: '3' } }],
    ['a relative delay', nurture.step('wait-7-days'), { type: 'wait', id: 'wait-7-days', for: 'P7D' }],
    ['an absolute date', nurture.step('wait'), { type: 'wait', id: 'wait', until: '2026-12-24T10:00:00+01:00' }],
    [
      'hours and weekdays',
      nurture.step('wait-2'),
      { type: 'wait', id: 'wait-2', until: { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '09:00', to: '17:00' } },
    ],
  ])('%s', (_, found, wanted) => {
    expect(found).toEqual(wanted);
  });

  it('waits for a decision as long as its "no" says, and jumps back as rounds of a repeat', () => {
    const [, repeat] = nurture.journey?.steps ?? [];
    expect(repeat).toMatchObject({
      type: 'repeat',
      steps: [
        {
          type: 'waitFor',
          for: { message: 'send-the-guide', is: 'clicked' },
          upTo: 'P3D',
          then: [{ type: 'skip', to: 'tag-as-warm' }],
        },
        { type: 'wait' },
        { id: 'reminder' },
        { type: 'wait', for: 'P1D' },
      ],
    });
  });

  it.each([
    [
      'visits-the-page',
      {
        event: 'page.viewed',
        where: {
          all: [
            { data: 'url', contains: 'https://shop.example/pricing' },
            { data: 'page', is: '4' },
          ],
        },
      },
    ],
    ['opens-it', { message: 'marketing-message', is: 'opened' }],
    ['fills-in-the-form', { event: 'form.submitted', where: { data: 'form', is: 'form-21' } }],
    ['downloads', { event: 'asset.downloaded', where: { data: 'asset', is: '1' } }],
    ['by-phone', { event: 'page.viewed', where: { trait: 'device.type', is: 'smartphone' } }],
  ])('the decision %s waits', (id, condition) => {
    expect(all.step(id)).toMatchObject({ type: 'waitFor', for: condition });
  });

  it.each([
    ['which', { tag: ['a', 'b'] }],
    ['in-segment', { segment: 'segment-31' }],
    ['stage-is', { trait: 'stage', is: '5' }],
    ['owner-is', { trait: 'owner', is: '3' }],
    [
      'device',
      {
        all: [
          { trait: 'device.type', is: 'desktop' },
          { trait: 'device.os', is: 'Linux' },
        ],
      },
    ],
    ['in-campaigns', { journey: 'campaign-12', is: 'entered' }],
    ['unsubscribed', { not: { reachable: 'email' } }],
    [
      'form-answer',
      {
        event: 'form.submitted',
        where: {
          all: [
            { data: 'form', is: 'form-21' },
            { data: 'answers.budget', gt: 100 },
          ],
        },
      },
    ],
    ['page-hit', { event: 'page.viewed', where: { data: 'page', is: '4' } }],
    ['added-lately', { trait: 'createdAt', after: 'now-P7D' }],
    ['valid', { reachable: 'email' }],
    ['has-push', { not: { reachable: 'webpush' } }],
  ])('the condition %s asks', (id, condition) => {
    expect(all.step(id)?.if).toEqual(condition);
  });

  it('runs one after another what ran side by side', () => {
    expect(simple.journey?.steps.map((step) => step.id)).toEqual([
      'first',
      'wait-3-days',
      'second',
      'wait-1-day',
      'beside-it',
    ]);
    expect(simple.said('changed')).toContain('$.campaign.events[0]: "Beside it" ran beside it; here after it.');
  });
});

it('Mautic has what no journey can say, and the report says it', () => {
  const what = (lines: string[]) => lines.map((line) => line.slice(line.indexOf(': ') + 2));
  expect(what(nurture.said('lost'))).toEqual([
    'There are no companies.',
    'A journey has one trigger: who fills in the forms guide_form does not enter.',
    'A call goes to one address; boss@shop.example get nothing.',
    'Owners have no address here.',
    'Contacts are erased by the privacy command, with its record.',
    'Which link was clicked is not told apart here.',
  ]);
  expect(what(all.said('lost'))).toEqual([
    'A reason is not kept with it.',
    'Consent is given by the contact alone.',
    'A call has no headers of its own.',
    'There are no companies.',
    'Replies are not read.',
    'Since when it is in the campaign is not asked.',
    'Dynamic content of pages cannot be waited for.',
  ]);
});
