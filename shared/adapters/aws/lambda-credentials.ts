/**
 * Where a Lambda has its credentials: in the environment, and nowhere else. The bundles take this in place of the SDK's
 * own chain of profiles, single sign-on and instance metadata, which is 100 KB that no function could use.
 */
export const defaultProvider = () => async () => {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
  if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) {
    // The SDK's own name for it: a mail that could not be signed has not left.
    throw Object.assign(new Error('the environment holds no credentials'), { name: 'CredentialsProviderError' });
  }
  return {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    ...(AWS_SESSION_TOKEN && { sessionToken: AWS_SESSION_TOKEN }),
  };
};
