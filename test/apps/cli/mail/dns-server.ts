import { createSocket } from 'node:dgram';
import { type AddressInfo, createServer } from 'node:net';
import { onTestFinished } from 'vitest';

/** What a name has; `say` instead makes the server misbehave for it. */
export type Zone = Readonly<Record<string, Entry>>;
type Entry = {
  readonly txt?: readonly (string | readonly string[])[];
  readonly mx?: readonly (readonly [priority: number, exchange: string])[];
  readonly cname?: string;
  readonly say?: 'servfail' | 'refused' | 'silence' | 'garbage' | 'truncated';
};

const TYPES = { cname: 5, mx: 15, txt: 16 } as const;
const RCODES = { servfail: 2, nxdomain: 3, refused: 5 } as const;

/** A DNS server on this machine, over UDP and TCP, and what it was asked. */
export async function dnsServer(zone: Zone) {
  const asked: { readonly name: string; readonly over: 'udp' | 'tcp' }[] = [];
  const answer = (query: Buffer, over: 'udp' | 'tcp'): Buffer | undefined => {
    const { name, type, end } = questionOf(query);
    asked.push({ name, over });
    const entry = zone[name.toLowerCase()];
    const question = query.subarray(12, end);
    const reply = (flags: number, answers: readonly Buffer[]) =>
      Buffer.concat([query.subarray(0, 2), words(0x8180 | flags, 1, answers.length, 0, 0), question, ...answers]);
    if (!entry) return reply(RCODES.nxdomain, []);
    if (entry.say === 'silence') return undefined;
    if (entry.say === 'garbage')
      return Buffer.concat([query.subarray(0, 2), words(0x8180, 1, 9, 0, 0), question, Buffer.from([0xc0])]);
    if (entry.say === 'servfail' || entry.say === 'refused') return reply(RCODES[entry.say], []);
    const isCut = over === 'udp' && entry.say === 'truncated';
    return isCut ? reply(0x0200, []) : reply(0, answersFor(name, type, zone));
  };
  const tcp = createServer((socket) => {
    socket.on('error', () => {});
    let held = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      held = Buffer.concat([held, chunk]);
      while (held.length >= 2 && held.length >= 2 + held.readUInt16BE(0)) {
        const said = answer(held.subarray(2, 2 + held.readUInt16BE(0)), 'tcp');
        held = held.subarray(2 + held.readUInt16BE(0));
        if (said) socket.write(Buffer.concat([words(said.length), said]));
      }
    });
  });
  await new Promise<void>((listening) => tcp.listen(0, '127.0.0.1', listening));
  const { port } = tcp.address() as AddressInfo;
  const udp = createSocket('udp4');
  udp.on('message', (query, from) => {
    const said = answer(query, 'udp');
    if (said) udp.send(said, from.port, from.address);
  });
  await new Promise<void>((bound) => udp.bind(port, '127.0.0.1', bound));
  onTestFinished(() => {
    udp.close();
    tcp.close();
  });
  return { server: `127.0.0.1:${port}`, asked };
}

/** The records of a name, those that its CNAMEs lead to included, as a resolver gives them. */
function answersFor(name: string, type: number, zone: Zone): Buffer[] {
  const entry = zone[name.toLowerCase()];
  if (!entry) return [];
  const one = (kind: keyof typeof TYPES, data: Buffer) => record(name, TYPES[kind], data);
  if (entry.cname !== undefined) {
    const alias = one('cname', nameBytes(entry.cname));
    return type === TYPES.cname ? [alias] : [alias, ...answersFor(entry.cname, type, zone)];
  }
  if (type === TYPES.txt)
    return (entry.txt ?? []).map((strings) =>
      one('txt', Buffer.concat([strings].flat().map((text) => withLength(text)))),
    );
  if (type === TYPES.mx)
    return (entry.mx ?? []).map(([priority, to]) => one('mx', Buffer.concat([words(priority), nameBytes(to)])));
  return [];
}

function questionOf(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query.readUInt8(at); length > 0; length = query.readUInt8(at)) {
    labels.push(query.subarray(at + 1, at + 1 + length).toString('latin1'));
    at += length + 1;
  }
  return { name: labels.join('.'), type: query.readUInt16BE(at + 1), end: at + 5 };
}

function words(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2);
  values.forEach((value, index) => {
    bytes.writeUInt16BE(value, index * 2);
  });
  return bytes;
}

const withLength = (text: string): Buffer => Buffer.concat([Buffer.from([Buffer.byteLength(text)]), Buffer.from(text)]);

const nameBytes = (name: string): Buffer =>
  Buffer.concat([...name.split('.').filter(Boolean).map(withLength), Buffer.from([0])]);

const record = (name: string, type: number, data: Buffer): Buffer =>
  Buffer.concat([nameBytes(name), words(type, 1, 0, 60, data.length), data]);
