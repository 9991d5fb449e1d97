import type { Severity } from '../../../../model/severity.js';
import { fail, notApplicable, pass } from '../../control.js';
import { type HostControl, ifKnown, known } from '../host-subject.js';

/** A setting of the kernel: what it has to be, and what it is for. */
interface SysctlRule {
  id: string;
  /** What is asked for, a sentence without a full stop. */
  title: string;
  problem: string;
  names: readonly string[];
  /** Whether a value is right. */
  isRight(value: number): boolean;
  /** To set. */
  value: string;
  severity: Severity;
  /** Containers need it otherwise: where an engine runs, the control does not apply. */
  notWithEngine?: true;
}

const is = (wanted: number) => (value: number) => value === wanted;
const atLeast = (wanted: number) => (value: number) => value >= wanted;

const RULES: readonly SysctlRule[] = [
  rule('aslr', 'Addresses of programs are random', 'kernel.randomize_va_space', '2', is(2), 'high'),
  rule('dmesg-restricted', 'Only root reads the kernel’s messages', 'kernel.dmesg_restrict', '1', is(1), 'low'),
  rule(
    'kernel-pointers-hidden',
    'The kernel tells nobody where it is in memory',
    'kernel.kptr_restrict',
    '1',
    atLeast(1),
    'medium',
  ),
  rule(
    'ptrace-restricted',
    'Processes trace only their own children',
    'kernel.yama.ptrace_scope',
    '1',
    atLeast(1),
    'medium',
  ),
  rule('bpf-restricted', 'Only root loads BPF programs', 'kernel.unprivileged_bpf_disabled', '1', atLeast(1), 'medium'),
  rule('bpf-hardened', 'BPF programs are hardened', 'net.core.bpf_jit_harden', '2', atLeast(1), 'low'),
  rule(
    'kexec-disabled',
    'Another kernel cannot be loaded over the running one',
    'kernel.kexec_load_disabled',
    '1',
    is(1),
    'low',
  ),
  rule(
    'sysrq-restricted',
    'The magic key does no more than it has to',
    'kernel.sysrq',
    '0',
    (value) => value === 0 || value === 4 || value === 176 || value === 438,
    'low',
  ),
  rule(
    'perf-restricted',
    'Users do not watch the kernel’s events',
    'kernel.perf_event_paranoid',
    '2',
    atLeast(2),
    'low',
  ),
  rule(
    'hardlinks-protected',
    'Links to files of others cannot be made',
    'fs.protected_hardlinks',
    '1',
    is(1),
    'medium',
  ),
  rule(
    'symlinks-protected',
    'Links in shared folders are followed only by who made them',
    'fs.protected_symlinks',
    '1',
    is(1),
    'medium',
  ),
  rule(
    'fifos-protected',
    'Pipes of others in shared folders are not written',
    'fs.protected_fifos',
    '1',
    atLeast(1),
    'low',
  ),
  rule(
    'regular-files-protected',
    'Files of others in shared folders are not written',
    'fs.protected_regular',
    '1',
    atLeast(1),
    'low',
  ),
  rule(
    'no-setuid-dumps',
    'Programs with others’ rights leave no memory dumps',
    'fs.suid_dumpable',
    '0',
    is(0),
    'medium',
  ),
  rule('syncookies', 'Floods of new connections are withstood', 'net.ipv4.tcp_syncookies', '1', atLeast(1), 'medium'),
  ...both(
    'reverse-path-filter',
    'Packets from addresses that lie elsewhere are dropped',
    'net.ipv4.conf.*.rp_filter',
    '1',
    atLeast(1),
    'medium',
  ),
  ...both(
    'no-redirects',
    'Nobody outside changes the routes',
    'net.ipv4.conf.*.accept_redirects',
    '0',
    is(0),
    'medium',
  ),
  ...both(
    'no-redirects-ipv6',
    'Nobody outside changes the routes of IPv6',
    'net.ipv6.conf.*.accept_redirects',
    '0',
    is(0),
    'medium',
  ),
  ...both(
    'no-secure-redirects',
    'Gateways do not change the routes',
    'net.ipv4.conf.*.secure_redirects',
    '0',
    is(0),
    'low',
  ),
  ...both('no-sent-redirects', 'The host changes nobody’s routes', 'net.ipv4.conf.*.send_redirects', '0', is(0), 'low'),
  ...both(
    'no-source-routes',
    'Senders do not choose the way of packets',
    'net.ipv4.conf.*.accept_source_route',
    '0',
    is(0),
    'medium',
  ),
  ...both(
    'no-source-routes-ipv6',
    'Senders do not choose the way of packets of IPv6',
    'net.ipv6.conf.*.accept_source_route',
    '0',
    (value) => value <= 0,
    'medium',
  ),
  ...both(
    'martians-logged',
    'Packets from impossible addresses are logged',
    'net.ipv4.conf.*.log_martians',
    '1',
    is(1),
    'low',
  ),
  rule(
    'no-broadcast-echo',
    'Pings to everybody are not answered',
    'net.ipv4.icmp_echo_ignore_broadcasts',
    '1',
    is(1),
    'low',
  ),
  rule(
    'no-bogus-icmp',
    'False error messages are not logged',
    'net.ipv4.icmp_ignore_bogus_error_responses',
    '1',
    is(1),
    'low',
  ),
  {
    ...rule('no-forwarding', 'The host forwards no packets', 'net.ipv4.ip_forward', '0', is(0), 'medium'),
    notWithEngine: true,
  },
  {
    ...rule(
      'no-forwarding-ipv6',
      'The host forwards no packets of IPv6',
      'net.ipv6.conf.all.forwarding',
      '0',
      is(0),
      'medium',
    ),
    notWithEngine: true,
  },
];

