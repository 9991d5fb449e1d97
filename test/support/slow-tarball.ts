import { gzipSync } from 'node:zlib';
import { alpine, tar } from './image.js';

const MIB = 1024 * 1024;

/**
 * A root file system that takes seconds to read but no time to make: gzip members follow each other (RFC 1952 §2.2), so
 * one member of a MiB of zeros is repeated.
 */
export async function slowTarball(mebibytes: number): Promise<Buffer> {
  const system = await tar(alpine([{ name: 'musl', version: '1.2.5-r0' }], '3.20.3'));
  const withoutEnd = system.subarray(0, system.length - 1_024);
  const header = (await tar({ 'big/zeros': Buffer.alloc(0) })).subarray(0, 512);
  header.write(`${(mebibytes * MIB).toString(8).padStart(11, '0')} `, 124);
  header.write('        ', 148);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  const zeros = gzipSync(Buffer.alloc(MIB));
  return Buffer.concat([
    gzipSync(Buffer.concat([withoutEnd, header])),
    ...Array.from({ length: mebibytes }, () => zeros),
    gzipSync(Buffer.alloc(1_024)),
  ]);
}
