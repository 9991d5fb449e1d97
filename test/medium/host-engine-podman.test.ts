import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DOCKER_CONTROLS } from '../../src/engine/control/host/docker/docker-controls.js';
import { judgeHostControls } from '../../src/engine/control/host/judge-host-controls.js';
import type { EngineFacts } from '../../src/model/host/engine.js';
import { NETWORK_PARTS, PODMAN_PARTS, PodmanEngine } from '../support/docker-engine.js';
import {
  BAD,
  BAD_FAILS,
  bySocket,
  Furnished,
  failedBy,
  find,
  GOOD,
  PASSWORD,
  readFacts,
} from '../support/furnished-engine.js';
import { hostFacts, knownFact, UNJUDGED } from '../support/host-facts.js';
import { haveParts } from '../support/real-parts.js';

const havePodman = haveParts('auditing a real Podman host', [...PODMAN_PARTS, ...NETWORK_PARTS], true);
describe.skipIf(!havePodman)('a Podman host', () => {
  let engine: PodmanEngine;
  let host: Furnished;
  let facts: EngineFacts;

  beforeAll(async () => {
    engine = await PodmanEngine.startWithNetwork();
    host = new Furnished(engine.socket);
    await host.image();
    await host.call('POST', '/networks/create', { Name: 'front' });
    await host.container('good', GOOD);
    await host.container('bad', { ...BAD, HostConfig: { ...BAD.HostConfig, UsernsMode: '' } });
    await host.container('privileged', { HostConfig: { Privileged: true } });
    await host.container('published', {
      ExposedPorts: { '53/udp': {} },
      HostConfig: { PortBindings: { '53/udp': [{ HostIp: '', HostPort: '53' }] } },
    });
    facts = await readFacts(bySocket(engine.socket));
  }, 120_000);
  afterAll(async () => {
    await host?.empty();
    await engine?.stop();
  }, 60_000);

  it('is known as the engine tells it', () => {
    expect(facts).toMatchObject({ kind: 'podman', rootless: false, swarm: null, settings: { liveRestore: null } });
    expect(facts.networks.map(({ name }) => name)).toEqual(['front', 'podman']);
    const { networks } = find(facts, 'published');
    expect(networks).toMatchObject([{ name: 'podman', id: facts.networks[1]?.id }]);
    expect(find(facts, 'good').imageDigests).toEqual(facts.images[0]?.digests);
    expect(JSON.stringify(facts)).not.toContain(PASSWORD);
  });

  it('has containers that pass each control, and others that fail it', () => {
    expect(failedBy(facts, 'good')).toEqual([]);
    // The last two cannot be asked for by Docker's API: Podman makes something else of it.
    const notHere = ['container-mount-propagation', 'container-no-host-userns', 'container-no-host-ipc'];
    expect(failedBy(facts, 'bad', 'privileged', 'published')).toEqual(BAD_FAILS.filter((id) => !notHere.includes(id)));
  });

  it('is not judged as if it had a daemon', () => {
    const subject = {
      facts: hostFacts({ engine: knownFact(facts) }),
      now: new Date(),
      trustedRegistries: null,
      ...UNJUDGED,
    };
    const { results } = judgeHostControls(DOCKER_CONTROLS, subject, () => undefined);
    const daemon = results.filter(({ id }) => id === 'daemon-live-restore' || id === 'daemon-icc-disabled');
    expect(daemon.map(({ status }) => status)).toEqual(['not_applicable', 'not_applicable']);
  });
});
