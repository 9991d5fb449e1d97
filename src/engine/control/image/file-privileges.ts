import type { Evidence } from '../../../model/control.js';
import type { FileNote } from '../../../model/inventory.js';
import { counted, failIfAny, undetermined } from '../control.js';
import { type ImageControl, onFiles, withTrait } from './image-subject.js';

export const FILE_PRIVILEGE_CONTROLS: ImageControl[] = [
  {
    id: 'no-setuid-files',
    title: 'No program runs with the rights of its owner or group',
    problem: 'Programs run with the rights of their owner or group (setuid, setgid)',
    severity: 'medium',
    looksAt: 'executable files with the setuid or setgid bit',
    remediation:
      'Take the bits away in the build file, in the RUN that brings the files: chmod a-s FILE. Run containers with no-new-privileges, which makes the bits void.',
    opens: 'misconfiguration',
    restsOn: ['files'],
    judge: onFiles((notes) =>
      failIfAny(
        withTrait(notes, 'setuid', 'setgid').map(evidenceOf),
        (count) => `${counted(count, 'program')} ${count === 1 ? 'has' : 'have'} the setuid or setgid bit.`,
        'No program has the setuid or setgid bit.',
      ),
    ),
  },
  {
    id: 'no-file-capabilities',
    title: 'No program has privileges of its own',
    problem: 'Programs have privileges of their own (file capabilities)',
    severity: 'low',
    looksAt: 'files with an extended attribute `security.capability`; root file systems do not tell',
    remediation:
      'Take them away in the build file: setcap -r FILE. Run containers without the capabilities that they do not need.',
    opens: 'misconfiguration',
    restsOn: ['files'],
    judge: (subject) => {
      const verdict = judgeCapabilities(subject);
      // Only layers are sure to have the attributes: archives of a file system are mostly made without, folders do not tell.
      const isTold = verdict.status !== 'pass' || subject.inventory.image?.config !== null;
      return isTold ? verdict : undetermined('A root file system does not tell the capabilities of its files.');
    },
  },
  {
    id: 'no-world-writable-files',
    title: 'Nothing can be changed by every user',
    problem: 'Files or folders can be changed by every user',
    severity: 'medium',
    looksAt: 'files that others may write, and folders that others may write and that have no sticky bit',
    remediation: 'Take the right away in the build file: chmod o-w PATH, or chmod +t for a shared folder.',
    opens: 'misconfiguration',
    restsOn: ['files'],
    judge: onFiles((notes) =>
      failIfAny(
        withTrait(notes, 'world_writable').map(evidenceOf),
        (count) => `Every user may write ${counted(count, 'path')}.`,
        'Only owners and groups may write.',
      ),
    ),
  },
  {
    id: 'password-hashes-protected',
    title: 'Only root can read password hashes',
    problem: 'Every user can read password hashes',
    severity: 'high',
    looksAt: 'the permissions of /etc/shadow, /etc/gshadow and their copies',
    remediation:
      'Set the permissions back: chmod 0640 /etc/shadow /etc/gshadow, owned by root and the group shadow or root.',
    opens: 'misconfiguration',
    restsOn: ['files'],
    judge: onFiles((notes) =>
      failIfAny(
        withTrait(notes, 'password_hashes')
          .filter(({ mode }) => (mode & 0o006) !== 0)
          .map(evidenceOf),
        (count) => `${counted(count, 'file')} with password hashes can be read or written by every user.`,
        'No file with password hashes can be read by every user.',
      ),
    ),
  },
];

const judgeCapabilities = onFiles((notes) =>
  failIfAny(
    withTrait(notes, 'capabilities').map(evidenceOf),
    (count) => `${counted(count, 'program')} ${count === 1 ? 'has' : 'have'} capabilities.`,
    'No program has capabilities.',
  ),
);

/** `4755 0:0`, as chmod(1) and chown(1) take them. */
function evidenceOf({ path, mode, uid, gid, layer }: FileNote): Evidence {
  return { resource: layer, path, value: `${mode.toString(8).padStart(4, '0')} ${uid}:${gid}` };
}
