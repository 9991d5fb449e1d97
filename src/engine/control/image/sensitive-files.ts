import type { Evidence } from '../../../model/control.js';
import type { FileNote } from '../../../model/inventory.js';
import { counted, fail, failIfAny, manual, pass } from '../control.js';
import { type ImageControl, onAllFiles, withTrait } from './image-subject.js';

const REPLACE =
  'Keep the file out of the build (.dockerignore, RUN --mount=type=secret), replace what it holds, as everyone with the image has it, and build the image anew: a file that a later layer removes is still in the image.';

export const SENSITIVE_FILE_CONTROLS: ImageControl[] = [
  {
    id: 'no-private-keys',
    title: 'The image holds no private key',
    problem: 'The image holds private keys',
    severity: 'high',
    looksAt:
      'files named as private keys and key stores are (`id_rsa`, `ssh_host_*_key`, `*.key`, `*.pfx`), outside the folders of installed software; also those that a later layer removed',
    remediation: REPLACE,
    opens: 'misconfiguration',
    restsOn: ['files'],
    judge: onAllFiles((notes) =>
      failIfAny(
        withTrait(notes, 'private_key').map(evidenceOf),
        (count) => `${counted(count, 'file')} by name ${count === 1 ? 'is a private key' : 'are private keys'}.`,
        'No file is named as private keys are.',
      ),
    ),
  },
  {
    id: 'no-credential-files',
    title: 'The image holds no file of passwords or tokens',
    problem: 'The image holds files of passwords or tokens',
    severity: 'high',
    looksAt:
      'files where tools keep credentials (`.aws/credentials`, `.docker/config.json`, `.netrc`, `.pgpass`, `.env`, kubeconfig, Terraform state); also those that a later layer removed. `.npmrc` and the like are left to a person',
    remediation: REPLACE,
    opens: 'misconfiguration',
    restsOn: ['files'],
    judge: onAllFiles((notes) => {
      const certain = withTrait(notes, 'credentials');
      const possible = withTrait(notes, 'possible_credentials');
      if (certain.length > 0) {
        const reason = `${counted(certain.length, 'file')} by name ${certain.length === 1 ? 'holds' : 'hold'} passwords or tokens.`;
        return fail(reason, certain.map(evidenceOf));
      }
      if (possible.length > 0) {
        const reason = `${counted(possible.length, 'file')} may hold passwords or tokens, and often ${possible.length === 1 ? 'does' : 'do'} not: look inside.`;
        return manual(reason, possible.map(evidenceOf));
      }
      return pass('No file is named as files of credentials are.');
    }),
  },
  {
    id: 'no-leftovers',
    title: 'The image holds nothing that was left over in a container',
    problem: 'The image holds what was left over in a container',
    severity: 'low',
    looksAt:
      'histories of shells and database clients, and the marks that engines put into containers (`/.dockerenv`); also those that a later layer removed',
    remediation: 'Build images from a build file, not from a container that was worked in.',
    opens: 'misconfiguration',
    restsOn: ['files'],
    judge: onAllFiles((notes) =>
      failIfAny(
        withTrait(notes, 'leftover').map(evidenceOf),
        (count) => `${counted(count, 'file')} ${count === 1 ? 'was' : 'were'} left over in a container.`,
        'Nothing was left over.',
      ),
    ),
  },
];

function evidenceOf({ path, size, layer, removed }: FileNote): Evidence {
  return { resource: layer, path, value: `${counted(size, 'byte')}${removed ? ', removed by a later layer' : ''}` };
}
