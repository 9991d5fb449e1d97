import { type ImageName, parseImageName } from '../../../../model/image-name.js';
import { manual, type Verdict } from '../../control.js';
import { isOfRegistry } from '../../trusted-registry.js';
import type { ClusterControl } from '../cluster-subject.js';
import { eachContainer, WORKLOAD } from '../each-workload.js';

/** Which images workloads run, and whether a node asks for them. */
export const IMAGE_CONTROLS: ClusterControl[] = [
  {
    ...WORKLOAD,
    id: 'workload-trusted-registry',
    title: 'Images come from registries that are trusted',
    problem: 'An image comes from a registry that is not trusted',
    severity: 'medium',
    looksAt:
      'the images of containers, against the registries that the operator trusts (`PLIMSOLL_TRUSTED_REGISTRIES`)',
    remediation:
      'Copy the image to a registry that is trusted, and name it there: containers: [{name: app, image: registry.example/app@sha256:…}].',
    judge: (subject): Verdict => {
      const trusted = subject.trustedRegistries;
      if (trusted === null) return manual('No registry is said to be trusted: set PLIMSOLL_TRUSTED_REGISTRIES.');
      return eachContainer(({ container: { image } }) => {
        const name = nameOf(image);
        const isTrusted = name !== null && trusted.some((entry) => isOfRegistry(name, entry));
        return isTrusted ? [] : [{ field: 'image', value: image ?? 'not set' }];
      }, 'have images of other registries')(subject);
    },
  },
  {
    ...WORKLOAD,
    id: 'workload-pinned-tag',
    title: 'Images are named by a version',
    problem: 'An image is named by no version',
    severity: 'medium',
    looksAt: 'the tags of images: `latest`, or none',
    remediation: 'Name the version: containers: [{name: app, image: registry.example/app:1.4.2@sha256:…}].',
    judge: eachContainer(({ container: { image } }) => {
      const name = nameOf(image);
      return name !== null && (name.digest !== null || name.tag !== 'latest')
        ? []
        : [{ field: 'image', value: image ?? 'not set' }];
    }, 'have images without a version'),
  },
  {
    ...WORKLOAD,
    id: 'workload-image-digest',
    title: 'Images are named by their digest',
    problem: 'An image is not named by its digest',
    severity: 'low',
    looksAt: 'the images of containers: a tag can be moved, a digest cannot',
    remediation: 'Name the digest: containers: [{name: app, image: registry.example/app@sha256:…}].',
    judge: eachContainer(
      ({ container: { image } }) => (nameOf(image)?.digest ? [] : [{ field: 'image', value: image ?? 'not set' }]),
      'have images without a digest',
    ),
  },
  {
    ...WORKLOAD,
    id: 'workload-pull-policy',
    title: 'Images whose tag moves are asked for at each start',
    problem: 'An image is not asked for at each start, although its tag moves',
    severity: 'low',
    looksAt: '`imagePullPolicy` of containers whose image has the tag `latest`, and `Never` of any',
    remediation: 'containers: [{name: app, imagePullPolicy: Always}]',
    judge: eachContainer(({ container: { image, imagePullPolicy } }) => {
      const name = nameOf(image);
      const moves = name !== null && name.digest === null && name.tag === 'latest';
      const isStale = imagePullPolicy === 'Never' || (moves && (imagePullPolicy ?? 'Always') !== 'Always');
      return isStale ? [{ field: 'imagePullPolicy', value: imagePullPolicy ?? 'not set' }] : [];
    }, 'may run what a node has had for long'),
  },
];

const MAX_NAMES = 10_000;
const names = new Map<string, ImageName | null>();

/** Null for what is no name of an image. The same few are asked for again and again. */
function nameOf(image: string | null): ImageName | null {
  if (image === null) return null;
  const kept = names.get(image);
  if (kept !== undefined) return kept;
  if (names.size >= MAX_NAMES) names.clear();
  const name = parsedOrNull(image);
  names.set(image, name);
  return name;
}

function parsedOrNull(image: string): ImageName | null {
  try {
    return parseImageName(image);
  } catch {
    return null;
  }
}
