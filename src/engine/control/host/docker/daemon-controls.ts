import { fail, manual, notApplicable, pass, undetermined } from '../../control.js';
import { type HostControl, ifKnown } from '../host-subject.js';
import { isOn, onConfiguration, onDaemon, settingOf, shown } from './daemon-setting.js';

/** Drivers that keep logs on the host alone. */
const LOCAL_LOGS = new Set(['json-file', 'local', 'none', 'db']);

const DAEMON = { opens: 'misconfiguration', restsOn: ['engine'] } satisfies Partial<HostControl>;

/** How the Docker daemon is set up: CIS Docker, section 2. */
export const DAEMON_CONTROLS: HostControl[] = [
  {
    ...DAEMON,
    id: 'daemon-rootless',
    title: 'The container engine runs as a user other than root',
    problem: 'The container engine runs as root',
    severity: 'low',
    looksAt: 'the engine’s security options',
    remediation:
      'Where nothing needs the rights of root, run the engine in rootless mode (dockerd-rootless-setuptool.sh install).',
    judge: ({ facts }) => {
      const engine = ifKnown(facts.engine);
      if (engine?.rootless) return pass('The engine is rootless.');
      return manual('The engine runs as root: whether it could do without is for a person to say.');
    },
  },
  {
    ...DAEMON,
    id: 'daemon-icc-disabled',
    title: 'Containers on the default network do not reach each other',
    problem: 'Containers on the default network reach each other',
    severity: 'medium',
    looksAt: 'the option `enable_icc` of the default bridge',
    remediation:
      'Set "icc": false in /etc/docker/daemon.json, and give containers that belong together a network of their own.',
    judge: onDaemon(({ networks }) => {
      const bridge = networks.find(({ name, driver }) => name === 'bridge' && driver === 'bridge');
      if (!bridge) return notApplicable('There is no default bridge.');
      const value = bridge.options['com.docker.network.bridge.enable_icc'];
      if (value === 'false') return pass('The default bridge keeps its containers apart.');
      return fail('The default bridge lets its containers reach each other.', [
        shown('network/bridge', null, `com.docker.network.bridge.enable_icc=${value ?? 'true'}`),
      ]);
    }),
  },
  {
    ...DAEMON,
    id: 'daemon-log-level',
    title: 'The daemon logs at the level "info"',
    problem: 'The daemon does not log at the level "info"',
    severity: 'low',
    looksAt: '`log-level` and `debug` of the daemon',
    remediation:
      'Take "log-level" and "debug" out of /etc/docker/daemon.json and off the command line: the default is "info".',
    judge: onConfiguration((configuration) => {
      const level = settingOf(configuration, { flag: 'log-level', short: 'l' });
      const debug = settingOf(configuration, { flag: 'debug', short: 'D' });
      if (isOn(debug, false)) return fail('The daemon logs at the level "debug".', debug.evidence);
      const [value = 'info'] = level.values;
      return value === 'info' ? pass('The level is "info".') : fail(`The level is "${value}".`, level.evidence);
    }),
  },
  {
    ...DAEMON,
    id: 'daemon-manages-iptables',
    title: 'The daemon may set the rules of the firewall',
    problem: 'The daemon may not set the rules of the firewall',
    severity: 'medium',
    looksAt: '`iptables` of the daemon',
    remediation:
      'Take "iptables": false out of /etc/docker/daemon.json, and put rules of your own into the chain DOCKER-USER.',
    judge: onConfiguration((configuration) => {
      const setting = settingOf(configuration, { flag: 'iptables' });
      return isOn(setting, true)
        ? pass('The daemon sets the rules that containers need.')
        : fail('The daemon sets no rules: networks of containers are not kept apart.', setting.evidence);
    }),
  },
  {
    ...DAEMON,
    id: 'daemon-no-insecure-registries',
    title: 'Images come over TLS only',
    problem: 'Images may come from a registry without TLS',
    severity: 'high',
    looksAt: 'the engine’s insecure registries, but for those of the machine itself',
    remediation:
      'Take "insecure-registries" out of /etc/docker/daemon.json, and give the registry’s CA to /etc/docker/certs.d/HOST/ca.crt.',
    judge: onDaemon(({ settings: { insecureRegistries } }) =>
      insecureRegistries.length === 0
        ? pass('No registry is used without TLS.')
        : fail(
            'Some registries may be used without TLS.',
            insecureRegistries.map((host) => shown('engine', null, host)),
          ),
    ),
  },
  {
    ...DAEMON,
    id: 'daemon-no-aufs',
    title: 'The storage driver aufs is not used',
    problem: 'The storage driver aufs is used',
    severity: 'medium',
    looksAt: 'the engine’s storage driver',
    remediation:
      'Set "storage-driver": "overlay2" in /etc/docker/daemon.json; images and containers have to be made anew.',
    judge: onDaemon(({ settings: { storageDriver } }) =>
      storageDriver === 'aufs'
        ? fail('aufs has not been kept up for years.', [shown('engine', null, storageDriver)])
        : pass(`The storage driver is ${storageDriver}.`),
    ),
  },
  {
    ...DAEMON,
    id: 'daemon-tls',
    title: 'The engine’s API is reached over TLS with certificates of its clients',
    problem: 'The engine’s API is open to the network',
    severity: 'critical',
    looksAt:
      '`hosts`, `tlsverify` and the certificates of the daemon; where these are not known, its warnings and the sockets that it opens',
    remediation:
      'Do not let the API listen on tcp, or set "tlsverify": true with "tlscacert", "tlscert" and "tlskey": whoever reaches it without is root on the host.',
    judge: onDaemon(({ settings: { configuration, warnings } }, { facts }) => {
      // Docker 18.09 and later say so themselves.
      const open = warnings.filter((warning) => /API is accessible on http/i.test(warning));
      if (open.length > 0)
        return fail(
          'Whoever reaches the port is root on the host.',
          open.map((warning) => shown('engine', null, warning)),
        );
      const sockets = (ifKnown(facts.sockets) ?? []).filter(({ program }) => program === 'dockerd');
      if (configuration === null) {
        if (!facts.sockets.known) return undetermined('Neither the daemon’s flags nor its sockets are known.');
        return sockets.length === 0
          ? pass('The daemon listens on no port.')
          : undetermined('The daemon listens on a port; whether it asks for certificates is not known.');
      }
      const hosts = settingOf(configuration, { flag: 'host', key: 'hosts', short: 'H' });
      const tcp = hosts.values.filter((host) => host.startsWith('tcp://'));
      if (tcp.length === 0 && sockets.length === 0) return pass('The API listens on no port.');
      if (isOn(settingOf(configuration, { flag: 'tlsverify' }), false))
        return pass('Clients have to show a certificate.');
      return fail(
        'Whoever reaches the port is root on the host.',
        tcp.length > 0
          ? tcp.map((host) => shown('dockerd', null, host))
          : sockets.map(({ address, port }) => shown('dockerd', null, `${address}:${port}`)),
      );
    }),
  },
  {
    ...DAEMON,
    id: 'daemon-default-ulimits',
    title: 'The daemon sets limits of resources for containers',
    problem: 'The daemon sets no limits of resources for containers',
    severity: 'low',
    looksAt: '`default-ulimits` of the daemon',
    remediation:
      'Set "default-ulimits": {"nofile": {"Name": "nofile", "Soft": 1024, "Hard": 4096}} in /etc/docker/daemon.json, as fits the containers.',
    judge: onConfiguration((configuration) => {
      const { values, evidence } = settingOf(configuration, { flag: 'default-ulimit', key: 'default-ulimits' });
      if (values.length > 0) return { ...pass('Limits are set.'), evidence };
      return manual('No limits are set: containers have those of the daemon, which may be right.');
    }),
  },
  {
    ...DAEMON,
    id: 'daemon-user-namespaces',
    title: 'Users of containers are others on the host',
    problem: 'Root in a container is root on the host',
    severity: 'medium',
    looksAt: 'the engine’s security options `userns` and `rootless`',
    remediation: 'Set "userns-remap": "default" in /etc/docker/daemon.json, or run the engine in rootless mode.',
    judge: ({ facts }) => {
      const engine = ifKnown(facts.engine);
      if (engine?.userNamespaces || engine?.rootless) return pass('Users of containers are mapped to others.');
      return fail('Users of containers have the same numbers on the host.', [
        shown('engine', null, engine?.settings.securityOptions.join(' ') ?? ''),
      ]);
    },
  },
  {
    ...DAEMON,
    id: 'daemon-default-cgroup',
    title: 'Containers are in the engine’s own control group',
    problem: 'Containers are put into another control group',
    severity: 'low',
    looksAt: '`cgroup-parent` of the daemon',
    remediation:
      'Take "cgroup-parent" out of /etc/docker/daemon.json, unless that group’s limits are meant for all containers.',
    judge: onConfiguration((configuration) => {
      const { values, evidence } = settingOf(configuration, { flag: 'cgroup-parent' });
      const [value = ''] = values;
      if (['', '/docker', 'docker.slice', 'system.slice'].includes(value))
        return pass('The control group is the engine’s own.');
      return fail(`Containers are in ${value}.`, evidence);
    }),
  },
  {
    ...DAEMON,
    id: 'daemon-base-size',
    title: 'The size of containers’ file systems is the default',
    problem: 'The size of containers’ file systems was changed',
    severity: 'low',
    looksAt: '`storage-opts` of the daemon: `dm.basesize`',
    remediation: 'Take dm.basesize out of "storage-opts": a larger one lets a container fill the disk.',
    judge: onConfiguration((configuration) => {
      const { values, evidence } = settingOf(configuration, { flag: 'storage-opt', key: 'storage-opts' });
      return values.some((value) => value.includes('dm.basesize'))
        ? fail('The base size was changed.', evidence)
        : pass('It is the default.');
    }),
  },
  {
    ...DAEMON,
    id: 'daemon-authorization',
    title: 'Commands to the engine are authorised one by one',
    problem: 'Whoever reaches the engine may do everything',
    severity: 'medium',
    looksAt: 'the engine’s authorisation plugins',
    remediation:
      'Where several people or programs use the engine, set "authorization-plugins" in /etc/docker/daemon.json.',
    judge: onDaemon(({ settings: { authorizationPlugins } }) =>
      authorizationPlugins.length > 0
        ? pass(`Commands are authorised by ${authorizationPlugins.join(', ')}.`)
        : fail('No plugin authorises commands.', [shown('engine', null, 'authorization plugins: none')]),
    ),
  },
  {
    ...DAEMON,
    id: 'daemon-remote-logging',
    title: 'Logs of containers are kept on another machine too',
    problem: 'Logs of containers are kept on the host alone',
    severity: 'low',
    looksAt: 'the engine’s default logging driver',
    remediation:
      'Set "log-driver" to one that sends logs away (syslog, gelf, fluentd, journald with forwarding), or collect the files.',
    judge: ({ facts }) => {
      const driver = ifKnown(facts.engine)?.settings.loggingDriver ?? '';
      if (!LOCAL_LOGS.has(driver)) return pass(`The logging driver is ${driver}.`);
      return fail(`The driver ${driver} keeps logs on the host alone.`, [shown('engine', null, driver)]);
    },
  },
  {
    ...DAEMON,
    id: 'daemon-no-new-privileges',
    title: 'Containers get no more privileges than they start with',
    problem: 'Containers may get more privileges than they start with',
    severity: 'medium',
    looksAt: 'the engine’s security option `no-new-privileges`, and `no-new-privileges` of the daemon',
    remediation: 'Set "no-new-privileges": true in /etc/docker/daemon.json.',
    judge: onDaemon(({ settings: { configuration, securityOptions } }) => {
      if (securityOptions.some((option) => option.includes('no-new-privileges')))
        return pass('It is the default of containers.');
      if (configuration === null)
        return undetermined('The engine does not say, and the daemon’s flags and daemon.json are not known.');
      const setting = settingOf(configuration, { flag: 'no-new-privileges' });
      if (isOn(setting, false)) return pass('It is the default of containers.');
      return fail('A setuid program in a container gives its user more rights.', [
        shown('dockerd', null, 'no-new-privileges: false'),
      ]);
    }),
  },
  {
    ...DAEMON,
    id: 'daemon-live-restore',
    title: 'Containers go on while the daemon is restarted',
    problem: 'Containers stop when the daemon is restarted',
    severity: 'low',
    looksAt: 'the engine’s `LiveRestoreEnabled`',
    remediation: 'Set "live-restore": true in /etc/docker/daemon.json, so that the daemon can be updated at any time.',
    judge: onDaemon(({ swarm, settings: { liveRestore } }) => {
      if (swarm) return notApplicable('A node of a swarm cannot have it.');
      if (liveRestore === null) return undetermined('The engine does not say.');
      return liveRestore
        ? pass('They go on.')
        : fail('They stop.', [shown('engine', null, 'LiveRestoreEnabled: false')]);
    }),
  },
  {
    ...DAEMON,
    id: 'daemon-no-userland-proxy',
    title: 'Published ports are forwarded by the kernel',
    problem: 'Published ports are forwarded by a program',
    severity: 'low',
    looksAt: '`userland-proxy` of the daemon',
    remediation: 'Set "userland-proxy": false in /etc/docker/daemon.json.',
    judge: onConfiguration((configuration) => {
      const setting = settingOf(configuration, { flag: 'userland-proxy' });
      return isOn(setting, true)
        ? fail('A program of the host stands between clients and containers.', [
            shown('dockerd', null, 'userland-proxy: true'),
          ])
        : pass('The kernel forwards them.');
    }),
  },
  {
    ...DAEMON,
    id: 'daemon-seccomp',
    title: 'System calls of containers are filtered by default',
    problem: 'System calls of containers are not filtered',
    severity: 'high',
    looksAt: 'the engine’s security option `seccomp`',
    remediation:
      'Take "seccomp-profile": "unconfined" out of /etc/docker/daemon.json; a kernel without seccomp has to be replaced.',
    judge: ({ facts }) => {
      const options = ifKnown(facts.engine)?.settings.securityOptions ?? [];
      const seccomp = options.find((option) => option.includes('seccomp'));
      if (seccomp === undefined) return fail('The engine has no seccomp.', [shown('engine', null, options.join(' '))]);
      const profile = /profile=([^,]+)/.exec(seccomp)?.[1] ?? 'default';
      if (profile === 'unconfined')
        return fail('The default profile lets everything pass.', [shown('engine', null, seccomp)]);
      return profile === 'default' || profile === 'builtin'
        ? pass('The engine’s own profile is used.')
        : manual(`The profile is ${profile}: whether it is right is for a person to say.`, [
            shown('engine', null, seccomp),
          ]);
    },
  },
  {
    ...DAEMON,
    id: 'daemon-no-experimental',
    title: 'Experimental features are off',
    problem: 'Experimental features are on',
    severity: 'low',
    looksAt: 'the engine’s `ExperimentalBuild`',
    remediation: 'Take "experimental": true out of /etc/docker/daemon.json.',
    judge: onDaemon(({ settings: { experimental } }) => {
      if (experimental === null) return undetermined('The engine does not say.');
      return experimental
        ? fail('They are on.', [shown('engine', null, 'ExperimentalBuild: true')])
        : pass('They are off.');
    }),
  },
];
