import { Alarm, type AlarmProps, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { nameOf, type StageSettings } from '#infra/stage.ts';

/** Who is told, and for which stage. */
export type Watch = { readonly settings: StageSettings; readonly alarms: ITopic };

export type LossAlarmProps = Watch & {
  /** In the alarm's name: `tropa-<stage>-<name>`. */
  readonly name: string;
  /** What a marketer loses meanwhile. It is the first line of the mail that the alarm sends. */
  readonly loss: string;
  /** What to do about it. */
  readonly remedy: string;
  /** Its heading in docs/runbooks.md. @default the alarm's name */
  readonly runbook?: string;
} & Pick<AlarmProps, 'metric' | 'threshold'> &
  Partial<Pick<AlarmProps, 'evaluationPeriods' | 'datapointsToAlarm' | 'comparisonOperator' | 'treatMissingData'>>;

/** An alarm that says what is lost while it lasts and tells the alarm topic when it begins and when it ends. */
export class LossAlarm extends Alarm {
  constructor(scope: Construct, id: string, props: LossAlarmProps) {
    const { settings, alarms, name, loss, remedy, runbook = name, ...rest } = props;
    super(scope, id, {
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      ...rest,
      alarmName: nameOf(settings, name),
      alarmDescription: `${loss}\n\n${remedy}\n\nRunbook: docs/runbooks.md#${runbook}`,
    });
    const action = new SnsAction(alarms);
    this.addAlarmAction(action);
    this.addOkAction(action);
  }
}
