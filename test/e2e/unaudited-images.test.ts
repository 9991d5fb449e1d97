import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeFacts } from '../../src/source/host/facts-file.js';
import { alpineAdvisory, writeOsvMirror } from '../support/advisories.js';
import { callEngine, DockerEngine, ENGINE_PARTS } from '../support/docker-engine.js';
import { FakeEngine, idOf, inspectAnswer } from '../support/fake-engine.js';
import { container, engine, hostFacts, knownFact } from '../support/host-facts.js';
import { alpine, dockerArchive, sha256, tar } from '../support/image.js';
import { haveParts } from '../support/real-parts.js';
import { startTestApp, type TestApp } from './app.js';

let fake: FakeEngine;
let service: TestApp;

const digestOf = (name: string) => `sha256:${sha256(name)}`;

beforeAll(async () => {
  fake = await FakeEngine.start();
  service = await startTestApp({ dockerHost: { kind: 'unix', path: fake.socket }, scanImagesInUse: 2 });
  await writeOsvMirror(service.mirror, { Alpine: [alpineAdvisory('CVE-2024-1', 'musl', '1.2.0-r0')] });
  await service.sync();
});
afterAll(async () => {
  await service.close();
  await fake.stop();
});

/** Containers that run, each with an image of its own that the engine gives. */
async function furnish(...names: string[]): Promise<void> {
  fake.furnish(names);
  const archive = await dockerArchive([await tar(alpine([{ name: 'musl', version: '1.1.22-r3' }]))]);
  for (const name of names) {
    const id = digestOf(name);
    fake.answers.set(`/containers/${idOf(name)}/json`, { ...inspectAnswer(name), Image: id });
    fake.answers.set(`/images/${id}/json`, { Size: archive.length });
    fake.answers.set(`/images/${id}/get`, (response) => response.writeHead(200).end(archive));
  }
}

// biome-ignore lint/suspicious/noExplicitAny: a test looks at whatever JSON came
type Body = any;

const get = async (path: string, of = service): Promise<Body> => (await of.request('GET', path)).body;

async function scanHost(reference: string, of = service): Promise<string> {
  const done = await of.scan(reference, { target: { kind: 'host', reference } });
  expect(done.error).toBeNull();
  return done.id;
}

/** Scans that nobody but hosts asked for, once there are so many and all of them have ended. */
async function askedFor(count: number, of = service): Promise<Body[]> {
  for (;;) {
    const { items } = await get('/v1/scans?limit=100', of);
    const asked = items.filter(({ trigger }: Body) => trigger === 'image_in_use');
    if (asked.length >= count && asked.every(({ finishedAt }: Body) => finishedAt !== null)) return asked;
    await sleep(50);
  }
}

const statuses = async (id: string, of = service) =>
  (await get(`/v1/scans/${id}/containers`, of)).items.map(({ name, auditStatus }: Body) => `${name} ${auditStatus}`);

