import type { HostFile } from '../../../../model/host/host-file.js';
import type { Severity } from '../../../../model/severity.js';
import { failIfAny, notApplicable } from '../../control.js';
import { type HostControl, known, type WantedFile } from '../host-subject.js';

/** Files of the system that decide who may do what: owners, and the widest mode. */
interface SystemFile {
  id: string;
  paths: readonly string[];
  groups: readonly string[];
  mode: number;
  /** Where root's group has it: a mode that is narrower. */
  ofRoot?: number;
  severity: Severity;
}

const ROOT = ['root'];
const SHADOW = ['root', 'shadow'];

const FILES: readonly SystemFile[] = [
  { id: 'passwd', paths: ['/etc/passwd', '/etc/passwd-'], groups: ROOT, mode: 0o644, severity: 'high' },
  { id: 'group', paths: ['/etc/group', '/etc/group-'], groups: ROOT, mode: 0o644, severity: 'high' },
  { id: 'shadow', paths: ['/etc/shadow', '/etc/shadow-'], groups: SHADOW, mode: 0o640, severity: 'critical' },
  { id: 'gshadow', paths: ['/etc/gshadow', '/etc/gshadow-'], groups: SHADOW, mode: 0o640, severity: 'high' },
  { id: 'sudoers', paths: ['/etc/sudoers', '/etc/sudoers.d/*'], groups: ROOT, mode: 0o440, severity: 'high' },
  { id: 'crontab', paths: ['/etc/crontab'], groups: ROOT, mode: 0o600, severity: 'medium' },
  {
    id: 'cron-folders',
    paths: ['/etc/cron.hourly', '/etc/cron.daily', '/etc/cron.weekly', '/etc/cron.monthly', '/etc/cron.d'],
    groups: ROOT,
    mode: 0o700,
    severity: 'medium',
  },
  {
    id: 'sshd-config',
    paths: ['/etc/ssh/sshd_config', '/etc/ssh/sshd_config.d/*.conf'],
    groups: ROOT,
    mode: 0o600,
    severity: 'medium',
  },
  {
    id: 'ssh-host-keys',
    paths: ['/etc/ssh/ssh_host_*_key'],
    groups: ['root', 'ssh_keys'],
    mode: 0o640,
    // OpenSSH takes no key that another group may read; distributions that have ssh_keys let that one.
    ofRoot: 0o600,
    severity: 'critical',
  },
  {
    id: 'boot-loader',
    paths: ['/boot/grub/grub.cfg', '/boot/grub2/grub.cfg'],
    groups: ROOT,
    mode: 0o600,
    severity: 'medium',
  },
  {
    id: 'messages-before-login',
    paths: ['/etc/motd', '/etc/issue', '/etc/issue.net'],
    groups: ROOT,
    mode: 0o644,
    severity: 'low',
  },
];

export const SYSTEM_FILES: readonly WantedFile[] = FILES.flatMap(({ paths }) =>
  paths.map((path) => ({ path, text: false })),
);

/** Who owns the system's files, and who may change or read them: a control for each. */
export const SYSTEM_FILE_CONTROLS: HostControl[] = FILES.map((asked) => {
  const { id, paths, groups, mode, ofRoot, severity } = asked;
  const octal = mode.toString(8);
  const names = paths.map((path) => `\`${path}\``).join(', ');
  return {
    id: `host-files-${id}`,
    title: `${paths[0]} belongs to root, and its permissions are ${octal} or narrower`,
    problem: `${paths[0]} belongs to another, or its permissions are wider than ${octal}`,
    severity,
    looksAt: `owner, group and mode of ${names}`,
    remediation: `chown root:${ofRoot === undefined ? groups.at(-1) : 'root'} ${paths[0]}; chmod ${(ofRoot ?? mode).toString(8)} ${paths[0]}`,
    opens: 'misconfiguration',
    restsOn: ['files'],
    judge: ({ facts }) => {
      const files = known(facts.files).filter(({ path }) => paths.some((wanted) => isNamed(path, wanted)));
      if (files.length === 0) return notApplicable(`There is no ${paths.join(' or ')}.`);
      const wrong = files.flatMap((file) => {
        const fault = faultOf(file, asked);
        return fault === null ? [] : [{ resource: null, path: file.path, value: fault }];
      });
      return failIfAny(
        wrong,
        (count) => `${count} of ${files.length} are not as they should be.`,
        `All belong to root, and none is wider than ${octal}.`,
      );
    },
  };
});

function faultOf(
  { owner, uid, group, gid, mode: actual }: HostFile,
  { groups, mode, ofRoot }: SystemFile,
): string | null {
  const [user, own] = [owner ?? String(uid), group ?? String(gid)];
  const widest = gid === 0 ? (ofRoot ?? mode) : mode;
  if (uid === 0 && (gid === 0 || groups.includes(own)) && (actual & ~widest & 0o7777) === 0) return null;
  return `${user}:${own} ${actual.toString(8).padStart(4, '0')}`;
}

/** The last part of a wanted path may hold a star. */
function isNamed(path: string, wanted: string): boolean {
  if (!wanted.includes('*')) return path === wanted;
  const [start = '', end = ''] = wanted.split('*');
  return (
    path.length >= start.length + end.length &&
    path.startsWith(start) &&
    path.endsWith(end) &&
    !path.slice(start.length).includes('/')
  );
}
