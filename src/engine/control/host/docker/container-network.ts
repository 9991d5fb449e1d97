import { isLoopback } from '../../../isolation/node-name.js';
import { counted, manual, notApplicable, undetermined } from '../../control.js';
import { type HostControl, known } from '../host-subject.js';
import { CONTAINER, eachContainer, running } from './each-container.js';

/** Names in a reason. */
const LISTED = 10;

/** Where containers can be reached, and what runs in them: CIS Docker, section 5. */
export const CONTAINER_NETWORK_CONTROLS: HostControl[] = [
  {
    ...CONTAINER,
    id: 'container-no-privileged-ports',
    title: 'Containers are not published on ports below 1024',
    problem: 'A container is published on a port below 1024',
    severity: 'low',
    looksAt: 'the published ports of running containers',
    remediation: 'Publish it on a higher port (-p 8443:443), behind a proxy that takes the low one.',
    judge: eachContainer(
      ({ ports }) =>
        ports.flatMap(({ hostPort, hostAddress, protocol }) =>
          hostPort !== null && hostPort > 0 && hostPort < 1024 ? `${protocol} ${hostAddress ?? '*'}:${hostPort}` : [],
        ),
      'are published on ports below 1024',
    ),
  },
  {
    ...CONTAINER,
    id: 'container-bound-address',
    title: 'Published ports are bound to an address',
    problem: 'A container is published on every address of the host',
    severity: 'medium',
    looksAt: 'the published ports of running containers',
    remediation: 'Publish it on one address: -p 10.0.0.5:8080:80, or -p 127.0.0.1:8080:80 for the host alone.',
    judge: eachContainer(
      ({ ports }) =>
        ports.flatMap(({ hostPort, hostAddress, protocol }) =>
          hostPort !== null && isEvery(hostAddress) ? `${protocol} ${hostAddress || '*'}:${hostPort}` : [],
        ),
      'are published on every address',
    ),
  },
  {
    opens: null,
    restsOn: ['engine'],
    id: 'container-needed-ports',
    title: 'Only ports that are needed are open',
    problem: 'A container has more ports open than it needs',
    severity: 'low',
    looksAt: 'the published ports of running containers',
    remediation: 'Take away -p and -P for what nobody has to reach.',
    judge: ({ facts }) => {
      const open = running(known(facts.engine)).flatMap(({ name, ports }) =>
        ports
          .filter(({ hostPort, hostAddress }) => hostPort !== null && !isLoopback(hostAddress ?? ''))
          .map((port) => ({ name, ...port })),
      );
      if (open.length === 0) return notApplicable('No port is published.');
      return manual(
        'Whether each published port is needed is for a person to say.',
        open.map(({ name, protocol, hostAddress, hostPort, containerPort }) => ({
          resource: `container/${name}`,
          path: null,
          value: `${protocol} ${hostAddress || '*'}:${hostPort} → ${containerPort}`,
        })),
      );
    },
  },
  {
    ...CONTAINER,
    id: 'container-own-network',
    title: 'Containers are not on the default network',
    problem: 'A container is on the default network',
    severity: 'low',
    looksAt: 'the networks of running containers',
    remediation: 'Make a network for what belongs together (docker network create), and start it with --network.',
    judge: eachContainer(
      ({ networks }, { kind }) =>
        networks.flatMap(({ name }) => (name === (kind === 'podman' ? 'podman' : 'bridge') ? `network ${name}` : [])),
      'are on the default network',
    ),
  },
  {
    ...CONTAINER,
    id: 'container-no-sshd',
    title: 'No SSH server runs in a container',
    problem: 'An SSH server runs in a container',
    severity: 'medium',
    looksAt: 'the processes of running containers',
    remediation: 'Take it out of the image: docker exec gets into a container.',
    judge: (subject) => {
      const verdict = eachContainer(
        ({ processes, entrypoint, command }) =>
          (processes ?? [{ user: '', command: [...entrypoint, ...command].join(' ') }]).flatMap(({ command: line }) =>
            /(?:^|[/\s])(?:sshd|dropbear)(?:[\s:]|$)/.test(line) ? line : [],
          ),
        'run an SSH server',
      )(subject);
      const hidden = running(known(subject.facts.engine)).filter(({ processes }) => processes === null);
      if (verdict.status !== 'pass' || hidden.length === 0) return verdict;
      const names = hidden.map(({ name }) => name).slice(0, LISTED);
      return undetermined(
        `No command is one of an SSH server, but the processes of ${counted(hidden.length, 'container')} are not known: ${names.join(', ')}.`,
      );
    },
  },
  {
    ...CONTAINER,
    id: 'container-no-secrets-in-environment',
    title: 'No secret is in the environment of a container',
    problem: 'A secret is in the environment of a container',
    severity: 'high',
    looksAt: 'the names and values of environment variables of running containers; values are kept nowhere',
    remediation:
      'Give it as a file: a secret of the swarm, or a mounted file. Then change it, as whoever saw the environment has it.',
    judge: eachContainer(
      ({ secrets }) => secrets.map(({ name, ruleId, hint }) => `${name} (${ruleId}): ${hint}`),
      'have a secret in their environment',
    ),
  },
  {
    ...CONTAINER,
    id: 'container-non-root-user',
    title: 'Containers run as a user other than root',
    problem: 'A container runs as root',
    severity: 'high',
    looksAt: '`Config.User` of running containers, and who their processes belong to',
    remediation: 'Start it with --user 10001:10001, or build the image with USER.',
    judge: eachContainer(({ user }, { userNamespaces, rootless }) => {
      if (userNamespaces || rootless) return null;
      const [name = ''] = user.split(':', 1);
      return name === '' || name === 'root' || /^0+$/.test(name) ? `User: ${user || 'not set'}` : null;
    }, 'run as root'),
  },
];

function isEvery(address: string | null): boolean {
  return address === null || address === '' || address === '0.0.0.0' || address === '::' || address === '[::]';
}
