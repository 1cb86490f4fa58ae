import 'aws-sdk-client-mock-vitest/extend';
import { mockClient } from 'aws-sdk-client-mock';

/** The one place where SDK clients are mocked: the mock refuses every call that a test does not allow. */
export const mocked: typeof mockClient = (client, options) => {
  const mock = mockClient(client, options);
  mock.onAnyCommand().rejects('a call that the test did not expect');
  return mock;
};
