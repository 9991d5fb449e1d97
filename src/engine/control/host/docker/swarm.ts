import type { SwarmFacts } from '../../../../model/host/engine.js';
import { isWhole } from '../../../host/host-inventory.js';
import { isLoopback } from '../../../isolation/node-name.js';
import { fail, manual, notApplicable, pass, undetermined, type Verdict } from '../../control.js';
import { type HostControl, known } from '../host-subject.js';

const SWARM = { opens: 'misconfiguration', restsOn: ['engine'] } satisfies Partial<HostControl>;
const BY_PERSON = { opens: null, restsOn: ['engine'], severity: 'low' } satisfies Partial<HostControl>;
/** Docker's default validity of a node's certificate, 90 days, in nanoseconds. */
const DEFAULT_EXPIRY = 90 * 24 * 3_600 * 1e9;
/** CIS names no time: a year is the longest that keys are left, milliseconds. */
const YEAR = 366 * 24 * 3_600_000;
/** A variable that holds a secret itself: not DB_PASSWORD_FILE, nor PASSWORD_MIN_LENGTH. */
const SECRET_NAME = /(?:^|_)(?:PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|PRIVATE_?KEY)$/i;

/** A swarm, where the engine is in one: CIS Docker, section 7, and 5.1. */
export const SWARM_CONTROLS: HostControl[] = [
  {
    ...BY_PERSON,
    id: 'swarm-needed',
    title: 'The engine is in a swarm only where that is needed',
    problem: 'The engine is in a swarm',
    looksAt: 'whether the engine is in a swarm, its nodes and services',
    remediation: 'docker swarm leave',
    judge: ({ facts }) => {
      const { swarm } = known(facts.engine);
      if (swarm === null) return pass('The engine is in no swarm.');
      const isIdle = swarm.isManager && swarm.nodes === 1 && swarm.services.length === 0 && isWhole(facts.engine);
      return isIdle
        ? fail('The swarm has no other node and no service.', [
            { resource: 'swarm', path: null, value: '1 node, 0 services' },
          ])
        : manual('The engine is in a swarm: whether that is needed is for a person to say.', [
            { resource: 'swarm', path: null, value: `${swarm.nodes} nodes` },
          ]);
    },
  },
  {
    ...SWARM,
    id: 'swarm-managers',
    title: 'A swarm has as many managers as it needs, and no more',
    problem: 'A swarm has too few managers, or too many',
    severity: 'low',
    looksAt: 'the number of managers: odd, 3 to 7; a single node has 1',
    remediation: 'docker node promote NAME, or docker node demote NAME, until there are 3, 5 or 7.',
    judge: inSwarm(({ managers, nodes }) => {
      const value = `${managers} managers of ${nodes} nodes`;
      if (nodes === 1 || (managers % 2 === 1 && managers >= 3 && managers <= 7)) return pass(`${value}.`);
      return fail(`${value}.`, [{ resource: 'swarm', path: null, value }]);
    }),
  },
  {
    ...SWARM,
    id: 'swarm-bound-address',
    title: 'The swarm is bound to an address',
    problem: 'The swarm is bound to every address of the host',
    severity: 'medium',
    looksAt: 'the address that the swarm listens on; where it is not told, the sockets on port 2377',
    remediation: 'docker swarm init --listen-addr 10.0.0.5:2377',
    judge: (subject) =>
      inSwarm(({ listenAddress }) => {
        const { sockets } = subject.facts;
        const open = sockets.known
          ? sockets.value.filter(({ port }) => port === 2377).map(({ address }) => address)
          : null;
        const addresses = listenAddress === null ? open : [listenAddress.replace(/:\d+$/, '')];
        if (addresses === null) return undetermined('The address is not known.');
        const every = addresses.filter((address) => ['0.0.0.0', '::', '[::]', '*', ''].includes(address));
        return every.length === 0
          ? pass('It is bound to an address.')
          : fail(
              'Everybody may speak to it.',
              every.map((address) => ({ resource: 'swarm', path: null, value: `${address}:2377` })),
            );
      })(subject),
  },
  {
    ...SWARM,
    id: 'swarm-encrypted-networks',
    title: 'Overlay networks are encrypted',
    problem: 'An overlay network is not encrypted',
    severity: 'high',
    eachResource: true,
    looksAt: 'the option `encrypted` of overlay networks',
    remediation: 'docker network create --driver overlay --opt encrypted NAME',
    judge: (subject) =>
      inSwarm(() => {
        const overlays = known(subject.facts.engine).networks.filter(({ driver }) => driver === 'overlay');
        const open = overlays.filter(({ encrypted }) => !encrypted);
        if (overlays.length === 0) return notApplicable('There are no overlay networks.');
        if (open.length === 0) return pass('All are encrypted.');
        return fail(
          `${open.length} of ${overlays.length} are not.`,
          open.map(({ name }) => ({ resource: `network/${name}`, path: null, value: 'encrypted: false' })),
        );
      })(subject),
  },
  {
    ...BY_PERSON,
    opens: 'misconfiguration',
    eachResource: true,
    id: 'swarm-secrets',
    title: 'Secrets of services are secrets of the swarm',
    problem: 'Secrets of services are no secrets of the swarm',
    looksAt: 'the number of secrets of the swarm, and the names of variables of its services',
    remediation: 'docker secret create NAME FILE, and docker service update --secret-add NAME.',
    judge: inSwarm(({ secrets, services }) => {
      if (secrets === null) return undetermined('Only a manager tells.');
      if (services.length === 0) return pass('There are no services.');
      const open = services.flatMap(({ name, envNames }) =>
        envNames
          .filter((variable) => SECRET_NAME.test(variable))
          .map((variable) => ({ resource: `service/${name}`, path: null, value: `${variable} is in its environment` })),
      );
      if (open.length > 0) return fail(`${open.length} are in the environment of services.`, open);
      return manual(
        `${secrets} secrets, ${services.length} services: whether all that is secret is there is for a person to say.`,
      );
    }),
  },
  {
    ...SWARM,
    id: 'swarm-auto-lock',
    title: 'The swarm’s keys are locked when a manager starts again',
    problem: 'The swarm’s keys lie open on its managers',
    severity: 'medium',
    looksAt: '`AutoLockManagers` of the swarm',
    remediation: 'docker swarm update --autolock=true, and keep the key elsewhere.',
    judge: inSwarm(({ autoLock }) => {
      if (autoLock === null) return undetermined('Only a manager tells.');
      return autoLock
        ? pass('They are locked.')
        : fail('They are not.', [{ resource: 'swarm', path: null, value: 'AutoLockManagers: false' }]);
    }),
  },
  {
    ...BY_PERSON,
    opens: 'misconfiguration',
    id: 'swarm-unlock-key-rotated',
    title: 'The key that unlocks the swarm is changed from time to time',
    problem: 'The key that unlocks the swarm was not changed',
    looksAt: '`AutoLockManagers`, and when the swarm was made and last changed in any way',
    remediation: 'docker swarm unlock-key --rotate',
    judge: (subject) =>
      inSwarm((swarm) => {
        if (swarm.autoLock === false) return notApplicable('Managers are not locked: there is no key.');
        return changedOnceAYear(swarm, subject.now, 'The key');
      })(subject),
  },
  {
    ...SWARM,
    id: 'swarm-node-certificates',
    title: 'Certificates of nodes are valid for 90 days at most',
    problem: 'Certificates of nodes are valid for long',
    severity: 'low',
    looksAt: '`NodeCertExpiry` of the swarm',
    remediation: 'docker swarm update --cert-expiry 720h',
    judge: inSwarm(({ certificateExpiry }) => {
      if (certificateExpiry === null) return undetermined('Only a manager tells.');
      const hours = Math.round(certificateExpiry / 3.6e12);
      return certificateExpiry <= DEFAULT_EXPIRY
        ? pass(`They are valid for ${hours} hours.`)
        : fail(`They are valid for ${hours} hours.`, [{ resource: 'swarm', path: null, value: `${hours}h` }]);
    }),
  },
  {
    ...BY_PERSON,
    opens: 'misconfiguration',
    id: 'swarm-ca-rotated',
    title: 'The certificates of the swarm’s CA are changed from time to time',
    problem: 'The certificates of the swarm’s CA were not changed',
    looksAt: 'when the swarm was made, and last changed in any way',
    remediation: 'docker swarm ca --rotate',
    judge: (subject) => inSwarm((swarm) => changedOnceAYear(swarm, subject.now, 'The CA’s certificate'))(subject),
  },
  {
    ...SWARM,
    id: 'swarm-separate-traffic',
    title: 'The swarm’s own traffic is apart from that of containers',
    problem: 'The swarm’s own traffic goes where that of containers goes',
    severity: 'low',
    looksAt: 'the addresses that the swarm is told to other nodes by',
    remediation: 'docker swarm init --advertise-addr 10.0.0.5 --data-path-addr 10.1.0.5',
    opens: null,
    judge: inSwarm(({ advertiseAddress }) =>
      isLoopback(advertiseAddress)
        ? pass('The swarm is on this machine alone.')
        : manual('Whether containers use another address is for a person to say.', [
            { resource: 'swarm', path: null, value: advertiseAddress },
          ]),
    ),
  },
];

