import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { BadInput } from '#apps/cli/bad-input.ts';

const CHUNK = 256 * 1024;
/** Letters in a line. Beyond it this is not a file of lines, and reading on would only fill the memory. */
const LINE_LIMIT = 16 * 1024 * 1024;

/** Told by the first two bytes, not by the name: a browser may have unpacked `x.csv.gz` or kept `x.csv` packed. */
async function isGzip(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await handle.close();
  }
}

/** Size in bytes as it lies on disk and time of the last change. Throws BadInput where there is no such file. */
export async function factsOf(file: string): Promise<{ size: number; changed: number }> {
  const found = await stat(file).catch(() => undefined);
  if (!found?.isFile()) throw new BadInput(`There is no file "${file}".`);
  return { size: found.size, changed: found.mtimeMs };
}

/**
 * The lines of a text file, packed by gzip or not, without their ends (LF or CRLF) and without a byte order mark. They
 * come in lists, one a chunk, since an await for each line would cost more than reading it. Throws BadInput when the
 * file breaks off or is not there.
 *
 * @param onBytes called with the number of bytes read from disk since its last call
 */
export async function* readLines(file: string, onBytes: (bytes: number) => void): AsyncGenerator<readonly string[]> {
  await factsOf(file);
  const gzip = await isGzip(file);
  const packed = counted(createReadStream(file, { highWaterMark: CHUNK }), onBytes);
  try {
    yield* linesOf(gzip ? unpacked(packed) : packed);
  } catch (error) {
    if (!isReadError(error)) throw error;
    throw new BadInput(`"${basename(file)}" cannot be read to its end: it is damaged or cut off.`, { cause: error });
  }
}

/** Of the disk (`EIO`) or of gzip (`Z_DATA_ERROR`), and not of whoever was told of the bytes. */
const isReadError = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && /^(E[A-Z]+|Z_\w+)$/.test(String(error.code));

async function* counted(chunks: AsyncIterable<Buffer>, onBytes: (bytes: number) => void): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    onBytes(chunk.length);
    yield chunk;
  }
}

function unpacked(packed: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  const gunzip = createGunzip({ chunkSize: CHUNK });
  // Whoever reads on gets the error: pipeline destroys the stream with it.
  pipeline(packed, gunzip, () => {});
  return gunzip;
}

async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<readonly string[]> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > LINE_LIMIT) throw new BadInput('The file is one endless line; rows are parted by line ends.');
    if (lines.length > 0) yield lines.map(withoutReturn);
  }
  rest += decoder.decode();
  if (rest !== '') yield [withoutReturn(rest)];
}

const withoutReturn = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line);
