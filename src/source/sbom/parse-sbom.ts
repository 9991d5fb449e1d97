import { readSbom } from '../../engine/sbom/read-sbom.js';
import type { SbomFacts } from '../../engine/sbom/sbom-facts.js';
import { type DocumentTask, readWhole } from '../archive/read-whole.js';

/**
 * Reads an SBOM, plain or compressed. It blocks, and takes several times the memory of the document: it is for a thread.
 *
 * @throws PlimsollError `sbom_invalid`, `limit_exceeded`, `archive_truncated`, `archive_corrupt`
 */
export async function parseSbom(task: DocumentTask): Promise<SbomFacts> {
  return readSbom(await readWhole(task, 'an SBOM'), task.blob.name);
}
