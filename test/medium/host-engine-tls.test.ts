import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DaemonOptions, DaemonTls } from '../../src/source/daemon/daemon-client.js';
import { readEngineFacts } from '../../src/source/host/engine/read-engine.js';
import { DockerEngine, ENGINE_PARTS } from '../support/docker-engine.js';
import { bySocket, common, Furnished, readFacts } from '../support/furnished-engine.js';
import { haveParts } from '../support/real-parts.js';

const haveTls = haveParts('auditing a Docker host over TLS', ENGINE_PARTS, true);
describe.skipIf(!haveTls)('a Docker host that is reached over TLS', () => {
  let engine: DockerEngine;
  let tls: DaemonTls;

  beforeAll(async () => {
    engine = await DockerEngine.start('--live-restore');
    const { caFile, certFile, keyFile } = engine.certificates;
    const [ca, cert, key] = await Promise.all([caFile, certFile, keyFile].map((file) => readFile(file, 'utf8')));
    tls = { ca: ca ?? '', cert: cert ?? '', key: key ?? '' };
    const host = new Furnished(engine.socket);
    await host.image();
    await host.call('POST', '/containers/create?name=web', { Image: 'app:1', Cmd: ['x'] });
  }, 120_000);
  afterAll(() => engine?.stop());

  const byTls = (with_: DaemonTls | null): DaemonOptions => ({
    address: { kind: 'tcp', host: '127.0.0.1', port: engine.port },
    tls: with_,
  });

  it('is known as over its socket', async () => {
    const [one, other] = [await readFacts(bySocket(engine.socket)), await readFacts(byTls(tls))];
    expect(other).toEqual({ ...one, address: `tcp://127.0.0.1:${engine.port}` });
    expect(other.containers.map(({ name }) => name)).toEqual(['web']);
  });

  it('is not known to who has no certificate', async () => {
    const other = await readEngineFacts({ ...common, daemon: byTls(null) });
    expect(other).toMatchObject({ known: false, code: 'unreadable' });
    const stranger = await readEngineFacts({ ...common, daemon: byTls({ ...tls, ca: '' }) });
    expect(stranger).toMatchObject({ known: false, reason: expect.stringContaining('trust') });
  });
});

describe('no container engine', () => {
  it('is told apart from one that may not be asked', async () => {
    const nobody = bySocket(join('/nowhere', 'docker.sock'));
    expect(await readEngineFacts({ ...common, daemon: nobody })).toMatchObject({ known: false, code: 'not_present' });
  });
});
