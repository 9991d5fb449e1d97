import { access, chmod, constants, mkdir, stat } from 'node:fs/promises';
import { StartError } from './start-error.js';

/**
 * Makes the data folder, if it is not there, and checks that it can be used. Only its owner can look into it; for root
 * others may pass through, because PostgreSQL refuses to run as root and keeps its files inside under another user. Every
 * secret inside is readable by its owner only.
 *
 * @throws StartError
 */
export async function openDataFolder(dataDir: string): Promise<void> {
  const asRoot = process.getuid?.() === 0;
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    const { mode } = await stat(dataDir);
    if (asRoot && (mode & 0o011) !== 0o011) await chmod(dataDir, (mode & 0o777) | 0o011);
    await access(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new StartError(`${describe(code, message, dataDir)}, or set PLIMSOLL_DATA_DIR to another folder.`);
  }
}

function describe(code: string | undefined, message: string, dataDir: string): string {
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return `The data folder ${dataDir} cannot be used by user ${process.getuid?.()}: start as the user that owns it`;
    case 'EEXIST':
    case 'ENOTDIR':
      return `The data folder ${dataDir} cannot be made, because a file is in its way: move the file`;
    case 'EROFS':
      return `The data folder ${dataDir} is on a file system that is read-only: mount it for writing`;
    default:
      return `The data folder ${dataDir} cannot be made (${message}): mend that`;
  }
}
