import { expect, test } from 'vitest';
import { changesIn } from '#shared/adapters/aws/stream.ts';

const key = { pk: { S: 'C#1' }, sk: { S: 'J#welcome#-#0001' } };

/** As Lambda hands over a batch of a table's stream that it reads in windows. */
const event = (dynamodb: object, more: object = {}) => ({
  Records: [
    {
      eventID: 'c4ca4238a0b923820dcc509a6f75849b',
      eventName: 'MODIFY',
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion: 'eu-central-1',
      dynamodb: {
        ApproximateCreationDateTime: 1_795_345_200,
        Keys: key,
        SizeBytes: 26,
        StreamViewType: 'NEW_AND_OLD_IMAGES',
        ...dynamodb,
      },
      eventSourceARN: 'arn:aws:dynamodb:eu-central-1:123456789012:table/tropa/stream/2026-11-22T00:00:00.000',
    },
  ],
  window: { start: '2026-11-22T10:00:00Z', end: '2026-11-22T10:15:00Z' },
  state: {},
  shardId: 'shardId-00000001795345200-abcdef',
  eventSourceARN: 'arn:aws:dynamodb:eu-central-1:123456789012:table/tropa/stream/2026-11-22T00:00:00.000',
  isFinalInvokeForWindow: false,
  isWindowTerminatedEarly: false,
  ...more,
});

test('a change is read with both images, and its sequence compares as text like the number that it is', () => {
  const image = (state: string) => ({ ...key, state: { S: state }, turn: { N: '2' } });
  const { shard, changes } = changesIn(
    event({ SequenceNumber: '4421584500000000017450439092', OldImage: image('inside'), NewImage: image('converted') }),
  );
  expect(shard).toBe('shardId-00000001795345200-abcdef');
  expect(changes).toEqual([
    {
      sequence: '0000000000004421584500000000017450439092',
      before: { pk: 'C#1', sk: 'J#welcome#-#0001', state: 'inside', turn: 2 },
      after: { pk: 'C#1', sk: 'J#welcome#-#0001', state: 'converted', turn: 2 },
    },
  ]);
});

test('a new row has nothing before, one that is gone nothing after', () => {
  expect(changesIn(event({ SequenceNumber: '1', NewImage: key })).changes[0]).toMatchObject({
    before: undefined,
    after: { pk: 'C#1' },
  });
  expect(changesIn(event({ SequenceNumber: '1', OldImage: key })).changes[0]?.after).toBeUndefined();
});

test.each([{ Records: [] }, { Records: undefined }])('the end of a window tells nothing: %j', (more) => {
  expect(changesIn(event({}, { ...more, isFinalInvokeForWindow: true })).changes).toEqual([]);
});

test('a batch that does not say its shard is refused: nobody could tell what of it has been counted', () => {
  expect(() => changesIn(event({ SequenceNumber: '1', NewImage: key }, { shardId: undefined }))).toThrow('shardId');
});
