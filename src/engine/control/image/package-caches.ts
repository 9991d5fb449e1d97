import { counted, failIfAny, notApplicable } from '../control.js';
import type { ImageControl } from './image-subject.js';

export const PACKAGE_CACHE_CONTROLS: ImageControl[] = [
  {
    id: 'no-package-caches',
    title: 'No layer holds the cache of a package manager',
    problem: 'Layers hold caches of package managers',
    severity: 'low',
    looksAt:
      'files below the caches of apt, apk, yum, dnf, zypper, pacman, npm, yarn, pip and others, in each layer: what a later layer removes still makes the image larger',
    remediation:
      'Remove the cache in the RUN that fills it (rm -rf /var/lib/apt/lists/*, apk add --no-cache, dnf clean all, pip install --no-cache-dir), or mount one: RUN --mount=type=cache.',
    opens: 'misconfiguration',
    restsOn: ['files'],
    judge: ({ inventory }) => {
      if (inventory.image === null) return notApplicable('The target was read without its files.');
      return failIfAny(
        inventory.image.packageCaches.map(({ path, files, bytes, layer }) => ({
          resource: layer,
          path,
          value: `${counted(files, 'file')}, ${counted(bytes, 'byte')}`,
        })),
        (count) => `${counted(count, 'cache')} of package managers ${count === 1 ? 'is' : 'are'} part of the image.`,
        'No layer has a package manager’s cache.',
      );
    },
  },
];
