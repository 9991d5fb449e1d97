import type { ContainerStatus } from '../../model/cluster/pod.js';
import type { ImageFinding } from '../../model/cluster/running-workload.js';
import type { KnownImage } from '../../model/host/audited-container.js';
import { type ImageMatch, type ImageUse, identityOf, matchImages } from '../host/images-in-use.js';
import type { FindingsOf } from './attack-path/image-risk.js';
import type { AuditedWorkload } from './workloads.js';

/** An image that a container of a workload runs, or would run. */
export interface WorkloadImage extends ImageUse {
  container: string;
}

/**
 * The images of a workload, each once: as its pods say that they run them, by digest; where none does, as it asks for them.
 */
export function workloadImages({ views, pods }: AuditedWorkload): WorkloadImage[] {
  const running = Map.groupBy(
    pods.flatMap(({ status }) => status?.containers ?? []),
    ({ name }) => name,
  );
  const images = new Map<string, WorkloadImage>();
  for (const { containers } of views) {
    for (const { container } of containers) {
      const { name, image } = container;
      const seen = (running.get(name) ?? [])
        .map(useOf)
        .filter(({ imageDigests, imageId }) => imageDigests.length > 0 || imageId !== '');
      const asked =
        image === null ? [] : [{ image, imageId: '', imageDigests: image.includes('@sha256:') ? [image] : [] }];
      for (const use of seen.length > 0 ? seen : asked) {
        images.set(JSON.stringify([name, use]), { container: name, ...use });
      }
    }
  }
  return [...images.values()];
}

/** Runtimes say `docker.io/library/nginx@sha256:…`, `docker-pullable://nginx@sha256:…`, or the image's own `sha256:…`. */
function useOf({ image, imageID }: ContainerStatus): ImageUse {
  const id = imageID.replace(/^[a-z-]+:\/\//, '');
  return id.includes('@') ? { image, imageId: '', imageDigests: [id] } : { image, imageId: id, imageDigests: [] };
}

/** References by which images of workloads can be read from their registries that no scan has looked at; each once. */
export function unauditedWorkloadImages(workloads: readonly AuditedWorkload[], known: readonly KnownImage[]): string[] {
  const images = workloads.flatMap(workloadImages);
  const matches = matchImages(images, known);
  const references = images.flatMap((use, i) => {
    const reference = `docker://${use.imageDigests[0] ?? use.image}`;
    const isAudited =
      use.imageDigests.length > 0
        ? matches[i]?.matchedBy === 'digest' || matches[i]?.matchedBy === 'index'
        : (matches[i] ?? null) !== null;
    return isAudited || identityOf(reference) === null ? [] : [reference];
  });
  return [...new Set(references)];
}

/** The image of each container of each workload, as it was audited. */
export function matchWorkloadImages(
  workloads: readonly AuditedWorkload[],
  known: readonly KnownImage[],
): Map<string, { use: WorkloadImage; match: ImageMatch | null }[]> {
  return new Map(
    workloads.map((workload) => {
      const uses = workloadImages(workload);
      const matches = matchImages(uses, known);
      return [workload.resource, uses.map((use, i) => ({ use, match: matches[i] ?? null }))];
    }),
  );
}

/**
 * What is known to be wrong with the images of each workload; null where one was not audited.
 *
 * @param findings by target
 */
export function workloadFindings(
  workloads: readonly AuditedWorkload[],
  known: readonly KnownImage[],
  findings: ReadonlyMap<string, readonly ImageFinding[]>,
): FindingsOf {
  const images = matchWorkloadImages(workloads, known);
  return ({ resource }) => {
    const found: ImageFinding[] = [];
    for (const { match } of images.get(resource) ?? []) {
      if (match === null) return null;
      found.push(...(findings.get(match.image.targetId) ?? []));
    }
    return found;
  };
}
