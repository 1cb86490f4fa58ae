import { CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  AttributeType,
  BillingMode,
  ProjectionType,
  StreamViewType,
  Table,
  TableEncryption,
} from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption, CfnBucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import { explain } from '#infra/constructs/explain.ts';
import type { ExportedBucket } from '#infra/constructs/grant.ts';
import type { TropaStackProps } from '#infra/stacks/props.ts';
import { nameOf, type StageSettings } from '#infra/stage.ts';
import { TABLE } from '#shared/store/keys.ts';

/** Everything that must outlive a mistake: the table, the bucket, the secrets, and the topic that alarms speak to. */
export class DataStack extends Stack {
  readonly table: Table;
  readonly bucket: Bucket;
  /** For grants in other stacks. */
  readonly exportedBucket: ExportedBucket;
  readonly secrets: Readonly<Record<'webhook' | 'link', Secret>>;
  readonly alarms: Topic;

  constructor(scope: Construct, id: string, { settings, ...props }: TropaStackProps) {
    super(scope, id, props);
    this.table = this.#table();
    this.bucket = this.#bucket();
    const exportName = nameOf(settings, 'bucket-arn');
    this.exportedBucket = { arn: this.exportValue(this.bucket.bucketArn, { name: exportName }), exportName };
    this.secrets = {
      webhook: this.#secret('WebhookSecret', 'Signs what the storefront posts. Give it to the storefront.'),
      link: this.#secret('LinkSecret', 'Signs the links in mails. Links signed with a value before the last are void.'),
    };
    this.alarms = this.#alarms(settings);
    new CfnOutput(this, 'TableName', { value: this.table.tableName });
    new CfnOutput(this, 'BucketName', {
      value: this.bucket.bucketName,
      description: 'journeys/, templates/, settings.json',
    });
    new CfnOutput(this, 'WebhookSecretArn', { value: this.secrets.webhook.secretArn });
  }

  #table(): Table {
    const text = (name: string) => ({ name, type: AttributeType.STRING });
    const table = new Table(this, 'Table', {
      partitionKey: text(TABLE.partitionKey),
      sortKey: text(TABLE.sortKey),
      timeToLiveAttribute: TABLE.ttl,
      billingMode: BillingMode.PAY_PER_REQUEST,
      stream: StreamViewType.NEW_AND_OLD_IMAGES,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      encryption: TableEncryption.AWS_MANAGED,
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    for (const [indexName, { partitionKey, sortKey }] of Object.entries(TABLE.indexes)) {
      table.addGlobalSecondaryIndex({
        indexName,
        partitionKey: text(partitionKey),
        sortKey: text(sortKey),
        projectionType: ProjectionType.KEYS_ONLY,
      });
    }
    return table;
  }

  #bucket(): Bucket {
    const bucket = new Bucket(this, 'Bucket', {
      versioned: true,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: [
        { noncurrentVersionExpiration: Duration.days(400), abortIncompleteMultipartUploadAfter: Duration.days(7) },
      ],
    });
    // `eventBridgeEnabled` of the L2 would bring a custom resource, written in Python, for this one property.
    if (!(bucket.node.defaultChild instanceof CfnBucket)) throw new Error('a bucket without its resource');
    bucket.node.defaultChild.notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
    explain(
      bucket,
      'AwsSolutions-S1',
      'The bucket is private and holds journeys and templates, nothing of customers; who changed a file stands in its versions. A log bucket would need the same rule again.',
    );
    return bucket;
  }

  /** 64 letters and digits: also 48 bytes in base64, as Standard Webhooks wants a secret. */
  #secret(id: string, description: string): Secret {
    const secret = new Secret(this, id, {
      description,
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      removalPolicy: RemovalPolicy.RETAIN,
    });
    explain(
      secret,
      'AwsSolutions-SMG4',
      'A rotation on the clock would cut off the storefront, and void unsubscribe links in mails that are still read. Rotated by hand, the previous value stays valid until the next rotation.',
    );
    return secret;
  }

  #alarms(settings: StageSettings): Topic {
    const topic = new Topic(this, 'Alarms', {
      topicName: nameOf(settings, 'alarms'),
      displayName: `Tropa ${settings.stage}`,
      enforceSSL: true,
    });
    // `enforceSSL` gives the topic a policy, which takes the place of the default one that lets the account's alarms speak.
    topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': this.account } },
      }),
    );
    topic.addSubscription(new EmailSubscription(settings.alarmEmail));
    return topic;
  }
}
