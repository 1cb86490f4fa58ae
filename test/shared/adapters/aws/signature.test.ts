import { expect, test } from 'vitest';
import { percentEncoded, queryText, signedHeaders } from '#shared/adapters/aws/signature.ts';

/** The example of https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html, "GET Object". */
test('the example that AWS publishes comes out as published', () => {
  const headers = signedHeaders(
    {
      method: 'GET',
      path: '/test.txt',
      query: '',
      headers: { host: 'examplebucket.s3.amazonaws.com', range: 'bytes=0-9' },
      body: '',
    },
    {
      service: 's3',
      region: 'us-east-1',
      credentials: {
        accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
        secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
      },
      now: '2013-05-24T00:00:00.000Z',
    },
  );
  expect(headers['authorization']).toBe(
    'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, ' +
      'SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, ' +
      'Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
  );
});

test('a query is in the order of its text, and everything unusual in it is percent-encoded', () => {
  expect(queryText({ prefix: "a b/ł'(1)", 'max+': '2', 'list-type': '2' })).toBe(
    'list-type=2&max%2B=2&prefix=a%20b%2F%C5%82%27%281%29',
  );
  expect(percentEncoded('A-Za-z0-9-._~!*')).toBe('A-Za-z0-9-._~%21%2A');
});
