import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FeedServer } from '../support/feed-server.js';
import { startTestApp, type TestApp } from './app.js';

/** A release's file: CVEs that a package of it has no fix for. */
function oval(product: string, cves: readonly string[]): Buffer {
  const definitions = cves.map(
    (cve, i) => `<definition id="d${i}" class="vulnerability"><metadata><title>${cve}</title>
      <advisory from="security@suse.de"><severity>Moderate</severity><cve href="https://www.suse.com/security/cve/${cve}/">${cve}</cve></advisory></metadata>
      <criteria operator="AND"><criterion test_ref="p" comment="${product} is installed"/>
        <criterion test_ref="t" comment="a is not fixed"/></criteria></definition>`,
  );
  return gzipSync(`<oval_definitions><definitions>${definitions.join('')}</definitions>
    <tests><rpminfo_test id="t"><object object_ref="o"/><state state_ref="s"/></rpminfo_test></tests>
    <objects><rpminfo_object id="o"><name>a</name></rpminfo_object></objects>
    <states><rpminfo_state id="s"><evr operation="greater than">0:0-0</evr></rpminfo_state></states></oval_definitions>`);
}

const SLES = 'suse.linux.enterprise.server.15';
const MICRO = 'suse.linux.enterprise.micro.5.5';
const LEAP = 'opensuse.leap.15.6';

describe.each(['folder', 'server'] as const)("a %s that lacks files of some of SUSE's releases", (kind) => {
  let service: TestApp;
  let server: FeedServer;
  let folder: string;

  beforeAll(async () => {
    server = await FeedServer.start();
    folder = await mkdtemp(join(tmpdir(), 'plimsoll-suse-'));
    service = await startTestApp({ suseSource: kind === 'folder' ? folder : server.url });
    await put(SLES, oval('SUSE Linux Enterprise Server 15 SP5', ['CVE-2024-1001']));
    await put(MICRO, oval('SUSE Linux Enterprise Micro 5.5', ['CVE-2024-1001', 'CVE-2024-1002']));
    await put(LEAP, oval('openSUSE Leap 15.6', ['CVE-2024-1001']));
  });
  afterAll(async () => {
    await service.close();
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function put(release: string, content: Buffer | null) {
    const name = `${release}-affected.xml.gz`;
    if (content === null) {
      server.files.delete(`/${name}`);
      await rm(join(folder, name));
    } else {
      server.files.set(`/${name}`, content);
      await writeFile(join(folder, name), content);
    }
  }

  async function parts(): Promise<Record<string, { records: number; error: string | null }>> {
    const { body } = await service.request('GET', '/v1/feeds/suse');
    return Object.fromEntries(
      body.parts.map(
        ({ part, records, lastError }: { part: string; records: number; lastError: { message: string } | null }) => [
          part,
          { records, error: lastError?.message ?? null },
        ],
      ),
    );
  }

  it('brings in those that it has, wherever in the list they are', async () => {
    expect(await service.sync('suse')).toMatchObject({ status: 'failed', records: 4 });
    expect(await parts()).toEqual({
      [LEAP]: { records: 1, error: null },
      [MICRO]: { records: 2, error: null },
      [SLES]: { records: 1, error: null },
    });
  });

  it('keeps what is known of a release whose file is gone, tells it of that part, and brings in the rest', async () => {
    await put(MICRO, null);
    await put(LEAP, oval('openSUSE Leap 15.6', ['CVE-2024-1001', 'CVE-2024-1003']));
    const feed = await service.sync('suse');
    expect(feed.status).toBe('failed');
    expect(feed.lastError.message).toContain(MICRO);
    expect(await parts()).toEqual({
      [LEAP]: { records: 2, error: null },
      [MICRO]: { records: 2, error: expect.stringContaining(MICRO) },
      [SLES]: { records: 1, error: null },
    });
  });
});
