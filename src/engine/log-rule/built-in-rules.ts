import type { LogRule } from './log-rule.js';
import { parseLogRules } from './parse-log-rules.js';

/**
 * Rules over what containers write to their logs. In a container's log the service that wrote a line is not known: what is
 * looked for has to tell by itself.
 */
export const BUILT_IN_RULES_YAML = String.raw`
title: Logins that failed
id: 5f0f0c51-5c0e-4f0e-9a55-6c1f1a0b6d01
name: login-failures
logsource: { category: authentication }
detection:
  sshd:
    - 'Failed password for '
    - 'Failed publickey for '
    - 'Invalid user '
    - 'maximum authentication attempts exceeded'
    - 'Failed keyboard-interactive'
  pam:
    - 'authentication failure;'
    - 'FAILED LOGIN'
    - 'FAILED SU '
    - 'pam_unix(*): check pass; user unknown'
  forms:
    - 'login failed'
    - 'failed login'
    - 'authentication failed'
    - 'invalid credentials'
    - 'invalid username or password'
    - 'bad credentials'
    - 'user login attempt failed'
  database:
    - 'password authentication failed for user'
    - 'Authentication failed. Unexpected'
    - 'SCRAM authentication failed'
    - 'Login failed for user'
  condition: (sshd or pam or forms) and not database
level: medium
tags: [attack.credential-access, attack.t1110]
---
title: Many logins failed in a short time
id: 5f0f0c51-5c0e-4f0e-9a55-6c1f1a0b6d02
name: login-failures-burst
correlation:
  type: event_count
  rules: [login-failures]
  group-by: [container.id]
  timespan: 5m
  condition: { gte: 20 }
  generate: true
level: high
tags: [attack.credential-access, attack.t1110]
---
title: Logins to a database failed
id: 5f0f0c51-5c0e-4f0e-9a55-6c1f1a0b6d03
name: database-login-failures
logsource: { category: database }
detection:
  keywords:
    - 'password authentication failed for user'
    - 'no pg_hba.conf entry for host'
    - 'Access denied for user '
    - 'Login failed for user'
    - 'WRONGPASS invalid username-password pair'
    - 'NOAUTH Authentication required'
    - 'SCRAM authentication failed'
    - 'ORA-01017'
    - 'authentication handler SSL error*UNAUTHENTICATED'
  mongo:
    '|all':
      - 'Authentication failed'
      - 'UserNotFound'
  condition: keywords or mongo
level: medium
tags: [attack.credential-access, attack.t1110]
---
title: A reverse shell was started, or tried
id: 5f0f0c51-5c0e-4f0e-9a55-6c1f1a0b6d04
name: reverse-shell
logsource: { product: linux }
detection:
  bash:
    - '/dev/tcp/'
    - '/dev/udp/'
    - 'bash -i >&'
    - 'sh -i 2>&1'
    - '0<&196;exec 196<>'
  netcat: ['nc ', 'ncat ', 'netcat ', 'nc.traditional ']
  netcat_option:
    '|re|i': '\b(?:nc|ncat|netcat|nc\.traditional)\b[^|;&]{0,200}\s(?:-[a-z]*[ec]\s*|--exec[ =]|--sh-exec[ =])["'']?(?:/usr)?(?:/bin/)?(?:ba|da|z|a)?sh\b'
  socat:
    '|all': ['socat', 'exec:', 'sh']
  python:
    '|all': ['socket', 'dup2', '/bin/']
  perl_ruby_php:
    - 'use Socket;*exec*/bin/sh'
    - 'fsockopen(*exec(*/bin/sh'
    - 'TCPSocket.*/bin/sh'
  fifo:
    '|all': ['mkfifo', '/bin/', 'nc ']
  condition: bash or (netcat and netcat_option) or socat or python or perl_ruby_php or fifo
level: critical
tags: [attack.execution, attack.t1059.004]
---
title: A shell was spawned
id: 5f0f0c51-5c0e-4f0e-9a55-6c1f1a0b6d05
name: shell-spawned
logsource: { product: linux }
detection:
  told:
    - 'shell was spawned in a container'
    - 'spawned a shell'
    - 'pty.spawn('
    - 'child_process*exec*/bin/sh'
    - 'Runtime.getRuntime().exec('
    - 'execve("/bin/sh"'
    - 'execve("/bin/bash"'
    - 'spawn /bin/sh'
    - 'spawn /bin/bash'
    - 'executing /bin/sh -i'
    - 'executing /bin/bash -i'
  request:
    - 'GET /'
    - 'POST /'
    - 'PUT /'
    - 'HTTP/1.'
    - 'HTTP/2'
  shell:
    - '/bin/sh'
    - '/bin/bash'
    - '%2fbin%2fsh'
    - '%2fbin%2fbash'
    - '() { :;'
  condition: told or (request and shell)
level: high
tags: [attack.execution, attack.t1059]
---
title: A program crashed
id: 5f0f0c51-5c0e-4f0e-9a55-6c1f1a0b6d06
name: program-crash
logsource: { product: linux }
detection:
  keywords:
    - 'panic: '
    - 'segmentation fault'
    - 'segfault at '
    - 'SIGSEGV'
    - 'SIGABRT'
    - '(core dumped)'
    - 'fatal error: runtime'
    - 'fatal error: all goroutines are asleep'
    - 'terminate called after throwing'
    - 'stack smashing detected'
    - 'double free or corruption'
    - 'A fatal error has been detected by the Java Runtime Environment'
    - 'Unhandled exception. System.'
    - 'general protection fault'
  rust:
    '|all': ["thread '", "' panicked at"]
  condition: keywords or rust
level: medium
tags: [attack.impact, attack.t1499]
---
title: Memory ran out
id: 5f0f0c51-5c0e-4f0e-9a55-6c1f1a0b6d07
name: out-of-memory
logsource: { product: linux }
detection:
  keywords:
    - 'Out of memory'
    - 'oom-kill'
    - 'oom_kill'
    - 'OOMKilled'
    - 'oom killer'
    - 'Killed process '
    - 'java.lang.OutOfMemoryError'
    - 'JavaScript heap out of memory'
    - 'Cannot allocate memory'
    - 'std::bad_alloc'
    - 'Allowed memory size of * bytes exhausted'
    - 'memory cgroup out of memory'
  python:
    '|re': '(?:^|\s)MemoryError(?:$|:)'
  python_name: ['MemoryError']
  condition: keywords or (python_name and python)
level: medium
tags: [attack.impact, attack.t1499]
---
title: Somebody took the rights of root, or tried
id: 5f0f0c51-5c0e-4f0e-9a55-6c1f1a0b6d08
name: privilege-escalation
logsource: { product: linux }
detection:
  sudo:
    '|all': ['sudo', 'USER=root', 'COMMAND=']
  refused:
    - 'user NOT in sudoers'
    - 'is not in the sudoers file'
    - 'incorrect password attempt'
  session:
    '|all': ['session opened for user root', 'pam_unix(su']
  setuid:
    - 'chmod u+s '
    - 'chmod +s '
    - 'chmod 4755 '
    - 'usermod -aG sudo '
    - 'usermod -aG docker '
    - 'usermod -aG wheel '
    - 'ALL=(ALL) NOPASSWD'
    - 'ALL=(ALL:ALL) NOPASSWD'
  condition: sudo or refused or session or setuid
level: high
tags: [attack.privilege-escalation, attack.t1548]
---
title: A download was run as a program
id: 5f0f0c51-5c0e-4f0e-9a55-6c1f1a0b6d09
name: download-to-shell
logsource: { product: linux }
detection:
  tool: ['curl ', 'wget ', 'curl+', 'wget+', 'curl%20', 'wget%20', 'base64 ']
  pipe:
    '|re|i': '\b(?:curl|wget)\b.{0,1000}\|\s*(?:sudo\s+)?(?:/bin/)?(?:ba|da|z|a)?sh\b'
  encoded:
    '|re|i': '\bbase64\s+(?:-d|-D|--decode)\b.{0,1000}\|\s*(?:sudo\s+)?(?:/bin/)?(?:ba|da|z|a)?sh\b'
  saved:
    '|re|i': '\b(?:curl|wget)(?:\s|\+|%20).{0,1000}(?:;|&&|%3b|%26%26)\s*\+?(?:chmod(?:\s|\+|%20)+(?:\+x|%2bx|7[57][57])|(?:ba|da|z|a)?sh(?:\s|\+|%20)+/tmp/)'
  condition: tool and (pipe or encoded or saved)
level: high
tags: [attack.command-and-control, attack.t1105]
---
title: A crypto miner runs
id: 5f0f0c51-5c0e-4f0e-9a55-6c1f1a0b6d10
name: crypto-miner
logsource: { product: linux }
detection:
  keywords:
    - 'stratum+tcp://'
    - 'stratum+ssl://'
    - 'stratum1+tcp://'
    - 'xmrig'
    - 'minerd'
    - 'cpuminer'
    - 'ethminer'
    - 'cryptonight'
    - 'kdevtmpfsi'
    - 'kinsing'
    - 'supportxmr.com'
    - 'minexmr.com'
    - 'nanopool.org'
    - 'nicehash.com'
    - 'moneroocean.stream'
    - 'c3pool.com'
    - '--donate-level'
  condition: keywords
level: critical
tags: [attack.impact, attack.t1496]
---
title: Access was denied
id: 5f0f0c51-5c0e-4f0e-9a55-6c1f1a0b6d11
name: access-denied
logsource: { product: linux }
detection:
  keywords:
    - 'permission denied'
    - 'operation not permitted'
    - 'EACCES'
    - 'EPERM'
    - 'apparmor="DENIED"'
    - 'avc:  denied'
  condition: keywords
level: low
---
title: Access was denied many times in a short time
id: 5f0f0c51-5c0e-4f0e-9a55-6c1f1a0b6d12
name: access-denied-burst
correlation:
  type: event_count
  rules: [access-denied]
  group-by: [container.id]
  timespan: 5m
  condition: { gte: 20 }
level: low
tags: [attack.discovery, attack.t1083]
---
title: A container was left for its host, or somebody tried
id: 5f0f0c51-5c0e-4f0e-9a55-6c1f1a0b6d13
name: container-escape
logsource: { product: linux }
detection:
  keywords:
    - 'nsenter --target 1'
    - 'nsenter -t 1'
    - 'nsenter -t1'
    - 'notify_on_release'
    - '/proc/sys/kernel/core_pattern'
    - 'chroot /host'
    - 'chroot /mnt/host'
    - '--unix-socket /var/run/docker.sock'
    - '--unix-socket /run/docker.sock'
  agent:
    '|all': ['release_agent', 'cgroup']
  condition: keywords or agent
level: critical
tags: [attack.privilege-escalation, attack.t1611]
---
title: Requests that attack known weaknesses
id: 5f0f0c51-5c0e-4f0e-9a55-6c1f1a0b6d14
name: exploit-requests
logsource: { category: webserver }
detection:
  keywords:
    - '{jndi:ldap'
    - '{jndi:rmi'
    - '{jndi:dns'
    - '{lower:j}'
    - '{::-j}'
    - '../../../etc/passwd'
    - '..%2f..%2fetc%2fpasswd'
    - '%2e%2e/%2e%2e/'
    - '/.%2e/%2e%2e/'
    - '/etc/shadow'
    - '/proc/self/environ'
    - 'class.module.classLoader'
    - 'UNION SELECT'
    - 'UNION ALL SELECT'
    - 'union%20select'
    - 'allow_url_include'
    - '169.254.169.254/latest/meta-data'
    - '/latest/meta-data/iam/security-credentials'
    - 'eval-stdin.php'
  condition: keywords
level: medium
tags: [attack.initial-access, attack.t1190]
`;

/** What is judged unless the operator has rules of their own too. */
export const BUILT_IN_LOG_RULES: readonly LogRule[] = parseLogRules(BUILT_IN_RULES_YAML).rules;
