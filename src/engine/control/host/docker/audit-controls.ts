import type { AuditRule } from '../../../../model/host/host-facts.js';
import { fail, notApplicable, pass } from '../../control.js';
import { type HostControl, known, type WantedFile } from '../host-subject.js';

/** What the kernel's audit should watch, with the words of its control: CIS Docker, section 1.1. */
const WATCHED: readonly { id: string; paths: readonly string[] }[] = [
  { id: 'audit-dockerd', paths: ['/usr/bin/dockerd', '/usr/sbin/dockerd', '/usr/local/bin/dockerd'] },
  { id: 'audit-run-containerd', paths: ['/run/containerd'] },
  { id: 'audit-docker-data', paths: ['/var/lib/docker'] },
  { id: 'audit-docker-folder', paths: ['/etc/docker'] },
  {
    id: 'audit-docker-service',
    paths: [
      '/usr/lib/systemd/system/docker.service',
      '/lib/systemd/system/docker.service',
      '/etc/systemd/system/docker.service',
    ],
  },
  { id: 'audit-containerd-socket', paths: ['/run/containerd/containerd.sock'] },
  {
    id: 'audit-docker-socket',
    paths: [
      '/usr/lib/systemd/system/docker.socket',
      '/lib/systemd/system/docker.socket',
      '/run/docker.sock',
      '/var/run/docker.sock',
    ],
  },
  { id: 'audit-default-docker', paths: ['/etc/default/docker'] },
  { id: 'audit-daemon-json', paths: ['/etc/docker/daemon.json'] },
  { id: 'audit-containerd-config', paths: ['/etc/containerd/config.toml'] },
  { id: 'audit-sysconfig-docker', paths: ['/etc/sysconfig/docker'] },
  { id: 'audit-containerd', paths: ['/usr/bin/containerd', '/usr/local/bin/containerd'] },
  { id: 'audit-containerd-shim', paths: ['/usr/bin/containerd-shim'] },
  { id: 'audit-containerd-shim-runc-v1', paths: ['/usr/bin/containerd-shim-runc-v1'] },
  { id: 'audit-containerd-shim-runc-v2', paths: ['/usr/bin/containerd-shim-runc-v2'] },
  { id: 'audit-runc', paths: ['/usr/bin/runc', '/usr/sbin/runc', '/usr/local/bin/runc', '/usr/local/sbin/runc'] },
];

export const AUDITED_FILES: readonly WantedFile[] = WATCHED.flatMap(({ paths }) =>
  paths.map((path) => ({ path, text: false })),
);

/** That the audit watches the engine's programs and files: a control for each. */
export const AUDIT_CONTROLS: HostControl[] = WATCHED.map(({ id, paths }) => ({
  id,
  title: `The audit watches ${paths[0]}`,
  problem: `The audit does not watch ${paths[0]}`,
  severity: 'low',
  looksAt: `the rules of the audit for ${paths.map((path) => `\`${path}\``).join(', ')}`,
  remediation: `Put "-w ${paths[0]} -p rwxa -k docker" into /etc/audit/rules.d/docker.rules, and load it with augenrules --load.`,
  opens: 'misconfiguration',
  restsOn: ['files', 'auditRules'],
  judge: ({ facts }) => {
    const files = known(facts.files);
    const present = paths.filter((path) => files.some((file) => file.path === path));
    if (present.length === 0) return notApplicable(`There is no ${paths.join(' or ')}.`);
    const rules = known(facts.auditRules);
    const watching = present.flatMap((path) => rules.find((rule) => watches(rule, path)) ?? []);
    const [rule] = watching;
    if (rule) return pass(`A rule of ${rule.origin} watches it: ${rule.text}`);
    return fail(
      'No rule watches it.',
      present.map((path) => ({ resource: null, path, value: null })),
    );
  },
}));

/** auditctl(8): `-w path`, or `-F path=`; `-F dir=`, and a watch on a folder, are for all that is beneath it. */
function watches({ text }: AuditRule, path: string): boolean {
  if (/(?:^|\s)-a\s+(?:never|\S+,never|never,\S+)/.test(text)) return false;
  const [, watched = null] = /(?:^|\s)(?:-w\s+|-F\s*path=|-F\s*dir=)(\S+)/.exec(text) ?? [];
  if (watched === null) return false;
  const folder = watched.replace(/\/+$/, '');
  return folder === path || path.startsWith(`${folder}/`);
}
