import { fail, notApplicable, pass } from '../../control.js';
import { type HostControl, known } from '../host-subject.js';

/** Folders that everybody writes: nothing there may run, be a device, or give rights. */
const SHARED_FOLDERS = [
  { path: '/tmp', id: 'tmp' },
  { path: '/var/tmp', id: 'var-tmp' },
  { path: '/dev/shm', id: 'dev-shm' },
] as const;

const OPTIONS = ['nodev', 'noexec', 'nosuid'] as const;

export const MOUNT_CONTROLS: HostControl[] = SHARED_FOLDERS.map(({ path, id }) => ({
  id: `mount-options-${id}`,
  title: `${path} is mounted with ${OPTIONS.join(', ')}`,
  problem: `${path} is mounted without ${OPTIONS.join(', ')}`,
  severity: 'low',
  looksAt: `the options of the mount at \`${path}\``,
  remediation: `Mount ${path} with ${OPTIONS.join(',')} in /etc/fstab, or by systemctl edit of its mount unit.`,
  opens: 'misconfiguration',
  restsOn: ['mounts'],
  judge: ({ facts }) => {
    const mount = known(facts.mounts).findLast(({ mountPoint }) => mountPoint === path);
    if (!mount)
      return path === '/dev/shm'
        ? notApplicable('It is not mounted.')
        : fail('It is no file system of its own.', [{ resource: null, path, value: 'no mount point' }]);
    const missing = OPTIONS.filter((option) => !mount.options.includes(option));
    return missing.length === 0
      ? pass(`It has ${OPTIONS.join(', ')}.`)
      : fail(`It lacks ${missing.join(', ')}.`, [{ resource: null, path, value: mount.options.join(',') }]);
  },
}));
