import { fail, manual, pass, undetermined } from '../../control.js';
import { type HostControl, ifKnown, known } from '../host-subject.js';

const KERNEL = { opens: 'misconfiguration', restsOn: ['kernel'] } satisfies Partial<HostControl>;

/** Words of the kernel's command line that switch its defences off: kernel-parameters. */
const DEFENCES_OFF = [
  /^mitigations=off$/,
  /^nopti$/,
  /^nospectre_v[12]$/,
  /^spectre_v2=off$/,
  /^spec_store_bypass_disable=off$/,
  /^l1tf=off$/,
  /^mds=off$/,
  /^tsx_async_abort=off$/,
  /^nosmap$/,
  /^nosmep$/,
  /^nokaslr$/,
  /^apparmor=0$/,
  /^selinux=0$/,
  /^audit=0$/,
];

export const KERNEL_CONTROLS: HostControl[] = [
  {
    ...KERNEL,
    id: 'kernel-cgroup-version',
    title: 'Limits of containers are kept by version 2 of control groups',
    problem: 'Limits of containers are kept by version 1 of control groups',
    severity: 'low',
    looksAt: 'the file systems of control groups',
    remediation: 'Start the kernel with systemd.unified_cgroup_hierarchy=1, on a distribution that has version 2.',
    judge: ({ facts }) => {
      const { cgroupVersion } = known(facts.kernel);
      if (cgroupVersion === null) return undetermined('The version cannot be told.');
      return cgroupVersion === 2
        ? pass('It is version 2.')
        : fail(`It is version ${cgroupVersion}.`, [
            { resource: 'kernel', path: '/sys/fs/cgroup', value: String(cgroupVersion) },
          ]);
    },
  },
  {
    ...KERNEL,
    id: 'kernel-mandatory-access-control',
    title: 'AppArmor or SELinux confines programs',
    problem: 'Neither AppArmor nor SELinux confines programs',
    severity: 'high',
    looksAt: 'the kernel’s security modules, and whether SELinux is enforcing',
    remediation:
      'Install and start AppArmor (apt-get install apparmor), or set SELINUX=enforcing in /etc/selinux/config, and start again.',
    judge: ({ facts }) => {
      const { securityModules, selinux, apparmor } = known(facts.kernel);
      if (selinux === 'enforcing') return pass('SELinux is enforcing.');
      if (apparmor === true || securityModules?.includes('apparmor')) return pass('AppArmor is on.');
      if (securityModules === null && apparmor === null && selinux === null)
        return undetermined('The kernel’s security modules cannot be told.');
      return fail('Neither is on.', [
        {
          resource: 'kernel',
          path: '/sys/kernel/security/lsm',
          value: selinux === null ? (securityModules?.join(',') ?? 'none') : `selinux: ${selinux}`,
        },
      ]);
    },
  },
  {
    ...KERNEL,
    id: 'kernel-defences-on',
    title: 'The kernel’s defences are on',
    problem: 'The kernel was started with defences off',
    severity: 'high',
    looksAt: 'the kernel’s command line: `mitigations=off`, `nokaslr`, `apparmor=0` and the like',
    remediation: 'Take the word out of GRUB_CMDLINE_LINUX in /etc/default/grub, run update-grub, and start again.',
    judge: ({ facts }) => {
      const words = known(facts.kernel).parameters.filter((word) => DEFENCES_OFF.some((off) => off.test(word)));
      if (words.length === 0) return pass('None is switched off.');
      return fail(
        'Some are off.',
        words.map((value) => ({ resource: 'kernel', path: '/proc/cmdline', value })),
      );
    },
  },
  {
    ...KERNEL,
    id: 'kernel-current',
    title: 'The newest kernel that is installed runs',
    problem: 'A newer kernel is installed than runs',
    severity: 'medium',
    looksAt: 'the running kernel’s release, against the packages of kernels',
    remediation: 'Start the host again.',
    judge: ({ facts }) => {
      const { rebootFor, release } = known(facts.kernel);
      if (rebootFor !== null)
        return fail(`${rebootFor} is installed, ${release} runs.`, [
          { resource: 'kernel', path: null, value: release },
        ]);
      return facts.packages.known
        ? pass(`${release} runs, and no newer one is installed.`)
        : undetermined('The packages of the host are not known.');
    },
  },
  {
    id: 'container-data-encrypted',
    title: 'The data of containers is encrypted on disk',
    problem: 'The data of containers is not encrypted on disk',
    severity: 'medium',
    looksAt: 'the device of the file system that holds the engine’s data folder',
    remediation: 'Put the data folder on a device that is encrypted with LUKS (cryptsetup luksFormat).',
    opens: 'misconfiguration',
    restsOn: ['mounts', 'engine'],
    judge: ({ facts }) => {
      const folder = ifKnown(facts.engine)?.settings.dataRoot || '/var/lib/docker';
      const mount = known(facts.mounts)
        .filter(({ mountPoint }) => mountPoint === '/' || folder === mountPoint || folder.startsWith(`${mountPoint}/`))
        .sort((a, b) => b.mountPoint.length - a.mountPoint.length)[0];
      if (!mount) return undetermined(`Which file system holds ${folder} cannot be told.`);
      if (mount.encrypted === null)
        return manual(`Whether ${mount.source} is encrypted cannot be told from here: a cloud’s disk may be.`, [
          { resource: null, path: mount.mountPoint, value: mount.source },
        ]);
      return mount.encrypted
        ? pass(`${mount.source} is encrypted.`)
        : fail(`${mount.source} is not encrypted.`, [{ resource: null, path: mount.mountPoint, value: mount.source }]);
    },
  },
];
