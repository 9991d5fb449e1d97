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
  const zeros = gzipSync(Buffer.alloc(MIB));
  return Buffer.concat([
    gzipSync(Buffer.concat([withoutEnd, tarHeader('big/zeros', mebibytes * MIB)])),
    ...Array.from({ length: mebibytes }, () => zeros),
    gzipSync(Buffer.alloc(1_024)),
  ]);
}

/** The header of a file, with whatever size it is to claim. */
export function tarHeader(name: string, size: number): Buffer {
  const header = Buffer.alloc(512);
  header.write(name);
  header.write('0000644\0', 100);
  if (size < 8 ** 11) header.write(`${size.toString(8).padStart(11, '0')} `, 124);
  else {
    header[124] = 0x80;
    header.writeBigUInt64BE(BigInt(size), 128);
  }
  header.write('0', 156);
  header.write('ustar\x0000', 257, 'latin1');
  header.write('        ', 148);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}
