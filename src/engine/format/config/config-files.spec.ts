import { describe, expect, it } from 'vitest';
import { readSshdConfig } from './sshd-config.js';
import { readSudoers } from './sudoers.js';

function sshd(files: Record<string, string>) {
  const matching = (pattern: string) =>
    Object.keys(files)
      .filter((path) => path.startsWith(pattern.replace(/\*.*$/, '')))
      .sort();
  const { global, matched } = readSshdConfig('/etc/ssh/sshd_config', (path) => files[path] ?? null, matching);
  return {
    global: Object.fromEntries([...global].map(([keyword, { value }]) => [keyword, value])),
    matched: matched.map(({ match, keyword, value }) => `${match}: ${keyword} ${value}`),
  };
}

describe('readSshdConfig', () => {
  it('takes the first value of a keyword, whatever its case, and no comment', () => {
    const text = '#PermitRootLogin yes\npermitrootlogin no # why\nPermitRootLogin yes\nPort=22\n  MaxAuthTries\t"3"\n';
    expect(sshd({ '/etc/ssh/sshd_config': text }).global).toEqual({
      permitrootlogin: 'no',
      port: '22',
      maxauthtries: '3',
    });
  });

  it('reads what is included where it is included', () => {
    const files = {
      '/etc/ssh/sshd_config': 'Include sshd_config.d/*.conf\nPasswordAuthentication yes\nUsePAM yes\n',
      '/etc/ssh/sshd_config.d/50-cloud.conf': 'PasswordAuthentication no\nMatch User a\nPermitRootLogin yes\n',
    };
    expect(sshd(files)).toEqual({
      global: { passwordauthentication: 'no', usepam: 'yes' },
      matched: ['User a: permitrootlogin yes'],
    });
  });

  it('tells what holds for some apart, until "Match all"', () => {
    const text = 'Match Address 10.0.0.0/8\nPermitRootLogin yes\nMatch all\nX11Forwarding yes\n';
    expect(sshd({ '/etc/ssh/sshd_config': text })).toEqual({
      global: { x11forwarding: 'yes' },
      matched: ['Address 10.0.0.0/8: permitrootlogin yes'],
    });
  });

  it('ends where a file includes itself', () => {
    expect(sshd({ '/etc/ssh/sshd_config': 'Include sshd_config\nPort 22\n' }).global).toEqual({ port: '22' });
  });
});

describe('readSudoers', () => {
  const read = (text: string) => {
    const { rules, defaults } = readSudoers([{ path: '/etc/sudoers', text }]);
    return {
      rules: rules.map(({ who, commands, line }) => `${line} ${who}: ${commands}`),
      defaults: defaults.map(({ setting }) => setting),
    };
  };

  it('reads rules and defaults, joins lines, and passes over comments and aliases', () => {
    const text = [
      '# comment',
      'Defaults  env_reset, use_pty,logfile = "/var/log/a,b.log"',
      'Defaults:ann !authenticate',
      'Cmnd_Alias APT = /usr/bin/apt',
      'root ALL=(ALL:ALL) ALL',
      '%sudo\tALL=(ALL:ALL) \\',
      '  NOPASSWD: ALL # why',
      '#1000 ALL=(root) /bin/ls',
      '@includedir /etc/sudoers.d',
    ].join('\n');
    expect(read(text)).toEqual({
      rules: ['5 root: (ALL:ALL) ALL', '6 %sudo: (ALL:ALL)    NOPASSWD: ALL', '8 #1000: (root) /bin/ls'],
      defaults: ['env_reset', 'use_pty', 'logfile="/var/log/a,b.log"'],
    });
  });

  it('reads a last line that goes on', () => {
    expect(read('ann ALL=ALL\\').rules).toEqual(['1 ann: ALL']);
  });
});
