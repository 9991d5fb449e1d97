import { type ApiClient, ApiError } from './api-client.js';
import { CommandError, EXIT_CODES } from './exit-code.js';
import { findTarget } from './find-target.js';

/**
 * Loads what belongs to a scan.
 *
 * @param text a scan's id, or what names a target, whose newest scan is meant
 */
export async function loadOfScan<T>(client: ApiClient, text: string, load: (scanId: string) => Promise<T>): Promise<T> {
  if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)) {
    try {
      return await load(text);
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'not_found') throw error;
    }
  }
  const { lastScanId } = await findTarget(client, text);
  if (lastScanId === null) throw new CommandError(EXIT_CODES.failed, `No scan of ${text} has ended with facts yet.`);
  return load(lastScanId);
}