export const SYSCTLS: readonly string[] = RULES.flatMap(({ names }) => names);

/** How the kernel is set up: a control for each of its settings that matters. */
export const SYSCTL_CONTROLS: HostControl[] = RULES.map((asked) => {
  const { id, title, problem, names, isRight, value, severity, notWithEngine } = asked;
  return {
    id: `kernel-${id}`,
    title,
    problem,
    severity,
    looksAt: names.map((name) => `\`${name}\``).join(', '),
    remediation: `Put ${names.map((name) => `"${name} = ${value}"`).join(' and ')} into /etc/sysctl.d/60-hardening.conf, and load it with sysctl --system.`,
    opens: 'misconfiguration',
    restsOn: ['sysctl'],
    judge: ({ facts }) => {
      if (notWithEngine && ifKnown(facts.engine)) return notApplicable('Containers’ networks need it.');
      const sysctl = known(facts.sysctl);
      const present = names.filter((name) => Object.hasOwn(sysctl, name));
      if (present.length === 0) return notApplicable(`This kernel has no ${names.join(' and no ')}.`);
      const wrong = present.filter((name) => !isRight(Number(sysctl[name])));
      if (wrong.length === 0) return pass(present.map((name) => `${name} = ${sysctl[name]}`).join(', '));
      return fail(
        `Expected ${value}.`,
        wrong.map((name) => ({ resource: `sysctl ${name}`, path: null, value: sysctl[name] ?? null })),
      );
    },
  };
});

function rule(
  id: string,
  title: string,
  name: string,
  value: string,
  isRight: SysctlRule['isRight'],
  severity: Severity,
): SysctlRule {
  return { id, title, problem: `${name} is not ${value}`, names: [name], isRight, value, severity };
}

/** A setting of every interface, and of those to come. */
function both(
  id: string,
  title: string,
  pattern: string,
  value: string,
  isRight: SysctlRule['isRight'],
  severity: Severity,
): SysctlRule[] {
  const names = ['all', 'default'].map((which) => pattern.replace('*', which));
  return [
    {
      id,
      title,
      problem: `${pattern.replace('*', 'all')} or ${pattern.replace('*', 'default')} is not ${value}`,
      names,
      isRight,
      value,
      severity,
    },
  ];
}
