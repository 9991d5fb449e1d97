import { z } from 'zod';
import { PlimsollError } from '../../model/error.js';
import { INDEX_TYPES } from '../archive/image-manifest.js';

const MANIFEST_TYPES = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
] as const;

/** What tells the kinds of documents apart. */
const outline = z.object({
  schemaVersion: z.number().nullish(),
  mediaType: z.string().nullish(),
  manifests: z.array(z.unknown()).nullish(),
  layers: z.array(z.unknown()).nullish(),
  config: z.unknown().optional(),
  fsLayers: z.unknown().optional(),
});

/**
 * Reads what a registry has under a tag or digest. The document itself says what it is; a type beside it that says
 * otherwise, or a document that is two things at once, would be read in one way here and in another elsewhere
 * (OCI image specification, security advisory GHSA-77vh-xpmg-72qh), and is refused.
 *
 * @param contentType of the answer; empty where it had none
 * @throws PlimsollError `manifest_invalid`, `manifest_unsupported`
 */
export function parseManifest(bytes: Buffer, contentType: string, name: string): { value: unknown; mediaType: string } {
  const value = parseJson(bytes, name);
  const parsed = outline.safeParse(value);
  if (!parsed.success) throw invalid(name, 'is no manifest');
  const { schemaVersion, mediaType, manifests, layers, config, fsLayers } = parsed.data;
  if (schemaVersion === 1 || fsLayers !== undefined || isSchema1(mediaType ?? contentType)) {
    const message = `${name} is a manifest of Docker's schema 1, which is not read: push the image again with a Docker or skopeo of this decade.`;
    throw new PlimsollError('manifest_unsupported', message);
  }
  const isIndex = manifests != null;
  const isManifest = layers != null || (config !== undefined && config !== null);
  if (isIndex === isManifest) throw invalid(name, isIndex ? 'is an index and a manifest at once' : 'is no manifest');
  const own: readonly string[] = isIndex ? INDEX_TYPES : MANIFEST_TYPES;
  const others: readonly string[] = isIndex ? MANIFEST_TYPES : INDEX_TYPES;
  const claims = [mediaType ?? '', contentType];
  const contradicts = claims.some((claim) => others.includes(claim));
  if (contradicts) throw invalid(name, `calls itself ${claims.find((claim) => claim !== '')}, but is something else`);
  return { value, mediaType: claims.find((claim) => own.includes(claim)) ?? own[0] ?? '' };
}

function parseJson(bytes: Buffer, name: string): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    throw new PlimsollError('manifest_invalid', `${name} is not JSON: is this a registry?`, { cause });
  }
}

function isSchema1(type: string): boolean {
  return type.startsWith('application/vnd.docker.distribution.manifest.v1+');
}

function invalid(name: string, what: string): PlimsollError {
  return new PlimsollError('manifest_invalid', `${name} ${what}: push the image again.`);
}
