import { describe, expect, it } from 'vitest';
import {
  container,
  engine,
  hostFacts,
  hostFile,
  knownFact,
  network,
  UNJUDGED,
} from '../../../../../test/support/host-facts.js';
import type { ControlStatus } from '../../../../model/control.js';
import type { FirewallChain } from '../../../../model/host/firewall.js';
import type { HostFacts, Kernel } from '../../../../model/host/host-facts.js';
import type { HostFile, PrivilegedFile } from '../../../../model/host/host-file.js';
import type { HostAccount, ListeningSocket, Mount } from '../../../../model/host/system.js';
import { judgeHostControls } from '../judge-host-controls.js';
import { LINUX_CONTROLS } from './linux-controls.js';

function judge(facts: Partial<HostFacts>) {
  const subject = {
    facts: hostFacts(facts),
    now: new Date('2026-11-24T12:00:00Z'),
    trustedRegistries: null,
    ...UNJUDGED,
  };
  return judgeHostControls(LINUX_CONTROLS, subject, (id, error) => {
    throw new Error(`${id} threw`, { cause: error });
  });
}

function resultOf(id: string, facts: Partial<HostFacts>) {
  const result = judge(facts).results.find((one) => one.id === id);
  if (!result) throw new Error(`there is no control ${id}`);
  return result;
}

const kernel = (of: Partial<Kernel>) => ({
  kernel: knownFact<Kernel>({
    release: '6.1.0-28-amd64',
    version: '#1',
    machine: 'x86_64',
    parameters: ['quiet'],
    cgroupVersion: 2,
    securityModules: ['lockdown', 'apparmor'],
    selinux: null,
    apparmor: true,
    rebootFor: null,
    ...of,
  }),
  packages: knownFact([]),
});
const sysctl = (values: Record<string, string>) => ({ sysctl: knownFact(values) });
const mount = (mountPoint: string, of: Partial<Mount> = {}): Mount => ({
  mountPoint,
  root: '/',
  type: 'ext4',
  source: '/dev/sda1',
  options: [],
  propagation: 'shared',
  encrypted: false,
  ...of,
});
const account = (name: string, of: Partial<HostAccount> = {}): HostAccount => ({
  name,
  uid: 1000,
  gid: 1000,
  home: `/home/${name}`,
  shell: '/bin/bash',
  password: 'set',
  hash: 'yescrypt',
  maxAge: 90,
  minAge: 0,
  warnAge: 7,
  inactive: null,
  lastChange: 1,
  ...of,
});
const accounts = (...list: HostAccount[]) => ({ accounts: knownFact(list) });
const files = (...list: HostFile[]) => ({ files: knownFact(list) });
const sshd = (text: string, dropIn = '') =>
  files(hostFile('/etc/ssh/sshd_config', { text }), hostFile('/etc/ssh/sshd_config.d/a.conf', { text: dropIn }));
const sudoers = (text: string) =>
  files(
    hostFile('/etc/sudoers', { text, mode: 0o440 }),
    hostFile('/etc/sudoers.d/README.txt', { text: 'x ALL=(ALL) NOPASSWD: ALL' }),
  );
const privileged = (path: string, of: Partial<PrivilegedFile>) => ({
  privilegedFiles: knownFact<PrivilegedFile[]>([
    { path, type: 'file', mode: 0o755, uid: 0, gid: 0, traits: [], ...of },
  ]),
});
const sockets = (...list: Partial<ListeningSocket>[]) => ({
  sockets: knownFact(
    list.map((of): ListeningSocket => ({ protocol: 'tcp', address: '0.0.0.0', port: 80, pid: 1, program: 'x', ...of })),
  ),
});
const chain = (name: string, hook: FirewallChain['hook'], of: Partial<FirewallChain> = {}): FirewallChain => ({
  family: 'inet',
  table: 'filter',
  name,
  hook,
  policy: 'accept',
  rules: [],
  ...of,
});
const firewall = (...chains: FirewallChain[]) => ({ firewall: knownFact({ chains, managers: [] }) });

