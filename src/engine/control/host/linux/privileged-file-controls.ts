import type { PrivilegedFile } from '../../../../model/host/host-file.js';
import { counted, failIfAny, manual, pass } from '../../control.js';
import { type HostControl, known } from '../host-subject.js';

/** Setuid and setgid programs that distributions install, by name: what they need the rights for is known. */
const USUAL = new Set(
  [
    'at bsd-write chage chfn chsh cockpit-session crontab dbus-daemon-launch-helper dotlockfile exim4 expiry fusermount fusermount3 gpasswd grub2-set-bootflag',
    'ksu locate login mail-lock mail-touchlock mail-unlock mlocate mount mount.cifs mount.ecryptfs_private mount.nfs newgidmap newgrp newuidmap ntfs-3g pam_extrausers_chkpwd',
    'pam_timestamp_check passwd ping ping6 pkexec plocate polkit-agent-helper-1 postdrop postqueue pppd screen snap-confine ssh-agent ssh-keysign staprun su sudo sudoedit',
    'suexec umount unix_chkpwd userhelper usernetctl utempter wall write write.ul xlock Xorg.wrap sg usb-modeswitch chrome-sandbox bwrap unix_update',
  ].flatMap((line) => line.split(' ')),
);

const WALKED = { opens: 'misconfiguration', restsOn: ['privilegedFiles'] } satisfies Partial<HostControl>;
const shown = ({ path, mode }: PrivilegedFile) => ({ resource: null, path, value: mode.toString(8).padStart(4, '0') });

export const PRIVILEGED_FILE_CONTROLS: HostControl[] = [
  {
    ...WALKED,
    id: 'host-usual-setuid-programs',
    title: 'Only programs of the distribution run with the rights of others',
    problem: 'A program runs with the rights of others that no distribution installs so',
    severity: 'high',
    looksAt: 'files with the setuid or setgid bit, by name',
    remediation: 'chmod u-s,g-s FILE, or remove it, unless it is known what it is for.',
    judge: ({ facts }) => {
      const programs = known(facts.privilegedFiles).filter(
        ({ traits, type }) => type === 'file' && (traits.includes('setuid') || traits.includes('setgid')),
      );
      const unusual = programs.filter(({ path }) => !USUAL.has(path.slice(path.lastIndexOf('/') + 1)));
      if (unusual.length === 0) return pass(`All ${programs.length} are known.`);
      const byRoot = unusual.filter(({ traits, uid }) => traits.includes('setuid') && uid === 0);
      if (byRoot.length === 0)
        return manual('Whether these need the rights is for a person to say.', unusual.map(shown));
      return failIfAny(byRoot.map(shown), (count) => `${counted(count, 'program')} of root’s are not known.`, '');
    },
  },
  {
    ...WALKED,
    id: 'host-no-world-writable-files',
    title: 'No file may be changed by everybody',
    problem: 'A file may be changed by everybody',
    severity: 'high',
    looksAt: 'files that others may write',
    remediation: 'chmod o-w FILE',
    judge: ({ facts }) =>
      failIfAny(
        known(facts.privilegedFiles)
          .filter(({ traits, type }) => type === 'file' && traits.includes('world_writable'))
          .map(shown),
        (count) => `${counted(count, 'file')} may be changed by everybody.`,
        'None may.',
      ),
  },
  {
    ...WALKED,
    id: 'host-sticky-shared-folders',
    title: 'In folders that everybody writes, nobody removes files of others',
    problem: 'In a folder everybody may remove files of others',
    severity: 'medium',
    looksAt: 'folders that others may write, without the sticky bit',
    remediation: 'chmod +t FOLDER, or chmod o-w FOLDER',
    judge: ({ facts }) =>
      failIfAny(
        known(facts.privilegedFiles)
          .filter(({ traits, type }) => type === 'directory' && traits.includes('world_writable'))
          .map(shown),
        (count) => `${counted(count, 'folder')} have no sticky bit.`,
        'All have the sticky bit.',
      ),
  },
  {
    ...WALKED,
    id: 'host-owned-files',
    title: 'Every file belongs to a user and a group that exist',
    problem: 'A file belongs to nobody',
    severity: 'medium',
    looksAt: 'files whose user or group has no name',
    remediation: 'chown root:root FILE, or remove it: the next user with that number gets it.',
    judge: ({ facts }) =>
      failIfAny(
        known(facts.privilegedFiles)
          .filter(({ traits }) => traits.includes('unowned') || traits.includes('ungrouped'))
          .map(({ path, uid, gid }) => ({ resource: null, path, value: `${uid}:${gid}` })),
        (count) => `${counted(count, 'file')} belong to nobody.`,
        'All belong to somebody.',
      ),
  },
];
