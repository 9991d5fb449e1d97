import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PlimsollError } from '../../model/error.js';
import type { DaemonTls } from './daemon-client.js';

/**
 * Reads what a client needs for an engine that is reached by TLS, from a folder as Docker lays it out (DOCKER_CERT_PATH).
 *
 * @param folder null where TLS is not wanted
 * @throws PlimsollError `daemon_unreachable` for a file that cannot be read
 */
export async function readDaemonTls(folder: string | null): Promise<DaemonTls | null> {
  if (folder === null) return null;
  const read = (name: string) =>
    readFile(join(folder, name), 'utf8').catch((error: NodeJS.ErrnoException) => {
      const message = `${join(folder, name)} cannot be read (${error.code}): PLIMSOLL_DOCKER_CERT_PATH names a folder with ca.pem, cert.pem and key.pem.`;
      throw new PlimsollError('daemon_unreachable', message, { cause: error });
    });
  const [ca, cert, key] = await Promise.all([read('ca.pem'), read('cert.pem'), read('key.pem')]);
  return { ca, cert, key };
}