const CASES: [string, Partial<HostFacts>, ControlStatus][] = [
  ['kernel-cgroup-version', kernel({}), 'pass'],
  ['kernel-cgroup-version', kernel({ cgroupVersion: 1 }), 'fail'],
  ['kernel-cgroup-version', kernel({ cgroupVersion: null }), 'undetermined'],
  ['kernel-mandatory-access-control', kernel({}), 'pass'],
  ['kernel-mandatory-access-control', kernel({ apparmor: false, securityModules: ['yama'] }), 'fail'],
  ['kernel-mandatory-access-control', kernel({ apparmor: null, securityModules: null, selinux: 'enforcing' }), 'pass'],
  ['kernel-mandatory-access-control', kernel({ apparmor: null, securityModules: null, selinux: 'permissive' }), 'fail'],
  ['kernel-mandatory-access-control', kernel({ apparmor: null, securityModules: null }), 'undetermined'],
  ['kernel-defences-on', kernel({}), 'pass'],
  ['kernel-defences-on', kernel({ parameters: ['mitigations=off'] }), 'fail'],
  ['kernel-current', kernel({}), 'pass'],
  ['kernel-current', kernel({ rebootFor: '6.1.0-29-amd64' }), 'fail'],
  ['kernel-aslr', sysctl({ 'kernel.randomize_va_space': '2' }), 'pass'],
  ['kernel-aslr', sysctl({ 'kernel.randomize_va_space': '1' }), 'fail'],
  ['kernel-aslr', sysctl({}), 'not_applicable'],
  [
    'kernel-no-redirects',
    sysctl({ 'net.ipv4.conf.all.accept_redirects': '0', 'net.ipv4.conf.default.accept_redirects': '1' }),
    'fail',
  ],
  ['kernel-no-forwarding', sysctl({ 'net.ipv4.ip_forward': '1' }), 'fail'],
  [
    'kernel-no-forwarding',
    { ...sysctl({ 'net.ipv4.ip_forward': '1' }), engine: knownFact(engine([], [])) },
    'not_applicable',
  ],
  ['mount-options-tmp', { mounts: knownFact([mount('/tmp', { options: ['nodev', 'noexec', 'nosuid'] })]) }, 'pass'],
  ['mount-options-tmp', { mounts: knownFact([mount('/tmp', { options: ['nodev'] })]) }, 'fail'],
  ['mount-options-tmp', { mounts: knownFact([mount('/')]) }, 'fail'],
  ['mount-options-dev-shm', { mounts: knownFact([mount('/')]) }, 'not_applicable'],
  [
    'container-data-encrypted',
    {
      mounts: knownFact([mount('/'), mount('/var/lib', { encrypted: true })]),
      engine: knownFact({ ...engine([], []) }),
    },
    'pass',
  ],
  ['container-data-encrypted', { mounts: knownFact([mount('/')]), engine: knownFact(engine([], [])) }, 'fail'],
  [
    'container-data-encrypted',
    { mounts: knownFact([mount('/', { encrypted: null })]), engine: knownFact(engine([], [])) },
    'manual',
  ],
  ['host-single-root-account', accounts(account('root', { uid: 0 })), 'pass'],
  ['host-single-root-account', accounts(account('toor', { uid: 0 })), 'fail'],
  ['host-no-empty-passwords', accounts(account('a')), 'pass'],
  ['host-no-empty-passwords', accounts(account('a', { password: 'none' })), 'fail'],
  ['host-no-empty-passwords', accounts(account('a', { password: 'unknown' })), 'undetermined'],
  ['host-strong-password-hashes', accounts(account('a', { hash: 'md5' })), 'fail'],
  ['host-strong-password-hashes', accounts(account('a')), 'pass'],
  ['host-password-age', accounts(account('a', { maxAge: 99999 })), 'fail'],
  ['host-password-age', accounts(account('a', { password: 'locked', maxAge: null })), 'pass'],
  ['host-system-accounts-locked', accounts(account('www', { uid: 33, shell: '/bin/sh' })), 'fail'],
  ['host-system-accounts-locked', accounts(account('www', { uid: 33, shell: '/usr/sbin/nologin' })), 'pass'],
  ['host-system-accounts-locked', accounts(account('www', { uid: 33, shell: '/bin/sh', password: 'locked' })), 'fail'],
  ['host-system-accounts-locked', accounts(account('www', { uid: 33, shell: '' })), 'fail'],
  ['host-system-accounts-locked', accounts(account('sync', { uid: 4, shell: '/bin/sync' })), 'pass'],
  ['host-distinct-users', accounts(account('a'), account('b')), 'fail'],
  ['host-distinct-users', accounts(account('a'), account('b', { uid: 1001 })), 'pass'],
  ['host-files-shadow', files(hostFile('/etc/shadow', { mode: 0o640, group: 'shadow', gid: 42 })), 'pass'],
  ['host-files-shadow', files(hostFile('/etc/shadow', { mode: 0o644 })), 'fail'],
  ['host-files-shadow', files(hostFile('/etc/shadow-', { mode: 0o600, owner: 'app', uid: 1000 })), 'fail'],
  ['host-files-sudoers', files(hostFile('/etc/sudoers.d/10-x', { mode: 0o644 })), 'fail'],
  ['host-files-sudoers', files(), 'not_applicable'],
  ['host-files-ssh-host-keys', files(hostFile('/etc/ssh/ssh_host_rsa_key', { mode: 0o600 })), 'pass'],
  ['host-files-ssh-host-keys', files(hostFile('/etc/ssh/ssh_host_rsa_key', { mode: 0o640 })), 'fail'],
  [
    'host-files-ssh-host-keys',
    files(hostFile('/etc/ssh/ssh_host_rsa_key', { mode: 0o640, gid: 998, group: 'ssh_keys' })),
    'pass',
  ],
  ['sshd-no-root-login', sshd('PermitRootLogin no'), 'pass'],
  ['sshd-no-root-login', sshd(''), 'fail'],
  ['sshd-no-root-password-login', sshd(''), 'pass'],
  ['sshd-no-root-password-login', sshd('PermitRootLogin no\nMatch User deploy\nPermitRootLogin yes'), 'fail'],
  [
    'sshd-no-password-login',
    sshd('Include /etc/ssh/sshd_config.d/*.conf\nPasswordAuthentication yes', 'PasswordAuthentication no'),
    'pass',
  ],
  ['sshd-strong-ciphers', sshd('Ciphers aes128-cbc,aes256-ctr'), 'fail'],
  ['sshd-strong-ciphers', sshd('Ciphers -aes128-cbc'), 'pass'],
  ['sshd-strong-ciphers', sshd(''), 'pass'],
  ['sshd-short-grace', sshd('LoginGraceTime 1m'), 'pass'],
  ['sshd-short-grace', sshd('LoginGraceTime 0'), 'fail'],
  ['sshd-few-tries', sshd('MaxAuthTries 3'), 'pass'],
  ['sshd-few-tries', files(), 'not_applicable'],
  ['sshd-few-tries', files(hostFile('/etc/ssh/sshd_config')), 'undetermined'],
  ['sudo-asks-for-password', sudoers('ann ALL=(ALL) NOPASSWD: ALL'), 'fail'],
  ['sudo-asks-for-password', sudoers('Defaults !authenticate'), 'fail'],
  ['sudo-asks-for-password', sudoers('Defaults:ann env_reset, ! authenticate'), 'fail'],
  ['sudo-asks-for-password', sudoers('ann ALL=(ALL) ALL'), 'pass'],
  ['sudo-named-commands', sudoers('ann ALL=(ALL) ALL'), 'fail'],
  ['sudo-named-commands', sudoers('%sudo ALL=(ALL:ALL) ALL\nann ALL=(ALL) /usr/bin/apt'), 'pass'],
  ['sudo-named-commands', sudoers('ann ALL=(ALL) NOPASSWD:ALL'), 'fail'],
  ['sudo-use-pty', sudoers('Defaults use_pty'), 'pass'],
  ['sudo-use-pty', sudoers('Defaults use_pty\nDefaults !use_pty'), 'fail'],
  ['sudo-log-file', sudoers('Defaults logfile="/var/log/sudo.log"'), 'pass'],
  ['host-usual-setuid-programs', privileged('/usr/bin/passwd', { mode: 0o4755, traits: ['setuid'] }), 'pass'],
  ['host-usual-setuid-programs', privileged('/usr/local/bin/rootme', { mode: 0o4755, traits: ['setuid'] }), 'fail'],
  ['host-usual-setuid-programs', privileged('/usr/local/bin/game', { mode: 0o2755, traits: ['setgid'] }), 'manual'],
  ['host-no-world-writable-files', privileged('/etc/x', { traits: ['world_writable'] }), 'fail'],
  ['host-sticky-shared-folders', privileged('/srv/x', { type: 'directory', traits: ['world_writable'] }), 'fail'],
  ['host-owned-files', privileged('/srv/x', { uid: 4242, traits: ['unowned'] }), 'fail'],
  ['host-owned-files', privileged('/srv/x', {}), 'pass'],
  ['no-open-engine-api', sockets({ port: 2375 }), 'fail'],
  ['no-open-engine-api', sockets({ port: 2376 }), 'pass'],
  ['no-clear-text-services', sockets({ port: 23 }), 'fail'],
  ['no-clear-text-services', sockets({ port: 23, address: '127.0.0.1' }), 'pass'],
  ['needed-listening-ports', sockets({ address: '::1' }), 'pass'],
  ['needed-listening-ports', sockets({}), 'manual'],
  ['firewall-input-dropped', firewall(chain('INPUT', 'input', { policy: 'drop' })), 'pass'],
  ['firewall-input-dropped', firewall(chain('INPUT', 'input', { family: 'ip', policy: 'drop' })), 'fail'],
  [
    'firewall-input-dropped',
    firewall(chain('INPUT', 'input', { rules: ['-A INPUT -i lo -j ACCEPT', '-A INPUT -j DROP'] })),
    'pass',
  ],
  ['firewall-input-dropped', firewall(chain('INPUT', 'input', { rules: ['-A INPUT -p tcp -j DROP'] })), 'fail'],
  [
    'firewall-input-dropped',
    firewall(
      chain('INPUT', 'input', { rules: ['-A INPUT -j last'] }),
      chain('last', null, { policy: null, rules: ['-A last -j REJECT --reject-with icmp-port-unreachable'] }),
    ),
    'pass',
  ],
  ['firewall-input-dropped', firewall(chain('INPUT', 'input', { rules: ['-A INPUT -j INPUT'] })), 'fail'],
  ['firewall-input-dropped', firewall(), 'fail'],
  ['firewall-forward-dropped', firewall(chain('FORWARD', 'forward', { family: 'ip', policy: 'drop' })), 'pass'],
  ['firewall-forward-dropped', firewall(chain('FORWARD', 'forward', { family: 'ip' })), 'fail'],
  ['sudo-log-file', sudoers('Defaults env_reset'), 'fail'],
  ['sudo-log-file', sudoers('Defaults logfile=/var/log/sudo.log\nDefaults !logfile'), 'fail'],
  ['host-no-world-writable-files', privileged('/tmp/x', { type: 'directory', traits: ['world_writable'] }), 'pass'],
  ['host-sticky-shared-folders', privileged('/srv/x', { traits: ['world_writable'] }), 'pass'],
  [
    'bridge-traffic-filtered',
    { ...sysctl({ 'net.bridge.bridge-nf-call-iptables': '0' }), engine: knownFact(engine([], [])) },
    'fail',
  ],
  [
    'bridge-traffic-filtered',
    { ...sysctl({ 'net.bridge.bridge-nf-call-iptables': '1' }), engine: knownFact(engine([], [])) },
    'pass',
  ],
];

