import { describe, expect, it } from 'vitest';
import { infoAnswer, podmanInfoAnswer, swarmAnswer, versionAnswer } from './engine-answers.js';
import { engineSettings } from './engine-settings.js';
import { isInSwarm, swarmFacts } from './swarm-facts.js';

const DOCKER = versionAnswer.parse({
  Version: '29.0.1',
  ApiVersion: '1.52',
  Components: [{ Name: 'Engine' }, { Name: 'runc' }],
});
const PODMAN = versionAnswer.parse({ Version: '5.2.2', ApiVersion: '1.41', Components: [{ Name: 'Podman Engine' }] });
const docker = (info: object) => engineSettings(DOCKER, infoAnswer.parse({ Driver: 'overlayfs', ...info }), null);

describe('engineSettings', () => {
  it('tells an engine’s own registries from those of the machine', () => {
    const RegistryConfig = {
      InsecureRegistryCIDRs: ['::1/128', '10.0.0.0/8', '127.0.0.0/8'],
      IndexConfigs: {
        'docker.io': { Name: 'docker.io', Mirrors: [], Secure: true, Official: true },
        'registry.example:5000': { Name: 'registry.example:5000', Mirrors: null, Secure: false },
      },
      Mirrors: ['https://mirror.example/'],
    };
    expect(docker({ RegistryConfig }).settings).toMatchObject({
      insecureRegistries: ['10.0.0.0/8', 'registry.example:5000'],
      registryMirrors: ['https://mirror.example/'],
    });
  });

  it.each([
    [['name=seccomp,profile=builtin'], false, false],
    [['name=seccomp,profile=builtin', 'name=rootless', 'name=cgroupns'], true, false],
    [['name=apparmor', 'name=userns'], false, true],
    [['apparmor', 'seccomp'], false, false],
  ])('knows by %j whose users are whose', (SecurityOptions, rootless, userNamespaces) => {
    expect(docker({ SecurityOptions })).toMatchObject({ kind: 'docker', rootless, userNamespaces });
  });

  it('adds what Podman tells in its own form alone', () => {
    const info = infoAnswer.parse({
      Driver: 'overlay',
      LoggingDriver: '',
      Rootless: true,
      ExperimentalBuild: true,
      LiveRestoreEnabled: false,
    });
    const own = podmanInfoAnswer.parse({
      host: {
        logDriver: 'journald',
        cgroupManager: 'systemd',
        cgroupVersion: 'v2',
        security: { rootless: true, selinuxEnabled: true, seccompEnabled: true },
      },
    });
    expect(engineSettings(PODMAN, info, own)).toMatchObject({
      kind: 'podman',
      rootless: true,
      settings: {
        securityOptions: ['name=rootless', 'name=seccomp', 'name=selinux'],
        loggingDriver: 'journald',
        cgroupDriver: 'systemd',
        cgroupVersion: '2',
        liveRestore: null,
        experimental: null,
      },
    });
  });

  it('keeps warnings on one line', () => {
    expect(docker({ Warnings: ['WARNING: No swap\nlimit support'] }).settings.warnings).toEqual([
      'WARNING: No swap limit support',
    ]);
  });
});

describe('swarmFacts', () => {
  const worker = infoAnswer.parse({
    Driver: 'overlay2',
    Swarm: {
      LocalNodeState: 'active',
      ControlAvailable: false,
      NodeAddr: '10.0.0.7',
      RemoteManagers: [{ Addr: '10.0.0.1:2377' }, { Addr: '10.0.0.2:2377' }],
    },
  }).Swarm;
  const nothing = { swarm: null, nodes: null, services: [], secrets: null };

  it('knows of a worker its managers only', () => {
    expect(isInSwarm(worker)).toBe(true);
    expect(worker && swarmFacts(worker, nothing)).toMatchObject({
      managers: 2,
      nodes: 0,
      isManager: false,
      autoLock: null,
      secrets: null,
    });
  });

  it('knows of a manager how the swarm is set up', () => {
    const swarm = swarmAnswer.parse({
      CreatedAt: '2026-01-01T00:00:00Z',
      UpdatedAt: '2026-02-01T00:00:00Z',
      Spec: { CAConfig: { NodeCertExpiry: 7776000000000000 }, EncryptionConfig: { AutoLockManagers: true } },
    });
    expect(
      worker &&
        swarmFacts({ ...worker, Nodes: 3, Managers: 1, ControlAvailable: true }, { ...nothing, swarm, secrets: 4 }),
    ).toMatchObject({
      managers: 1,
      nodes: 3,
      isManager: true,
      autoLock: true,
      certificateExpiry: 7776000000000000,
      secrets: 4,
    });
  });

  it.each([
    ['inactive', false],
    ['', false],
    ['pending', true],
    ['locked', true],
    ['error', true],
  ])('takes a node that is %j for one of a swarm: %s', (LocalNodeState, is) => {
    expect(isInSwarm(infoAnswer.parse({ Driver: 'x', Swarm: { LocalNodeState } }).Swarm)).toBe(is);
    expect(isInSwarm(infoAnswer.parse({ Driver: 'x' }).Swarm)).toBe(false);
  });
});
