import { constants } from 'node:fs';
import { type FileHandle, open, readlink, realpath } from 'node:fs/promises';
import { PlimsollError } from '../../model/error.js';

/**
 * Opens a file whose real path was checked before, and makes sure that it is this file that was opened: no link was put
 * on the way to it since, and no pipe or device at its end.
 *
 * @param path absolute and resolved
 * @throws PlimsollError `path_not_found`, `path_not_readable`, `not_an_archive` for what is no file
 */
export async function openRegular(path: string): Promise<FileHandle> {
  const file = await openPath(path);
  try {
    const stats = await file.stat();
    if (stats.isDirectory()) {
      const message = `${path} is a folder, where a file was expected: use oci:${path} for an OCI layout or rootfs:${path} for a root file system.`;
      throw new PlimsollError('not_an_archive', message);
    }
    if (!stats.isFile()) throw new PlimsollError('not_an_archive', `${path} is no regular file.`);
    if ((await pathOf(file, path)) !== path) throw moved(path);
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function openPath(path: string): Promise<FileHandle> {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    throw asPathError(error, path);
  }
}

/** Linux tells where an open file is; elsewhere the path is resolved again. */
function pathOf(file: FileHandle, path: string): Promise<string> {
  return process.platform === 'linux' ? readlink(`/proc/self/fd/${file.fd}`) : realpath(path);
}

/** What an error of the operating system means for a path that a client gave. */
export function asPathError(error: unknown, path: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new PlimsollError('path_not_found', `There is no ${path}: check the path after the transport.`, {
        cause: error,
      });
    case 'ELOOP':
      return moved(path);
    case 'EACCES':
    case 'EPERM':
    case 'EIO':
      return new PlimsollError(
        'path_not_readable',
        `${path} cannot be read (${code}): let the service's user read it, or upload it to /v1/uploads.`,
        { cause: error },
      );
    default:
      return error;
  }
}

function moved(path: string): PlimsollError {
  return new PlimsollError('path_not_allowed', `${path} is a link, or was moved while it was opened: it was not read.`);
}
