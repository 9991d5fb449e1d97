import type { Firewall, FirewallChain } from '../../../../model/host/firewall.js';
import type { ListeningSocket } from '../../../../model/host/system.js';
import { isLoopback } from '../../../isolation/node-name.js';
import { counted, fail, failIfAny, manual, notApplicable, pass } from '../../control.js';
import { running } from '../docker/each-container.js';
import { type HostControl, ifKnown, known } from '../host-subject.js';

/** Ports of services that send passwords and data in the clear, or are not to be reached by anybody. */
const CLEAR_TEXT = new Map([
  [21, 'FTP'],
  [23, 'telnet'],
  [69, 'TFTP'],
  [79, 'finger'],
  [111, 'rpcbind'],
  [512, 'rexec'],
  [513, 'rlogin'],
  [514, 'rsh'],
]);
const ENGINE_API = new Set([2375, 4243]);

const FIREWALL = { opens: 'misconfiguration', restsOn: ['firewall'] } satisfies Partial<HostControl>;
const SOCKETS = { opens: 'misconfiguration', restsOn: ['sockets'] } satisfies Partial<HostControl>;

/** Where the host can be reached: firewall and open ports. */
export const NETWORK_CONTROLS: HostControl[] = [
  {
    ...FIREWALL,
    id: 'firewall-input-dropped',
    title: 'What nobody allowed does not reach the host',
    problem: 'What nobody allowed reaches the host',
    severity: 'high',
    looksAt: 'the policies of the chains of input, and whether their last rule drops the rest',
    remediation:
      'Allow what is needed, and let the rest be dropped: ufw default deny incoming, or an nftables chain of input with the policy drop.',
    judge: ({ facts }) => {
      const firewall = known(facts.firewall);
      const inputs = firewall.chains.filter(({ hook }) => hook === 'input');
      const open = ['ip', 'ip6'].filter(
        (family) => !inputs.some((chain) => isOf(chain, family) && dropsRest(chain, firewall)),
      );
      return failIfAny(
        open.map((family) => ({
          resource: `firewall ${family}`,
          path: null,
          value: shownPolicies(inputs.filter((chain) => isOf(chain, family))),
        })),
        () => 'Packets that no rule is about are let in.',
        'Packets that no rule is about are dropped.',
      );
    },
  },
  {
    ...FIREWALL,
    id: 'firewall-forward-dropped',
    title: 'What nobody allowed is not forwarded',
    problem: 'What nobody allowed is forwarded',
    severity: 'medium',
    looksAt: 'the policies of the chains of forwarding',
    remediation: 'iptables -P FORWARD DROP (the engine does so itself, unless it is told not to).',
    judge: ({ facts }) => {
      const firewall = known(facts.firewall);
      const chains = firewall.chains.filter(
        ({ hook, family }) => hook === 'forward' && (family === 'ip' || family === 'inet'),
      );
      return chains.some((chain) => dropsRest(chain, firewall))
        ? pass('It is dropped.')
        : fail('Packets that no rule is about are forwarded.', [
            { resource: 'firewall ip', path: null, value: shownPolicies(chains) },
          ]);
    },
  },
  {
    ...FIREWALL,
    id: 'firewall-published-ports',
    title: 'The firewall’s rules hold for published ports of containers too',
    problem: 'Published ports of containers bypass the firewall’s rules',
    severity: 'medium',
    restsOn: ['firewall', 'engine'],
    looksAt: 'published ports, and the rules of the chain DOCKER-USER: rules of input are not asked about containers',
    remediation:
      'Put rules into the chain DOCKER-USER (iptables -I DOCKER-USER -i eth0 ! -s 10.0.0.0/8 -j DROP), or publish on 127.0.0.1.',
    judge: ({ facts }) => {
      const published = running(known(facts.engine)).flatMap(({ name, ports }) =>
        ports
          .filter(({ hostPort, hostAddress }) => hostPort !== null && !isLoopback(hostAddress ?? ''))
          .map((port) => ({ name, ...port })),
      );
      if (published.length === 0) return notApplicable('No port is published beyond the host.');
      const rules = known(facts.firewall)
        .chains.filter(({ name }) => name === 'DOCKER-USER')
        .flatMap(({ rules: all }) => all);
      if (rules.some((rule) => /\b(?:DROP|REJECT|drop|reject)\b/.test(rule)))
        return pass('DOCKER-USER has rules that drop.');
      return fail(
        'DOCKER-USER drops nothing: whatever rules of input say, these ports are open.',
        published.map(({ name, protocol, hostAddress, hostPort }) => ({
          resource: `container/${name}`,
          path: null,
          value: `${protocol} ${hostAddress || '*'}:${hostPort}`,
        })),
      );
    },
  },
  {
    ...SOCKETS,
    id: 'no-open-engine-api',
    title: 'The container engine’s API listens on no port without TLS',
    problem: 'The container engine’s API listens on a port without TLS',
    severity: 'critical',
    looksAt: 'listening sockets on the ports 2375 and 4243',
    remediation: 'Take tcp:// out of "hosts" in /etc/docker/daemon.json: whoever reaches the port is root on the host.',
    judge: ({ facts }) => {
      const open = known(facts.sockets).filter(({ port, protocol }) => protocol === 'tcp' && ENGINE_API.has(port));
      return failIfAny(open.map(shown), (count) => `${counted(count, 'port')} are open.`, 'None is open.');
    },
  },
  {
    ...SOCKETS,
    id: 'no-clear-text-services',
    title: 'No service that sends passwords in the clear can be reached',
    problem: 'A service that sends passwords in the clear can be reached',
    severity: 'high',
    looksAt: `listening sockets on the ports ${[...CLEAR_TEXT].map(([port, name]) => `${port} (${name})`).join(', ')}`,
    remediation: 'Stop and remove the service: SSH does the same, encrypted.',
    judge: ({ facts }) => {
      const open = known(facts.sockets).filter(({ port, address }) => CLEAR_TEXT.has(port) && !isLoopback(address));
      return failIfAny(open.map(shown), (count) => `${counted(count, 'port')} are open.`, 'None is open.');
    },
  },
  {
    ...SOCKETS,
    id: 'needed-listening-ports',
    title: 'Only ports that are needed are open',
    problem: 'More ports are open than are needed',
    severity: 'low',
    opens: null,
    looksAt: 'sockets that listen on more than the host itself',
    remediation: 'Stop what nobody needs, or bind it to 127.0.0.1.',
    judge: ({ facts }) => {
      const open = known(facts.sockets).filter(({ address }) => !isLoopback(address));
      return open.length === 0
        ? pass('None is open.')
        : manual('Whether each is needed is for a person to say.', open.map(shown));
    },
  },
  {
    ...FIREWALL,
    restsOn: ['sysctl'],
    id: 'bridge-traffic-filtered',
    title: 'The firewall’s rules hold between containers of one bridge',
    problem: 'The firewall’s rules do not hold between containers of one bridge',
    severity: 'low',
    looksAt: '`net.bridge.bridge-nf-call-iptables`',
    remediation: 'modprobe br_netfilter; sysctl -w net.bridge.bridge-nf-call-iptables=1',
    judge: ({ facts }) => {
      if (ifKnown(facts.engine) === null) return notApplicable('No container engine is known here.');
      const value = known(facts.sysctl)['net.bridge.bridge-nf-call-iptables'];
      if (value === undefined)
        return notApplicable('The module br_netfilter is not loaded: the engine loads it where it needs it.');
      return value === '1'
        ? pass('They hold.')
        : fail('They do not hold.', [{ resource: 'sysctl net.bridge.bridge-nf-call-iptables', path: null, value }]);
    },
  },
];

