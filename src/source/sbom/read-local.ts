import type { SbomFacts } from '../../engine/sbom/sbom-facts.js';
import { PlimsollError } from '../../model/error.js';
import { Blob } from '../archive/blob.js';
import { type LocalImageReference, type ReadImageOptions, readImage } from '../archive/read-image.js';
import type { SourceImage } from '../archive/read-layers.js';
import { isSbomFile } from './sbom-start.js';

/** Of a document uncompressed, bytes: the SBOM of the largest image has a tenth of it. */
const MAX_SBOM = 64 * 1024 * 1024;

/**
 * Reads an image, or what an SBOM says of one, from local files. Of a file of any form its content tells which it is.
 *
 * @throws PlimsollError `sbom_invalid`, `limit_exceeded`, and as for images; whatever `signal` was aborted with
 */
export async function readLocal(
  reference: LocalImageReference | { transport: 'sbom'; path: string },
  options: ReadImageOptions,
): Promise<SourceImage | SbomFacts> {
  const { path, transport } = reference;
  if (transport === 'sbom') return readSbomFile(path, path, options);
  if (transport === 'auto')
    return (await isSbomFile(path)) ? readSbomFile(path, reference.name, options) : readImage(reference, options);
  try {
    return await readImage(reference, options);
  } catch (error) {
    throw await withHint(error, path);
  }
}

async function readSbomFile(
  path: string,
  name: string,
  { workers, signal, onProgress }: ReadImageOptions,
): Promise<SbomFacts> {
  const blob = await Blob.ofFile(path, name);
  if (!blob) throw new PlimsollError('path_not_found', `There is no ${path}: check the path after the transport.`);
  const facts = await workers.readSbom({ blob: blob.location, maxBytes: MAX_SBOM }, signal);
  onProgress(1);
  return facts;
}

/** Where an image was expected and an SBOM is, the error says so; any other error is left as it is. */
async function withHint(error: unknown, path: string): Promise<unknown> {
  if (!(error instanceof PlimsollError) || error.code !== 'not_an_archive') return error;
  if (!(await isSbomFile(path).catch(() => false))) return error;
  return new PlimsollError('not_an_archive', `${path} is no image, but may be an SBOM: scan sbom:${path}.`);
}
