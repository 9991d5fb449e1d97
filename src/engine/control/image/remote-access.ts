import { counted, failIfAny } from '../control.js';
import { type ImageControl, onConfig } from './image-subject.js';
import { programEvidence } from './program.js';

/** IANA's port numbers of services that let people in: SSH, Telnet, rexec, rlogin, rsh, RDP, VNC. */
const LOGIN_PORTS = new Set([22, 23, 512, 513, 514, 3389, 5900]);

const SERVERS = new Set([
  'openssh-server',
  'openssh-server-pam',
  'openssh',
  'dropbear',
  'dropbear-bin',
  'tinyssh',
  'telnetd',
]);

export const REMOTE_ACCESS_CONTROLS: ImageControl[] = [
  {
    id: 'no-ssh-server',
    title: 'The image holds no SSH server',
    problem: 'The image holds an SSH server',
    severity: 'medium',
    looksAt: 'packages of SSH servers (OpenSSH, Dropbear, TinySSH), and their programs in `bin` and `sbin`',
    remediation: 'Remove the server. A container is entered through its engine or orchestrator, which knows who may.',
    opens: 'misconfiguration',
    restsOn: ['files', 'packages'],
    judge: (subject) =>
      failIfAny(
        programEvidence(subject, SERVERS, ({ traits }) => traits.includes('ssh_server')),
        () => 'An SSH server is installed.',
        'No SSH server was found.',
      ),
  },
  {
    id: 'no-remote-login-ports',
    title: 'No port for logging in is exposed',
    problem: 'A port for logging in is exposed',
    severity: 'medium',
    looksAt: '`ExposedPorts` of the configuration: 22, 23, 512 to 514, 3389, 5900',
    remediation: 'Remove EXPOSE and the server behind it. A container is entered through its engine or orchestrator.',
    opens: 'misconfiguration',
    restsOn: ['ports'],
    judge: onConfig(({ exposedPorts }) =>
      failIfAny(
        exposedPorts.filter((port) => LOGIN_PORTS.has(numberOf(port))).map(evidenceOf),
        (count) => `${counted(count, 'port')} for logging in ${count === 1 ? 'is' : 'are'} exposed.`,
        'No port for logging in is exposed.',
      ),
    ),
  },
  {
    id: 'no-privileged-ports',
    title: 'No port below 1024 is exposed',
    problem: 'A port below 1024 is exposed',
    severity: 'low',
    looksAt: '`ExposedPorts` of the configuration, without those for logging in',
    remediation: 'Let the program listen on a port from 1024 up, which needs no privilege, and map the port outside.',
    opens: 'misconfiguration',
    restsOn: ['ports'],
    judge: onConfig(({ exposedPorts }) =>
      failIfAny(
        exposedPorts.filter((port) => numberOf(port) < 1024 && !LOGIN_PORTS.has(numberOf(port))).map(evidenceOf),
        (count) =>
          `${counted(count, 'port')} that ${count === 1 ? 'needs' : 'need'} a privilege ${count === 1 ? 'is' : 'are'} exposed.`,
        'No port below 1024 is exposed.',
      ),
    ),
  },
];

/** Of `8080/tcp`; NaN for what is no port. */
function numberOf(port: string): number {
  const digits = /^(\d{1,5})(?:\/[a-z]+)?$/i.exec(port.trim())?.[1];
  return digits === undefined ? Number.NaN : Number(digits);
}

function evidenceOf(port: string) {
  return { resource: 'EXPOSE', path: null, value: port };
}
