import { counted, failIfAny, undetermined } from '../control.js';
import type { ImageControl, ImageSubject } from './image-subject.js';

export const PATCH_CONTROLS: ImageControl[] = [
  {
    id: 'patches-installed',
    title: 'Every fix that is published is installed',
    problem: 'Fixes that are published are not installed',
    severity: 'high',
    looksAt: 'vulnerabilities that were found in the image and for which a fixed version is known',
    remediation: 'Build the image anew from a current base image, and upgrade the packages that are named.',
    // Each vulnerability is a finding already.
    opens: null,
    restsOn: ['packages'],
    judge: ({ unpatched, unmatched }: ImageSubject) => {
      if (unpatched.length === 0 && unmatched !== null) return undetermined(unmatched);
      return failIfAny(
        unpatched.map(({ purl, ruleId, fixedVersion }) => ({
          resource: purl,
          path: null,
          value: `${ruleId}, fixed in ${fixedVersion}`,
        })),
        (count) => `${counted(count, 'vulnerability', 'vulnerabilities')} could be fixed by an upgrade.`,
        'No vulnerability is known for which there is a fix.',
      );
    },
  },
];