describe('an image that runs and was never audited', () => {
  it('is scanned once, after all else, so many of them in each scan of the host', async () => {
    await furnish('a', 'b', 'c', 'd');
    fake.answers.delete(`/images/${digestOf('b')}/get`);
    const reference = `docker:unix://${fake.socket}`;
    const first = await scanHost(reference);
    const asked = await askedFor(2);
    expect(asked.map(({ target, priority, status }) => [target.reference, priority, status]).sort()).toEqual(
      [
        [`docker-daemon:${digestOf('a')}`, 9, 'succeeded'],
        [`docker-daemon:${digestOf('b')}`, 9, 'failed'],
      ].sort(),
    );
    expect(await statuses(first)).toEqual(['a audited', 'b failed', 'c waiting', 'd waiting']);
    const exploitable = await get(`/v1/scans/${first}/containers?exploitable=true`);
    expect(exploitable.items).toMatchObject([
      { name: 'a', audit: { matchedBy: 'digest' }, imageScanId: expect.any(String) },
    ]);

    const second = await scanHost(reference);
    await askedFor(4);
    expect(await statuses(second)).toEqual(['a audited', 'b failed', 'c audited', 'd audited']);
    for (let again = 0; again < 2; again += 1) await scanHost(reference);
    expect(await askedFor(4)).toHaveLength(4);
  });

  it('is asked of a registry where the facts came in a file, and never of the engine here', async () => {
    const before = (await askedFor(0)).length;
    const path = join(service.importDir, 'facts.json');
    const digest = digestOf('registry');
    const named = `127.0.0.1:1/shop/app@${digest}`;
    const containers = [
      container('built', { imageId: digestOf('built') }),
      container('local', { imageId: digestOf('local'), imageDigests: [`localhost/app@${digest}`] }),
      container('named', { image: '127.0.0.1:1/shop/app:1', imageDigests: [`other/app@${digest}`, named] }),
      container('same', { image: '127.0.0.1:1/shop/app:1', imageDigests: [named] }),
      container('stopped', { status: 'exited', imageDigests: [`127.0.0.1:1/shop/old@${digest}`] }),
      container('strange', { image: '../../x', imageId: 'sha256:../x', imageDigests: ['@', 'a@b', '\ud800@sha256:1'] }),
    ];
    await writeFile(path, writeFacts(hostFacts({ engine: knownFact(engine(containers, [])) })));
    const id = await scanHost(`facts:${path}`);
    const asked = (await askedFor(before + 1)).filter(({ target }) => target.reference.startsWith('docker://'));
    expect(asked).toMatchObject([{ target: { reference: `docker://${named}` }, status: 'failed' }]);
    expect(await askedFor(0)).toHaveLength(before + 1);
    expect(await statuses(id)).toEqual([
      ...['built unnamed', 'local unnamed', 'named failed', 'same failed'],
      ...['stopped not_running', 'strange unnamed'],
    ]);
  });

  it('is not scanned unless the operator allows it, and the list of containers says so', async () => {
    const careful = await startTestApp({ dockerHost: { kind: 'unix', path: fake.socket } });
    try {
      await furnish('a');
      const id = await scanHost(`docker:unix://${fake.socket}`, careful);
      expect(await statuses(id, careful)).toEqual(['a not_allowed']);
      expect(await askedFor(0, careful)).toEqual([]);
    } finally {
      await careful.close();
    }
  });
});

const ROOT_FILE_SYSTEM = '../shared/data/images/alpine-minirootfs-3.20.3-x86_64.tar.gz';
const canRun = existsSync(ROOT_FILE_SYSTEM);
if (!canRun) console.info(`skipped: there is no ${ROOT_FILE_SYSTEM}, so no container is started`);
const haveEngine = canRun && haveParts('a real Docker Engine', ENGINE_PARTS, true);

describe.skipIf(!haveEngine)('an image that runs on a real Docker Engine', () => {
  it('is scanned from the engine, and joined by its id', async () => {
    const real = await DockerEngine.start();
    const app = await startTestApp({ dockerHost: { kind: 'unix', path: real.socket }, scanImagesInUse: 10 });
    try {
      const archive = gunzipSync(await readFile(ROOT_FILE_SYSTEM));
      await callEngine(real.socket, 'POST', '/images/create?fromSrc=-&repo=app%3A1', archive);
      const Ulimits = ['nofile', 'nproc'].map((Name) => ({ Name, Soft: 1024, Hard: 1024 }));
      const HostConfig = { NetworkMode: 'none', Ulimits };
      const body = { Image: 'app:1', Cmd: ['sleep', '1000'], HostConfig };
      const { Id } = await callEngine(real.socket, 'POST', '/containers/create?name=web', body);
      await callEngine(real.socket, 'POST', `/containers/${Id}/start`);
      const id = await scanHost(`docker:unix://${real.socket}`, app);
      expect(await askedFor(1, app)).toMatchObject([{ status: 'partial', target: { kind: 'image' } }]);
      const { items } = await get(`/v1/scans/${id}/containers`, app);
      expect(items).toMatchObject([{ name: 'web', auditStatus: 'audited', audit: { matchedBy: 'digest' } }]);
      await callEngine(real.socket, 'DELETE', `/containers/${Id}?force=1`);
    } finally {
      await app.close();
      await real.stop();
    }
  });
});
