import { CfnOutput, Stack } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import {
  ConfigurationSet,
  EmailIdentity,
  EmailSendingEvent,
  EventDestination,
  Identity,
  SuppressionReasons,
} from 'aws-cdk-lib/aws-ses';
import { Construct } from 'constructs';
import { nameOf, type StageSettings } from '#infra/stage.ts';

/** What SES tells of a mail; the rule `mail` of the wiring lets the same through. */
const TOLD = [
  EmailSendingEvent.SEND,
  EmailSendingEvent.DELIVERY,
  EmailSendingEvent.OPEN,
  EmailSendingEvent.CLICK,
  EmailSendingEvent.BOUNCE,
  EmailSendingEvent.COMPLAINT,
  EmailSendingEvent.REJECT,
  EmailSendingEvent.RENDERING_FAILURE,
  EmailSendingEvent.DELIVERY_DELAY,
];

/** The shop's domain in SES, and the configuration set that every mail goes through. */
export class Mailing extends Construct {
  readonly configurationSetName: string;
  /** Both must be allowed to whoever sends. */
  readonly arns: readonly [string, string];

  constructor(scope: Construct, id: string, { settings }: { readonly settings: StageSettings }) {
    super(scope, id);
    this.configurationSetName = nameOf(settings, 'mail');
    const configurationSet = new ConfigurationSet(this, 'ConfigurationSet', {
      configurationSetName: this.configurationSetName,
      reputationMetrics: true,
      suppressionReasons: SuppressionReasons.BOUNCES_AND_COMPLAINTS,
    });
    configurationSet.addEventDestination('Events', {
      // SES speaks to the default bus and to no other.
      destination: EventDestination.eventBus(EventBus.fromEventBusName(this, 'DefaultBus', 'default')),
      events: TOLD,
    });
    const identity = new EmailIdentity(this, 'Identity', {
      identity: Identity.domain(settings.domain),
      mailFromDomain: `mail.${settings.domain}`,
      // Bounces come as events; the mails that SES would write instead would reach the sender's mailbox.
      feedbackForwarding: false,
    });
    this.arns = [
      identity.emailIdentityArn,
      Stack.of(this).formatArn({
        service: 'ses',
        resource: 'configuration-set',
        resourceName: this.configurationSetName,
      }),
    ];
    this.#tellRecords(identity, settings.domain);
  }

  /** The DNS records that only the shop can set. */
  #tellRecords(identity: EmailIdentity, domain: string): void {
    const { region } = Stack.of(this);
    const records = [
      ...identity.dkimRecords.map(({ name, value }) => `${name} CNAME ${value}`),
      `mail.${domain} MX 10 feedback-smtp.${region}.amazonses.com`,
      `mail.${domain} TXT "v=spf1 include:amazonses.com ~all"`,
      `_dmarc.${domain} TXT "v=DMARC1; p=none"`,
    ];
    records.forEach((value, index) => {
      new CfnOutput(this, `DnsRecord${index + 1}`, { value });
    });
  }
}
