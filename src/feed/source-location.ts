import { fileURLToPath } from 'node:url';
import { PlimsollError } from '../model/error.js';

/** Where an operator says that a feed is. */
export type SourceLocation = { kind: 'folder'; path: string } | { kind: 'website'; url: string };

/**
 * @param location a folder, or a `file:`, `http:` or `https:` URL
 * @param what is read from there, `advisories`
 * @param variable that says where it is
 * @throws PlimsollError `feed_source_invalid` for another kind of URL
 */
export function parseSourceLocation(location: string, what: string, variable: string): SourceLocation {
  const unusable = (cause?: unknown) => {
    const message = `Cannot read ${what} from "${location.slice(0, 200)}": expected ${variable} to be a folder, or a file, http or https URL.`;
    return new PlimsollError('feed_source_invalid', message, { cause });
  };
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(location)?.[1]?.toLowerCase();
  switch (scheme) {
    case undefined:
      return { kind: 'folder', path: location };
    case 'http':
    case 'https':
      return { kind: 'website', url: location };
    case 'file':
      try {
        return { kind: 'folder', path: fileURLToPath(location) };
      } catch (cause) {
        throw unusable(cause);
      }
    default:
      throw unusable();
  }
}
