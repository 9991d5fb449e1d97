import type { CoverageItem } from '../../model/coverage.js';
import { PlimsollError } from '../../model/error.js';
import { type Blob, digestMismatch } from './blob.js';
import { type Descriptor, index, parseDocument } from './documents.js';
import type { ImageFiles } from './image-files.js';
import { type ImageContent, imagesOf, missingLayer, planImage } from './image-manifest.js';
import { formatPlatform } from './platform.js';
import type { PlannedLayer } from './read-layer.js';
import type { ImagePlan } from './read-layers.js';

const INDEX = 'index.json';
const LAYOUT = 'oci-layout';
const REFERENCE_NAMES = ['org.opencontainers.image.ref.name', 'io.containerd.image.name'] as const;

/**
 * Plans an image of an OCI layout (OCI image specification, "Image Layout"): every document is checked against its
 * digest and size.
 *
 * @param selector the image's reference name, digest, or `@N` for the Nth; null where the layout holds one image
 * @param platform `os/arch[/variant]`; null takes the only one, or this machine's
 */
export async function planOciLayout(
  files: ImageFiles,
  selector: string | null,
  platform: string | null,
): Promise<ImagePlan> {
  const root = await files.get(INDEX);
  if (!root) {
    const message = `${files.name} has no ${INDEX}: expected an OCI image layout. What "docker save" wrote is scanned as docker-archive:PATH.`;
    throw new PlimsollError('manifest_missing', message);
  }
  const { manifests } = parseDocument(index, await root.json(null), root.name);
  return planImage(new LayoutContent(files), select(manifests, selector, files.name), platform);
}

export async function isOciLayout(files: ImageFiles): Promise<boolean> {
  return (await files.get(LAYOUT)) !== null && (await files.get(INDEX)) !== null;
}

class LayoutContent implements ImageContent {
  constructor(private readonly files: ImageFiles) {}

  get name(): string {
    return this.files.name;
  }

  /** @throws PlimsollError `manifest_missing`, `digest_mismatch` and what `Blob.json` gives */
  async document(descriptor: Descriptor): Promise<{ name: string; value: unknown }> {
    const blob = await this.blob(descriptor);
    if (blob) return { name: blob.name, value: await blob.json(descriptor.digest) };
    const message = `${this.name} has no ${pathOf(descriptor)}: export the image again.`;
    throw new PlimsollError('manifest_missing', message);
  }

  async layer(descriptor: Descriptor, diffId: string): Promise<PlannedLayer | CoverageItem> {
    const blob = await this.blob(descriptor);
    return blob ? { blob, digest: descriptor.digest, diffId } : missingLayer(this.name, descriptor);
  }

  private async blob(descriptor: Descriptor): Promise<Blob | null> {
    const blob = await this.files.get(pathOf(descriptor));
    const { digest, size } = descriptor;
    if (blob && blob.size !== size)
      throw digestMismatch(blob.name, `${digest} and ${size} bytes`, `${blob.size} bytes`);
    return blob;
  }
}

function pathOf({ digest }: Descriptor): string {
  return `blobs/${digest.replace(':', '/')}`;
}

function select(manifests: Descriptor[], selector: string | null, name: string): Descriptor[] {
  const images = imagesOf(manifests);
  if (selector !== null) {
    const number = /^@(\d{1,6})$/.exec(selector)?.[1];
    const chosen =
      number === undefined
        ? images.filter((entry) => entry.digest === selector || namesOf(entry).includes(selector))
        : images.slice(Number(number), Number(number) + 1);
    if (chosen.length > 0) return chosen;
    throw notThere(images, `${name} holds no image ${selector}`);
  }
  if (images.length === 0) throw new PlimsollError('manifest_invalid', `${name} holds no image: export it again.`);
  const digests = new Set(images.map(({ digest }) => digest));
  const platforms = images.map((entry) => (entry.platform ? formatPlatform(entry.platform) : ''));
  if (digests.size === 1) return images.slice(0, 1);
  // Several images of one name and different platforms are one multi-platform image.
  if (!platforms.includes('') && new Set(platforms).size === platforms.length) return images;
  throw notThere(images, `${name} holds ${digests.size} images, and the reference does not say which is meant`);
}

function namesOf({ annotations }: Descriptor): string[] {
  return REFERENCE_NAMES.flatMap((key) => annotations?.[key] ?? []);
}

function notThere(images: Descriptor[], what: string): PlimsollError {
  const names = images.map((entry, number) => namesOf(entry)[0] ?? `@${number}`);
  const message = `${what}: add one of these after a colon: ${names.slice(0, 20).join(', ')}.`;
  return new PlimsollError('image_not_in_archive', message);
}
