import { realpath } from 'node:fs/promises';
import { dirname, normalize, sep } from 'node:path';
import { PlimsollError } from '../model/error.js';

/**
 * Where a local path really is, if the operator allowed it. Symbolic links and `..` are resolved before the comparison,
 * and the answer is the resolved path, so what was checked is what is opened. A path that does not exist is judged by
 * its nearest existing folder, so that nobody learns from the error what exists outside the allowed folders.
 *
 * @throws PlimsollError `path_not_allowed`, `path_not_found`
 */
export async function allowedPath(
  path: string,
  importDirs: readonly string[],
  variable: 'PLIMSOLL_IMPORT_DIRS' | 'PLIMSOLL_KUBECONFIG_DIRS' = 'PLIMSOLL_IMPORT_DIRS',
): Promise<string> {
  const wanted = normalize(path);
  const { real, missing } = await resolveExisting(wanted);
  const roots = await Promise.all(importDirs.map(async (dir) => (await resolveExisting(dir)).real));
  if (!roots.some((root) => isInside(real, root))) throw notAllowed(wanted, importDirs, variable);
  if (missing) {
    throw new PlimsollError(
      'path_not_found',
      `There is no file or folder ${wanted}: check the path after the transport.`,
    );
  }
  return real;
}

/** Whether `path` is `root` or below it; both are resolved. */
function isInside(path: string, root: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep);
}

async function resolveExisting(path: string): Promise<{ real: string; missing: boolean }> {
  let candidate = path;
  for (let missing = false; ; missing = true) {
    try {
      return { real: await realpath(candidate), missing };
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code !== 'ENOENT' && code !== 'ENOTDIR' && code !== 'EACCES' && code !== 'ELOOP' && code !== 'ENAMETOOLONG')
        throw error;
      const parent = dirname(candidate);
      if (parent === candidate) throw error;
      candidate = parent;
    }
  }
}

function notAllowed(path: string, importDirs: readonly string[], variable: string): PlimsollError {
  const allowed = importDirs.length === 0 ? 'it is empty now' : `it is ${importDirs.join(':')} now`;
  return new PlimsollError(
    'path_not_allowed',
    `${path} is not in a folder that this service may read: name its folder in ${variable} (${allowed})${variable === 'PLIMSOLL_IMPORT_DIRS' ? ', or upload the file to /v1/uploads and scan upload:ID' : ''}.`,
  );
}
