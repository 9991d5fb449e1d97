import { manual } from '../../control.js';
import { type HostControl, known } from '../host-subject.js';
import { CONTAINER, eachContainer, noneRuns, running } from './each-container.js';

/** How much a container may take, and how it is watched: CIS Docker, section 5. */
export const CONTAINER_LIMIT_CONTROLS: HostControl[] = [
  {
    ...CONTAINER,
    id: 'container-memory-limit',
    title: 'Containers have a limit of memory',
    problem: 'A container has no limit of memory',
    severity: 'medium',
    looksAt: '`HostConfig.Memory` of running containers',
    remediation: 'Start it with --memory 512m, or what it needs.',
    judge: eachContainer(({ memory }) => (memory > 0 ? null : 'Memory: 0'), 'have no limit of memory'),
  },
  {
    ...CONTAINER,
    id: 'container-cpu-limit',
    title: 'Containers have a share or limit of processor time',
    problem: 'A container has neither share nor limit of processor time',
    severity: 'low',
    looksAt: '`HostConfig.CpuShares`, `NanoCpus` and `CpuQuota` of running containers',
    remediation: 'Start it with --cpus 1.5, or with --cpu-shares that fit its worth.',
    judge: eachContainer(
      ({ cpuShares, nanoCpus, cpuQuota }) =>
        (cpuShares > 0 && cpuShares !== 1024) || nanoCpus > 0 || cpuQuota > 0
          ? null
          : `CpuShares: ${cpuShares}, NanoCpus: 0`,
      'have neither share nor limit of processor time',
    ),
  },
  {
    ...CONTAINER,
    id: 'container-pids-limit',
    title: 'Containers have a limit of processes',
    problem: 'A container may start processes without limit',
    severity: 'medium',
    looksAt: '`HostConfig.PidsLimit` of running containers',
    remediation: 'Start it with --pids-limit 100, or what it needs.',
    judge: eachContainer(
      ({ pidsLimit }) => (pidsLimit !== null && pidsLimit > 0 ? null : `PidsLimit: ${pidsLimit ?? 'none'}`),
      'have no limit of processes',
    ),
  },
  {
    ...CONTAINER,
    id: 'container-read-only-root',
    title: 'Containers cannot change their root file system',
    problem: 'A container can change its root file system',
    severity: 'medium',
    looksAt: '`HostConfig.ReadonlyRootfs` of running containers',
    remediation: 'Start it with --read-only, and with --tmpfs or volumes for what it writes.',
    judge: eachContainer(
      ({ readOnlyRoot }) => (readOnlyRoot ? null : 'ReadonlyRootfs: false'),
      'can change their root file system',
    ),
  },
  {
    ...CONTAINER,
    id: 'container-restart-limit',
    title: 'A container that fails is not started again without end',
    problem: 'A container that fails is started again without end',
    severity: 'low',
    looksAt: '`HostConfig.RestartPolicy` of running containers: `on-failure` at most 5 times, or `no`',
    remediation: 'Start it with --restart on-failure:5.',
    judge: eachContainer(({ restartPolicy: { name, maximumRetries } }) => {
      if (name === '' || name === 'no') return null;
      return name === 'on-failure' && maximumRetries > 0 && maximumRetries <= 5 ? null : `${name}:${maximumRetries}`;
    }, 'are started again without end'),
  },
  {
    ...CONTAINER,
    id: 'container-healthcheck',
    title: 'The health of containers is checked',
    problem: 'The health of a container is not checked',
    severity: 'low',
    looksAt: 'the health check of running containers',
    remediation: 'Start it with --health-cmd, or build the image with HEALTHCHECK.',
    judge: eachContainer(({ healthcheck, health }) => {
      const [kind] = healthcheck ?? [];
      if (kind !== undefined && kind !== '' && kind !== 'NONE')
        return health === 'unhealthy' ? 'Health: unhealthy' : null;
      return 'Healthcheck: none';
    }, 'are not checked, or are not well'),
  },
  {
    opens: null,
    restsOn: ['engine'],
    id: 'container-ulimits',
    title: 'Containers have the limits of resources that they need',
    problem: 'A container overrides the default limits of resources',
    severity: 'low',
    looksAt: '`HostConfig.Ulimits` of running containers',
    remediation: 'Start it without --ulimit where the daemon’s defaults are right.',
    judge: ({ facts }) => {
      const containers = running(known(facts.engine));
      const overriding = containers.filter(({ ulimits }) => ulimits.length > 0);
      if (containers.length === 0) return noneRuns({ facts });
      return manual(
        `${overriding.length} of ${containers.length} containers have limits of their own: whether these, and the defaults of the others, are right is for a person to say.`,
        overriding.map(({ name, ulimits }) => ({
          resource: `container/${name}`,
          path: null,
          value: ulimits.map(({ name: limit, soft, hard }) => `${limit}=${soft}:${hard}`).join(' '),
        })),
      );
    },
  },
  {
    ...CONTAINER,
    id: 'container-default-cgroup',
    title: 'Containers are in the engine’s control group',
    problem: 'A container is in a control group of another',
    severity: 'low',
    looksAt: '`HostConfig.CgroupParent` of running containers',
    remediation: 'Start it without --cgroup-parent, unless that group’s limits are meant for it.',
    judge: eachContainer(
      ({ cgroupParent }) => (cgroupParent === '' || cgroupParent === 'docker' ? null : `CgroupParent: ${cgroupParent}`),
      'are in another control group',
    ),
  },
];
