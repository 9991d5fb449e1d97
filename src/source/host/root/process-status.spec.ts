import { describe, expect, it } from 'vitest';
import { containerOf, parseCommandLine, parseStatus } from './process-status.js';

const ID = 'ab'.repeat(32);

describe('the status of a process', () => {
  it('has its effective user, capabilities by name, and how it is confined', () => {
    const text =
      'Name:\tnginx\nState:\tS (sleeping)\nPid:\t42\nPPid:\t1\nUid:\t1000\t33\t0\t0\nCapEff:\t00000000a80425fb\nCapBnd:\t000001ffffffffff\nNoNewPrivs:\t1\nSeccomp:\t2\n';
    expect(parseStatus(text)).toEqual({
      name: 'nginx',
      parent: 1,
      uid: 33,
      // The default of Docker.
      capabilities: [
        ...['CAP_CHOWN', 'CAP_DAC_OVERRIDE', 'CAP_FOWNER', 'CAP_FSETID', 'CAP_KILL', 'CAP_SETGID', 'CAP_SETUID'],
        ...['CAP_SETPCAP', 'CAP_NET_BIND_SERVICE', 'CAP_NET_RAW', 'CAP_SYS_CHROOT', 'CAP_MKNOD', 'CAP_AUDIT_WRITE'],
        'CAP_SETFCAP',
      ],
      seccomp: true,
      noNewPrivileges: true,
    });
  });

  it('is not known where the kernel does not say', () => {
    expect(parseStatus('PPid:\t0\nUid:\t0\t0\t0\t0\nCapEff:\tzz')).toMatchObject({
      capabilities: null,
      seccomp: null,
      noNewPrivileges: null,
    });
    expect(parseStatus('no status')).toBeNull();
  });
});

it.each<[string, string[]]>([
  ['', []],
  ['\0\0', []],
  ['/bin/sh\0-c\0a b\0', ['/bin/sh', '-c', 'a b']],
  ['nginx: master process', ['nginx: master process']],
  ['a\0\0b\0', ['a', '', 'b']],
  [`${'x'.repeat(50)}\0b\0c\0d\0`, ['x'.repeat(10), 'b', 'c']],
])('the command line %j', (text, words) => {
  expect(parseCommandLine(text, { words: 3, length: text.includes('xxx') ? 10 : 100 })).toEqual(words);
});

it.each<[string, string | null]>([
  [`0::/system.slice/docker-${ID}.scope`, ID],
  [`12:pids:/docker/${ID}\n0::/docker/${ID}`, ID],
  [`0::/../docker-${ID}.scope/init`, ID],
  [`0::/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-${ID}.scope/container`, ID],
  [`0::/machine.slice/libpod-conmon-${ID}.scope`, null],
  [`0::/machine.slice/libpod-conmon-${ID}.scope/libpod-payload-${ID}`, ID],
  [`0::/kubepods.slice/kubepods-pod1.slice/cri-containerd-${ID}.scope`, ID],
  [`0::/kubepods/burstable/pod1/crio-${ID}`, ID],
  [`0::/docker/${ID}/docker/${'cd'.repeat(32)}`, ID],
  ['0::/lxc.payload.web/init.scope', 'web'],
  ['0::/system.slice/docker.service', null],
  ['', null],
])('the control group %j is of a container or not', (cgroup, container) => {
  expect(containerOf(cgroup)).toBe(container);
});
