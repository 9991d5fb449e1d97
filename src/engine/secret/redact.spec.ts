import { describe, expect, it } from 'vitest';
import { REDACTED } from './config-secrets.js';
import { redactCommand } from './redact-command.js';
import { redactText } from './redact-text.js';
import { SecretScanner } from './secret-scanner.js';

const scanner = new SecretScanner(Buffer.alloc(32));
const GITHUB = `ghp_${'A1b2C3d4E5f6'.repeat(3)}`;

describe('the words of a command line', () => {
  it.each<[string[], string[]]>([
    [
      ['/usr/sbin/sshd', '-D'],
      ['/usr/sbin/sshd', '-D'],
    ],
    [
      ['app', '--password', 'my pass word', '-v'],
      ['app', '--password', REDACTED, '-v'],
    ],
    [
      ['app', '--password=my pass word'],
      ['app', `--password=${REDACTED}`],
    ],
    [
      ['app', '--password-file', '/etc/app/key'],
      ['app', '--password-file', '/etc/app/key'],
    ],
    [
      ['mysql', '-phunter2', '-u', 'root'],
      ['mysql', `-p${REDACTED}`, '-u', 'root'],
    ],
    [
      ['redis-server', '--requirepass', 'hunter2'],
      ['redis-server', '--requirepass', REDACTED],
    ],
    [
      ['docker', 'run', '-p', '8080:80', 'nginx'],
      ['docker', 'run', '-p', '8080:80', 'nginx'],
    ],
    [
      ['java', '-Djavax.net.ssl.keyStorePassword=x1y2'],
      ['java', `-Djavax.net.ssl.keyStorePassword=${REDACTED}`],
    ],
    [
      ['sh', '-c', 'DB_PASSWORD=abc run --x'],
      ['sh', '-c', `DB_PASSWORD=${REDACTED}`],
    ],
    [
      ['psql', 'postgres://app:hunter2@db/app'],
      ['psql', `postgres://app:${REDACTED}@db/app`],
    ],
    [
      ['app', GITHUB],
      ['app', REDACTED],
    ],
    [
      ['curl', '-H', 'Authorization: Bearer abcdef123456'],
      ['curl', '-H', `Authorization: ${REDACTED}`],
    ],
    [
      ['dockerd', '--log-opt', 'splunk-token=abc'],
      ['dockerd', '--log-opt', `splunk-token=${REDACTED}`],
    ],
    [
      ['dockerd', '-H', 'tcp://0.0.0.0:2375', '--tlskey=/etc/k.pem'],
      ['dockerd', '-H', 'tcp://0.0.0.0:2375', '--tlskey=/etc/k.pem'],
    ],
  ])('%j', (words, expected) => {
    expect(redactCommand(words, scanner)).toEqual(expected);
  });
});

describe('the text of a configuration file', () => {
  it.each<[string, string, string | null]>([
    [
      '/etc/ssh/sshd_config',
      'PasswordAuthentication no\nPermitRootLogin=no\n',
      'PasswordAuthentication no\nPermitRootLogin=no\n',
    ],
    ['/etc/login.defs', 'PASS_MAX_DAYS 90\nPASS_WARN_AGE\t7\n', 'PASS_MAX_DAYS 90\nPASS_WARN_AGE\t7\n'],
    [
      '/etc/sudoers',
      'Defaults passwd_tries=3\nbob ALL=(ALL) NOPASSWD: ALL',
      'Defaults passwd_tries=3\nbob ALL=(ALL) NOPASSWD: ALL',
    ],
    [
      '/etc/pam.d/common-password',
      'password\trequisite\tpam_pwquality.so retry=3',
      'password\trequisite\tpam_pwquality.so retry=3',
    ],
    ['/etc/nsswitch.conf', 'passwd: files', 'passwd: files'],
    ['/etc/default/app', 'export DB_PASSWORD="a b c"\nX=1', `export DB_PASSWORD=${REDACTED}\nX=1`],
    ['/etc/redis.conf', 'requirepass hunter2\nport 1', `requirepass ${REDACTED}\nport 1`],
    ['/etc/a', `# ${GITHUB}\nb`, `${REDACTED}\nb`],
    ['/etc/cloud.yaml', 'hash: x $6$abc$defghijkl', `hash: x ${REDACTED}`],
    [
      '/etc/k',
      'a\n-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\nb',
      `a\n${REDACTED}\n${REDACTED}\n${REDACTED}\nb`,
    ],
    ['/etc/x', `${'a'.repeat(40_000)}`, null],
  ])('%s', (path, text, expected) => {
    expect(redactText(text, path, scanner)).toBe(expected);
  });

  it('stays JSON', () => {
    const text = `{"icc":false,"log-opts":{"splunk-token":"abc","max-size":"10m"},"proxies":{"http-proxy":"http://u:pw123@p:1"},"a":["${GITHUB}","TOKEN=abc"]}`;
    expect(JSON.parse(redactText(text, '/etc/docker/daemon.json', scanner) ?? '')).toEqual({
      icc: false,
      'log-opts': { 'splunk-token': REDACTED, 'max-size': '10m' },
      proxies: { 'http-proxy': `http://u:${REDACTED}@p:1` },
      a: [REDACTED, `TOKEN=${REDACTED}`],
    });
  });
});
