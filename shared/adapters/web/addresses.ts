import { BlockList, isIPv4, isIPv6 } from 'node:net';

/** Networks that no public server lies in, after the special-purpose address registries of IANA. */
const V4 = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  // Also the metadata of AWS.
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const;

/** Of IPv6 only what is given out to the public (2000::/3) is called, and of that not what stands for something else. */
const V6 = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const;

const closed = new BlockList();
for (const [net, prefix] of V4) closed.addSubnet(net, prefix, 'ipv4');
for (const [net, prefix] of V6) closed.addSubnet(net, prefix, 'ipv6');

const given = new BlockList();
given.addSubnet('2000::', 3, 'ipv6');

/** Whether an IP address may be a server of somebody else's. */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !closed.check(address, 'ipv4');
  const plain = address.split('%', 1)[0] ?? '';
  return isIPv6(plain) && given.check(plain, 'ipv6') && !closed.check(plain, 'ipv6');
}
