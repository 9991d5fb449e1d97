import type { ImageName } from '../../../model/image-name.js';
import { fail, manual, notApplicable, pass } from '../control.js';
import { isOfRegistry } from '../trusted-registry.js';
import type { ImageControl } from './image-subject.js';

export const NAMING_CONTROLS: ImageControl[] = [
  {
    id: 'pinned-tag',
    title: 'The image is asked for by a version',
    problem: 'The image is asked for without a version',
    severity: 'medium',
    looksAt: 'the tag of the reference that was scanned: none, or `latest`, is no version; a digest is',
    remediation: 'Name a tag that is not moved to other images, or a digest: NAME@sha256:….',
    // The tag is the reference's, not the image's, whose findings are the same wherever it is read from.
    opens: null,
    restsOn: [],
    judge: ({ name }) => {
      if (name === null) return notApplicable('The reference names no image of a registry.');
      if (name.digest !== null) return pass('The reference names a digest.');
      const evidence = [{ resource: formatName(name), path: null, value: name.tag ?? '' }];
      if (name.tag === null || name.tag === 'latest') {
        return fail('The tag is latest, as it is where none is given: it means whatever was pushed last.', evidence);
      }
      return pass(`The tag is ${name.tag}.`);
    },
  },
  {
    id: 'trusted-registry',
    title: 'The image comes from a trusted registry',
    problem: 'The image comes from a registry that is not trusted',
    severity: 'high',
    looksAt: 'the registry and repository of the reference, compared with `PLIMSOLL_TRUSTED_REGISTRIES`',
    remediation:
      'Copy the image to a registry that is trusted after it was audited, or add its registry to PLIMSOLL_TRUSTED_REGISTRIES.',
    opens: 'misconfiguration',
    restsOn: [],
    judge: ({ name, trustedRegistries }) => {
      if (trustedRegistries === null) {
        return manual(
          'PLIMSOLL_TRUSTED_REGISTRIES names no registry: decide whether you trust where the image comes from.',
        );
      }
      if (name === null) return notApplicable('The reference names no image of a registry.');
      const trusted = trustedRegistries.find((entry) => isOfRegistry(name, entry));
      if (trusted !== undefined) return pass(`${formatName(name)} is in ${trusted}.`);
      return fail(`${formatName(name)} is in none of ${trustedRegistries.join(', ')}.`, [
        { resource: formatName(name), path: null, value: name.host },
      ]);
    },
  },
];

function formatName({ host, repository }: ImageName): string {
  return `${host}/${repository}`;
}