describe('controls over Linux', () => {
  it.each(CASES.map(([id, facts, status], index) => ({ id, facts, status, index })))(
    '$id, case $index: $status',
    ({ id, facts, status }) => {
      expect(resultOf(id, facts)).toMatchObject({ status });
    },
  );

  it('have a case that passes and one that fails each', () => {
    // Tables of settings and files are one rule each, which some of their cases show.
    const isOfTable = /^(?:kernel-|sshd-|mount-options-|host-files-)/;
    const seen = (id: string, wanted: ControlStatus) => CASES.some(([of, , status]) => of === id && status === wanted);
    const judged = LINUX_CONTROLS.filter(({ id, opens }) => opens !== null && !isOfTable.test(id));
    expect(judged.filter(({ id }) => !seen(id, 'fail') || !seen(id, 'pass')).map(({ id }) => id)).toEqual([
      'firewall-published-ports',
    ]);
  });

  it('see published ports that go around the rules of input', () => {
    const published = container('web', {
      on: ['n'],
      ports: [{ containerPort: 80, protocol: 'tcp', hostAddress: '0.0.0.0', hostPort: 8080 }],
    });
    const facts = (...rules: string[]) => ({
      engine: knownFact(engine([published], [network('n')])),
      ...firewall(chain('DOCKER-USER', null, { family: 'ip', rules })),
    });
    expect(resultOf('firewall-published-ports', facts('-A DOCKER-USER -j RETURN'))).toMatchObject({
      status: 'fail',
      evidence: [{ resource: 'container/web', value: 'tcp 0.0.0.0:8080' }],
    });
    expect(resultOf('firewall-published-ports', facts('-A DOCKER-USER -i eth0 -j DROP')).status).toBe('pass');
  });

  it('are undetermined where nothing is known', () => {
    const { results, judgements } = judge({});
    expect(
      results.filter(({ status }) => status !== 'undetermined').map(({ id, status }) => `${id} ${status}`),
    ).toEqual([]);
    expect(judgements).toEqual([]);
  });

  it('have ids that no other control has', () => {
    const ids = LINUX_CONTROLS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
