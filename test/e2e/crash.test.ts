import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { alpineAdvisory, writeOsvMirror } from '../support/advisories.js';
import { ServiceProcess } from '../support/service-process.js';
import { slowTarball } from '../support/slow-tarball.js';

describe('a service that dies', () => {
  let folder: string;
  let service: ServiceProcess;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plimsoll-crash-'));
    await writeFile(join(folder, 'slow.tar.gz'), await slowTarball(2_000));
  });
  afterEach(async () => {
    await service.end('SIGTERM'); // which stops its database, too
    await rm(folder, { recursive: true, force: true });
  });

  const start = (more: Record<string, string> = {}) =>
    ServiceProcess.start(join(folder, 'data'), { PLIMSOLL_IMPORT_DIRS: folder, ...more });

  async function startedScan(): Promise<string> {
    const { id } = await service.request('POST', '/v1/scans', {
      target: { kind: 'image', reference: `rootfs:${folder}/slow.tar.gz` },
    });
    for (;;) {
      const scan = await service.request('GET', `/v1/scans/${id}`);
      if (scan.status === 'running' && scan.progress.percent > 0) return id;
      if (scan.finishedAt) throw new Error(`the scan ended before it could be interrupted: ${JSON.stringify(scan)}`);
      await sleep(20);
    }
  }

  async function ended(id: string) {
    for (;;) {
      const scan = await service.request('GET', `/v1/scans/${id}`);
      if (scan.finishedAt) return scan;
      await sleep(50);
    }
  }

  async function eventTypes(id: string): Promise<string[]> {
    await sleep(1_000); // the sequencer runs every fifth of a second
    const { items } = await service.request('GET', '/v1/events?limit=500');
    return items.filter((e: { scanId: string }) => e.scanId === id).map((e: { type: string }) => e.type);
  }

  it('is started again after kill -9, and its scan ends once', async () => {
    service = await start();
    const id = await startedScan();
    await service.end('SIGKILL');
    service = await start();
    const scan = await ended(id);
    expect(scan).toMatchObject({ status: 'partial', error: null }); // no advisories were imported
    expect(await eventTypes(id)).toEqual(['scan.created', 'scan.started', 'scan.finished']);
    const { items } = await service.request('GET', `/v1/scans/${id}/packages`);
    expect(items.map((p: { name: string }) => p.name)).toEqual(['musl']);
    expect(await service.end('SIGTERM')).toBe(0);
  });

  it('goes on with a sync of advisories after kill -9', async () => {
    const records = Array.from({ length: 20_000 }, (_, i) =>
      alpineAdvisory(`CVE-2024-${i + 1_000}`, `lib${i}`, '2.0-r0'),
    );
    await writeOsvMirror(join(folder, 'mirror'), { Alpine: records });
    const more = { PLIMSOLL_OSV_SOURCE: join(folder, 'mirror') };
    service = await start(more);
    await service.request('POST', '/v1/feeds/osv/sync');
    const feed = () => service.request('GET', '/v1/feeds/osv');
    while ((await feed()).progress.imported === 0) await sleep(5);
    await service.end('SIGKILL');
    service = await start(more);
    while ((await feed()).status === 'running') await sleep(50);
    expect(await feed()).toMatchObject({ status: 'idle', lastError: null, records: 20_000 });
  });

  it('ends in order on SIGTERM, and what was running goes on at the next start', async () => {
    service = await start();
    const id = await startedScan();
    expect(await service.end('SIGTERM')).toBe(0);
    expect(service.output).toMatch(/scan finished|scan handed back/);
    expect(service.output).not.toMatch(/"level":"(warn|error|fatal)"/);
    service = await start();
    expect(await ended(id)).toMatchObject({ status: 'partial', error: null });
    expect(await eventTypes(id)).toEqual(['scan.created', 'scan.started', 'scan.finished']);
  });
});
