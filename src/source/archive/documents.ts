import { z } from 'zod';
import { PlimsollError } from '../../model/error.js';

/** More than any image has. */
const MAX_LAYERS = 1_000;
const MAX_MANIFESTS = 10_000;

/** OCI image specification, "Digests"; no other algorithm is registered for images in use. */
const digest = z.string().regex(/^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/);

const platform = z.object({ os: z.string(), architecture: z.string(), variant: z.string().optional() });

/** OCI image specification, "Content Descriptors". */
const descriptor = z.object({
  mediaType: z.string().optional(),
  artifactType: z.string().optional(),
  digest,
  size: z.int().nonnegative(),
  platform: platform.nullish(),
  annotations: z.record(z.string(), z.string()).nullish(),
});
export type Descriptor = z.infer<typeof descriptor>;

/** "Image Index", and Docker's manifest list. */
export const index = z.object({ manifests: z.array(descriptor).max(MAX_MANIFESTS) });

/** "Image Manifest", and Docker's manifest of version 2, schema 2. */
export const manifest = z.object({ config: descriptor, layers: z.array(descriptor).max(MAX_LAYERS) });

const unlessWrong = z.string().optional().catch(undefined);

/** "Image Configuration": what the layers cannot be read without. The rest is read by `image-config.ts`. */
export const configuration = z.object({
  os: unlessWrong,
  architecture: unlessWrong,
  variant: unlessWrong,
  rootfs: z.object({ diff_ids: z.array(digest).max(MAX_LAYERS).nullable() }),
});

/** What `docker save` writes into manifest.json: Docker image specification 1.2, "Combined Image JSON". */
export const savedImages = z.array(
  z.object({
    Config: z.string(),
    RepoTags: z.array(z.string()).nullish(),
    Layers: z.array(z.string()).max(MAX_LAYERS).nullable(),
  }),
);

/** @throws PlimsollError `manifest_invalid` that names the first field that is wrong */
export function parseDocument<T>(schema: z.ZodType<T>, value: unknown, name: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.join('.') || 'the document';
  const message = `${name} is not what an image has there: ${where}: ${issue?.message ?? 'invalid'}. Export the image again.`;
  throw new PlimsollError('manifest_invalid', message);
}