function shown({ protocol, address, port, program }: ListeningSocket) {
  return {
    resource: `${protocol} ${address.includes(':') ? `[${address}]` : address}:${port}`,
    path: null,
    value: program,
  };
}

/** A chain of `inet` is of both. */
function isOf({ family }: FirewallChain, wanted: string): boolean {
  return family === wanted || family === 'inet';
}

/** By its policy, or by a last rule that drops everything that came so far; also in a chain that it leads to last. */
function dropsRest(chain: FirewallChain, firewall: Firewall, depth = 0): boolean {
  if (chain.policy === 'drop') return true;
  const last = chain.rules.at(-1);
  if (last === undefined || depth > 8) return false;
  if (
    /^(?:-A \S+ )?(?:-j (?:DROP|REJECT)\b.*|drop|reject\b.*|counter (?:packets \d+ bytes \d+ )?(?:drop|reject\b.*))$/i.test(
      last,
    )
  )
    return true;
  const target =
    /^(?:-A \S+ )?(?:-[jg] |jump |goto |counter (?:packets \d+ bytes \d+ )?(?:jump|goto) )([A-Za-z0-9_-]+)$/.exec(
      last,
    )?.[1];
  const next =
    target &&
    firewall.chains.find(
      ({ name, family, table }) => name === target && family === chain.family && table === chain.table,
    );
  return next ? dropsRest(next, firewall, depth + 1) : false;
}

function shownPolicies(chains: readonly FirewallChain[]): string {
  return chains.length === 0
    ? 'no chain'
    : chains.map(({ family, table, name, policy }) => `${family} ${table} ${name}: ${policy ?? 'accept'}`).join(', ');
}
