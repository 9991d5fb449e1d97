import type { Benchmark, Requirement } from './benchmark.js';

/** CIS Docker Benchmark 1.6: numbers and what they ask for are the document's, the words ours. */
export const CIS_DOCKER: Benchmark = {
  name: 'cis-docker',
  title: 'CIS Docker Benchmark',
  version: '1.6.0',
  requirements: [
    image('4.1', 'Containers run as a user that was made for them', ['non-root-user']),
    image('4.2', 'Base images are trusted', ['trusted-registry']),
    image(
      '4.3',
      'Only what the container needs is installed',
      ['no-ssh-server', 'no-sudo', 'no-package-caches', 'no-leftovers'],
      'partly',
    ),
    image('4.4', 'Images are scanned, and rebuilt with what was fixed', [
      'patches-installed',
      'distribution-supported',
      'recent-image',
    ]),
    image('4.5', 'The engine takes signed images only', []),
    image('4.6', 'The image says how to check a container’s health', ['healthcheck-defined']),
    image('4.7', 'Package lists are not updated by an instruction of their own', ['update-with-install']),
    image('4.8', 'Programs have no rights beyond those of who starts them', [
      'no-setuid-files',
      'no-file-capabilities',
    ]),
    image('4.9', 'Files are added by COPY, not by ADD', ['copy-not-add', 'no-remote-add']),
    image('4.10', 'Build files leave no secret in the image', [
      'no-secrets-in-environment',
      'no-secrets-in-build-history',
      'no-secrets-in-files',
      'no-private-keys',
      'no-credential-files',
    ]),
    image(
      '4.11',
      'Packages are verified before they are installed',
      ['verified-packages', 'no-piped-installers'],
      'partly',
    ),
    image('4.12', 'Signed artefacts are verified', []),
  ],
};

/** A requirement of section 4, "Container Images and Build File". */
function image(id: string, title: string, controls: string[], partly?: 'partly'): Requirement {
  return { id, title, targets: ['image'], controls, ...(partly && { partly: true }) };
}