/** What rotation changes is part of the swarm: it was not changed since the swarm as a whole was not. */
function changedOnceAYear({ createdAt, updatedAt }: SwarmFacts, now: Date, what: string): Verdict {
  const [made, changed] = [ageOf(createdAt, now), ageOf(updatedAt, now)];
  const evidence = [{ resource: 'swarm', path: null, value: `UpdatedAt: ${updatedAt}` }];
  if (made === null || changed === null) return undetermined('Only a manager tells when the swarm was changed.');
  if (made <= YEAR)
    return pass(`${what} is as old as the swarm at most, which was made on ${createdAt?.slice(0, 10)}.`);
  if (changed > YEAR) return fail(`Nothing of the swarm was changed since ${updatedAt?.slice(0, 10)}.`, evidence);
  return manual(`Something of the swarm was changed on ${updatedAt?.slice(0, 10)}: it does not tell what.`, evidence);
}

/** Milliseconds; null where the time is not known, or is still to come. */
function ageOf(time: string | null, now: Date): number | null {
  const age = now.getTime() - Date.parse(time ?? '');
  return age >= 0 ? age : null;
}

function inSwarm(judge: (swarm: SwarmFacts) => Verdict): HostControl['judge'] {
  return ({ facts }) => {
    const { swarm } = known(facts.engine);
    return swarm === null ? notApplicable('The engine is in no swarm.') : judge(swarm);
  };
}
