import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Config } from '../../src/config/config.js';
import { FEED_NAMES, type FeedName } from '../../src/model/feed.js';
import { FeedServer } from '../support/feed-server.js';
import { writeFiles } from '../support/image.js';
import type { Vendor } from '../support/vendor.js';
import { REDHAT } from '../support/vendor-redhat.js';
import { DEB_AND_APK_VENDORS } from '../support/vendors-deb-apk.js';
import { OVAL_VENDORS } from '../support/vendors-oval.js';
import { OTHER_VENDORS } from '../support/vendors-scores.js';
import { UPDATEINFO_VENDORS } from '../support/vendors-updateinfo.js';
import { startTestApp, type TestApp } from './app.js';

const VENDORS: readonly Vendor[] = [
  ...DEB_AND_APK_VENDORS,
  REDHAT,
  ...UPDATEINFO_VENDORS,
  ...OVAL_VENDORS,
  ...OTHER_VENDORS,
];

const SOURCES = ['debian', 'alpine', 'wolfi', 'chainguard', 'redhat', 'amazon', 'oracle', 'suse', 'rocky'] as const;

function configOf(sourceOf: (feed: FeedName) => string): Partial<Config> {
  const config: Partial<Config> = {
    osvSource: sourceOf('osv'),
    endOfLifeSource: sourceOf('endoflife'),
    almalinuxSource: sourceOf('almalinux'),
    nvdSource: sourceOf('nvd'),
    kevSource: sourceOf('kev'),
    epssSource: sourceOf('epss'),
  };
  for (const feed of SOURCES) config[`${feed}Source`] = sourceOf(feed);
  return config;
}

/** Index pages of folders, as web servers make them. */
function indexes(mirror: Vendor['mirror']): Map<string, string> {
  const folders = new Map<string, Set<string>>();
  for (const path of Object.keys(mirror)) {
    const names = path.split('/');
    for (const [depth, name] of names.entries()) {
      const folder = names
        .slice(0, depth)
        .map((one) => `${one}/`)
        .join('');
      const entries = folders.get(folder) ?? new Set();
      folders.set(folder, entries.add(depth < names.length - 1 ? `${name}/` : name));
    }
  }
  return new Map(
    [...folders].map(([folder, names]) => [
      folder,
      `<html><a href="../">../</a>${[...names].map((name) => `<a href="${name}">${name}</a>`).join('\n')}</html>`,
    ]),
  );
}

interface FoundVulnerability {
  ruleId: string;
  status: string;
  fixState: string;
  fixedVersion: string | null;
  severity: string;
  severitySource: string | null;
  package: { name: string };
}

it('are all there are', () => {
  expect(VENDORS.map(({ feed }) => feed).sort()).toEqual([...FEED_NAMES].sort());
});

describe.each(['a server', 'a folder'] as const)('feeds of %s', (kind) => {
  let server: FeedServer;
  let folder: string;
  let service: TestApp;
  beforeAll(async () => {
    server = await FeedServer.start();
    folder = await mkdtemp(join(tmpdir(), 'plimsoll-vendors-'));
    for (const { feed, mirror } of VENDORS) {
      await writeFiles(join(folder, feed), mirror);
      for (const [path, content] of Object.entries(mirror)) server.files.set(`/${feed}/${path}`, content);
      for (const [path, page] of indexes(mirror)) server.files.set(`/${feed}/${path}`, page);
    }
    service = await startTestApp(
      configOf((feed) => (kind === 'a server' ? `${server.url}/${feed}` : join(folder, feed))),
    );
  });
  afterAll(async () => {
    await service.close();
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  it.each(VENDORS)('come in whole from $feed, and are left alone while they stay the same', async ({ feed, parts }) => {
    expect(await service.sync(feed)).toMatchObject({ status: 'idle', lastError: null, rejected: 0 });
    const { body } = await service.request('GET', `/v1/feeds/${feed}`);
    const records = Object.values(parts).reduce((sum, count) => sum + count, 0);
    expect(body).toMatchObject({ records, ageSeconds: expect.any(Number), progress: { percent: 100 } });
    expect(Object.fromEntries(body.parts.map((p: { part: string; records: number }) => [p.part, p.records]))).toEqual(
      parts,
    );
    const again = await service.sync(feed);
    expect(again).toMatchObject({ status: 'idle', records, progress: { imported: 0 } });
    expect(again.progress.skipped).toBe(Object.keys(parts).length);
  });

  it.each(VENDORS.flatMap(({ systems }) => Object.entries(systems)))(
    'say what is vulnerable in %s, and nothing else',
    async (name, { files, expected }) => {
      const root = join(service.importDir, name.replaceAll(' ', '-'));
      await writeFiles(root, files);
      const scan = await service.scan(`rootfs:${root}`);
      expect(scan.error).toBeNull();
      const { body } = await service.request('GET', `/v1/scans/${scan.id}/findings?kind=vulnerability&limit=500`);
      const found = body.items.map(
        (f: FoundVulnerability) =>
          `${f.package.name} ${f.ruleId}: ${f.status} ${f.fixState} ${f.fixedVersion}, ${f.severity} by ${f.severitySource}`,
      );
      expect(found.sort()).toEqual(expected);
    },
  );
});
