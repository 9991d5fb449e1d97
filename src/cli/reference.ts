import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { PlimsollError } from '../model/error.js';
import { parseImageReference } from '../model/reference.js';
import { CommandError, EXIT_CODES } from './exit-code.js';

/** What the user named, as the service would read it. */
export interface ScanReference {
  /** With an absolute path; null for a plain file, whose form only its content tells. */
  reference: string | null;
  /** What the target is called when the file has to be sent. */
  label: string;
  /** The local file or folder that it means; null for an upload, which is already there. */
  path: string | null;
  isFolder: boolean;
}

const TRANSPORTS = /^(docker-archive|oci-archive|oci|rootfs):(.*)$/s;

/**
 * Makes paths absolute, and finds the form of a path without one: a folder is an OCI layout or a root file system, a file
 * is sent and looked at.
 *
 * @throws CommandError `usage`
 */
export function readReference(text: string, cwd: string): ScanReference {
  const [, transport, rest] = TRANSPORTS.exec(text) ?? [];
  if (transport !== undefined && rest !== undefined) return withTransport(transport, rest, cwd);
  if (text.startsWith('upload:')) return { reference: text, label: text, path: null, isFolder: false };
  const path = resolve(cwd, text);
  if (text !== '' && existsSync(path)) {
    if (!statSync(path).isDirectory()) return { reference: null, label: path, path, isFolder: false };
    const form = existsSync(join(path, 'oci-layout')) ? 'oci' : 'rootfs';
    return { reference: `${form}:${path}`, label: `${form}:${path}`, path, isFolder: true };
  }
  throw new CommandError(
    EXIT_CODES.usage,
    `"${text}" is neither a file or folder here nor a reference: expected docker-archive:PATH, oci-archive:PATH, oci:DIR, rootfs:PATH, upload:ID or a path.
An image of a local engine is saved first: docker save ${/^[\w./:@-]+$/.test(text) ? text : 'IMAGE'} -o image.tar, then plimsoll scan docker-archive:image.tar`,
  );
}

function withTransport(transport: string, rest: string, cwd: string): ScanReference {
  if (rest === '') throw new CommandError(EXIT_CODES.usage, `Expected a path after "${transport}:".`);
  const reference = `${transport}:${rest.startsWith('/') ? rest : resolve(cwd, rest)}`;
  try {
    const parsed = parseImageReference(reference);
    if (parsed.transport === 'upload') throw new Error('an upload has no path');
    const isFolder = existsSync(parsed.path) && statSync(parsed.path).isDirectory();
    return { reference, label: reference, path: parsed.path, isFolder };
  } catch (error) {
    if (error instanceof PlimsollError) throw new CommandError(EXIT_CODES.usage, error.message);
    throw error;
  }
}
