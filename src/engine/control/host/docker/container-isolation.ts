import type { HostControl } from '../host-subject.js';
import { CONTAINER, eachContainer } from './each-container.js';

/** Folders of the host that no container has to see, but for read-only time zones and the like beneath them. */
const SENSITIVE = ['/', '/boot', '/dev', '/etc', '/lib', '/proc', '/sys', '/usr'];

/** Docker's default set of capabilities (moby, oci/caps): what is added beyond them is more than was meant. */
const DEFAULT_CAPABILITIES = new Set(
  'AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE NET_RAW SETFCAP SETGID SETPCAP SETUID SYS_CHROOT'.split(
    ' ',
  ),
);

/** What keeps containers apart from the host: CIS Docker, section 5. */
export const CONTAINER_ISOLATION_CONTROLS: HostControl[] = [
  {
    ...CONTAINER,
    id: 'container-not-privileged',
    title: 'No container runs with all privileges',
    problem: 'A container runs with all privileges',
    severity: 'critical',
    looksAt: '`HostConfig.Privileged` of running containers',
    remediation: 'Start it without --privileged, with --cap-add and --device for just what it needs.',
    judge: eachContainer(({ privileged }) => (privileged ? 'Privileged: true' : null), 'run with all privileges'),
  },
  {
    ...CONTAINER,
    id: 'container-capabilities',
    title: 'Containers have no capabilities beyond the default',
    problem: 'A container has capabilities beyond the default',
    severity: 'high',
    looksAt: '`HostConfig.CapAdd` of running containers, against Docker’s default set',
    remediation: 'Start it with --cap-drop ALL and --cap-add for just what it needs.',
    judge: eachContainer(({ capabilitiesAdded, privileged }) => {
      if (privileged) return 'Privileged: true';
      const added = capabilitiesAdded.map((name) => name.toUpperCase().replace(/^CAP_/, ''));
      return added.filter((name) => !DEFAULT_CAPABILITIES.has(name)).map((name) => `CapAdd: ${name}`);
    }, 'have capabilities beyond the default'),
  },
  {
    ...CONTAINER,
    id: 'container-no-sensitive-mounts',
    title: 'Containers do not see folders of the host’s system',
    problem: 'A container sees a folder of the host’s system',
    severity: 'high',
    looksAt: `bind mounts of running containers: ${SENSITIVE.join(', ')}, and what is beneath them when it can be written`,
    remediation: 'Take the mount away, or mount just the file that it needs, read-only (:ro).',
    judge: eachContainer(
      ({ mounts }) =>
        mounts.flatMap(({ type, source, destination, readOnly }) => {
          if (type !== 'bind') return [];
          const path = source.length > 1 ? source.replace(/\/+$/, '') : source;
          const isWithin = SENSITIVE.some((folder) => folder !== '/' && path.startsWith(`${folder}/`));
          if (!SENSITIVE.includes(path) && (!isWithin || readOnly)) return [];
          return `${path} at ${destination}${readOnly ? ', read-only' : ', writable'}`;
        }),
      'see folders of the host’s system',
    ),
  },
  {
    ...CONTAINER,
    id: 'container-no-engine-socket',
    title: 'No container sees the socket of the container engine',
    problem: 'A container sees the socket of the container engine',
    severity: 'critical',
    looksAt: 'bind mounts of running containers',
    remediation:
      'Take the mount away: whoever has the socket is root on the host. Put a proxy that allows single requests before it, if it has to be.',
    judge: eachContainer(
      ({ mounts }) =>
        mounts.flatMap(({ type, source, destination }) =>
          type === 'bind' &&
          (/(?:docker|podman|containerd|crio)\.sock$/.test(source) || /^(?:\/var)?\/run\/?$/.test(source))
            ? `${source} at ${destination}`
            : [],
        ),
      'see the socket',
    ),
  },
  {
    ...CONTAINER,
    id: 'container-apparmor',
    title: 'Containers are confined by AppArmor, where the host has it',
    problem: 'A container is not confined by AppArmor',
    severity: 'medium',
    looksAt: '`AppArmorProfile` and the security options of running containers',
    remediation:
      'Start it without --security-opt apparmor=unconfined; the engine’s profile docker-default is the default.',
    judge: eachContainer(({ appArmorProfile, securityOptions, privileged }, { settings }) => {
      if (!settings.securityOptions.some((option) => option.includes('apparmor'))) return null;
      if (securityOptions.some((option) => /^apparmor[=:]unconfined$/.test(option))) return 'apparmor=unconfined';
      return appArmorProfile === '' || appArmorProfile === 'unconfined'
        ? `AppArmorProfile: ${appArmorProfile || 'none'}${privileged ? ' (privileged)' : ''}`
        : null;
    }, 'are not confined by AppArmor'),
  },
  {
    ...CONTAINER,
    id: 'container-selinux',
    title: 'Containers are confined by SELinux, where the engine uses it',
    problem: 'A container is not confined by SELinux',
    severity: 'medium',
    looksAt: 'the security options of running containers, where the engine has SELinux on',
    remediation: 'Start it without --security-opt label=disable.',
    judge: eachContainer(({ securityOptions }, { settings }) => {
      if (!settings.securityOptions.some((option) => option.includes('selinux'))) return null;
      return securityOptions.some((option) => /^label[=:]disable$/.test(option)) ? 'label=disable' : null;
    }, 'are not confined by SELinux'),
  },
  {
    ...CONTAINER,
    id: 'container-seccomp',
    title: 'System calls of containers are filtered',
    problem: 'System calls of a container are not filtered',
    severity: 'high',
    looksAt: 'the security options of running containers',
    remediation: 'Start it without --security-opt seccomp=unconfined and without --privileged.',
    judge: eachContainer(({ securityOptions, privileged }) => {
      if (securityOptions.some((option) => /^seccomp[=:]unconfined$/.test(option))) return 'seccomp=unconfined';
      return privileged ? 'Privileged: true' : null;
    }, 'may make every system call'),
  },
  {
    ...CONTAINER,
    id: 'container-no-new-privileges',
    title: 'Containers get no more privileges than they start with',
    problem: 'A container may get more privileges than it starts with',
    severity: 'medium',
    looksAt: '`no-new-privileges` of running containers, or of the engine',
    remediation:
      'Start it with --security-opt no-new-privileges, or set "no-new-privileges": true in /etc/docker/daemon.json.',
    judge: eachContainer(({ securityOptions }, { settings }) => {
      if (settings.securityOptions.some((option) => option.includes('no-new-privileges'))) return null;
      return securityOptions.some((option) => /^no-new-privileges(?:[=:]true)?$/.test(option))
        ? null
        : 'no-new-privileges: false';
    }, 'may get more privileges'),
  },
  {
    ...CONTAINER,
    id: 'container-no-host-network',
    title: 'No container is in the host’s network namespace',
    problem: 'A container is in the host’s network namespace',
    severity: 'high',
    looksAt: '`HostConfig.NetworkMode` of running containers',
    remediation: 'Start it without --network host, and publish the ports that it serves.',
    judge: eachContainer(
      ({ networkMode }) => (networkMode === 'host' ? 'NetworkMode: host' : null),
      'are in the host’s network',
    ),
  },
  {
    ...CONTAINER,
    id: 'container-no-host-pid',
    title: 'No container sees the host’s processes',
    problem: 'A container sees the host’s processes',
    severity: 'high',
    looksAt: '`HostConfig.PidMode` of running containers',
    remediation: 'Start it without --pid host.',
    judge: eachContainer(({ pidMode }) => (pidMode === 'host' ? 'PidMode: host' : null), 'see the host’s processes'),
  },
  {
    ...CONTAINER,
    id: 'container-no-host-ipc',
    title: 'No container shares the host’s memory segments and queues',
    problem: 'A container shares the host’s memory segments and queues',
    severity: 'high',
    looksAt: '`HostConfig.IpcMode` of running containers',
    remediation: 'Start it without --ipc host.',
    judge: eachContainer(
      ({ ipcMode }) => (ipcMode === 'host' ? 'IpcMode: host' : null),
      'share the host’s IPC namespace',
    ),
  },
  {
    ...CONTAINER,
    id: 'container-no-host-uts',
    title: 'No container may change the host’s name',
    problem: 'A container may change the host’s name',
    severity: 'medium',
    looksAt: '`HostConfig.UTSMode` of running containers',
    remediation: 'Start it without --uts host.',
    judge: eachContainer(
      ({ utsMode }) => (utsMode === 'host' ? 'UTSMode: host' : null),
      'share the host’s UTS namespace',
    ),
  },
  {
    ...CONTAINER,
    id: 'container-no-host-userns',
    title: 'No container has the host’s users, where the engine maps them',
    problem: 'A container has the host’s users',
    severity: 'high',
    looksAt: '`HostConfig.UsernsMode` of running containers',
    remediation: 'Start it without --userns host.',
    judge: eachContainer(
      ({ usernsMode }) => (usernsMode === 'host' ? 'UsernsMode: host' : null),
      'have the host’s users',
    ),
  },
  {
    ...CONTAINER,
    id: 'container-no-devices',
    title: 'Containers have no devices of the host',
    problem: 'A container has a device of the host',
    severity: 'medium',
    looksAt: '`HostConfig.Devices` of running containers',
    remediation: 'Start it without --device, or with the rights r or w alone where it needs no more.',
    judge: eachContainer(
      ({ devices }) => devices.map(({ host, permissions }) => `${host} (${permissions})`),
      'have devices of the host',
    ),
  },
  {
    ...CONTAINER,
    id: 'container-mount-propagation',
    title: 'Mounts made in a container do not appear on the host',
    problem: 'Mounts made in a container appear on the host',
    severity: 'high',
    looksAt: '`Propagation` of the mounts of running containers',
    remediation: 'Mount it without :shared and :rshared.',
    judge: eachContainer(
      ({ mounts }) =>
        mounts.flatMap(({ propagation, source }) => (/shared$/.test(propagation) ? `${source}: ${propagation}` : [])),
      'share mounts with the host',
    ),
  },
];
