import { PlimsollError } from '../../model/error.js';
import type { HostFacts } from '../../model/host/host-facts.js';
import { Blob } from '../archive/blob.js';
import type { LayerWorkers } from '../archive/layer-workers.js';

/** Uncompressed, bytes: of a host with 500 containers and 3,000 packages it has a tenth of it. */
const MAX_FACTS = 64 * 1024 * 1024;

/**
 * Reads a facts file, plain or compressed, in a thread.
 *
 * @param path absolute and resolved
 * @param name as messages call it
 * @throws PlimsollError `path_not_found`, `facts_invalid`, `limit_exceeded`, `archive_truncated`, `archive_corrupt`;
 *   whatever `signal` was aborted with
 */
export async function readFactsFile(
  path: string,
  name: string,
  workers: Pick<LayerWorkers, 'readFacts'>,
  signal: AbortSignal,
): Promise<HostFacts> {
  const blob = await Blob.ofFile(path, name);
  if (!blob) throw new PlimsollError('path_not_found', `There is no ${path}: check the path after the transport.`);
  return workers.readFacts({ blob: blob.location, maxBytes: MAX_FACTS }, signal);
}
