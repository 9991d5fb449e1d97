import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Where package.json is; it is not equally far from the sources and from what is built of them. */
const PACKAGE_FOLDER = packageFolder(import.meta.dirname);

/** Plimsoll's version. */
export const VERSION = (JSON.parse(readFileSync(join(PACKAGE_FOLDER, 'package.json'), 'utf8')) as { version: string })
  .version;

function packageFolder(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error('package.json is missing');
  return packageFolder(parent);
}
