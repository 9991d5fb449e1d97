import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { judgeEndOfLife } from '../../src/engine/end-of-life/judge-end-of-life.js';
import { openEndOfLifeSource } from '../../src/feed/endoflife/open-endoflife-source.js';
import type { ProductLifecycle } from '../../src/model/lifecycle.js';
import { LifecycleStore } from '../../src/store/lifecycle.store.js';
import { openStores, type Stores } from './stores.js';

const TARBALL = resolve('..', 'shared', 'data', 'advisories', 'endoflife.date.tar.gz');
const isThere = existsSync(TARBALL);
if (!isThere) console.info(`skipped: the products of endoflife.date are not in ${TARBALL}`);

const NOW = new Date('2026-11-24T12:00:00Z');

let stores: Stores;
let lifecycles: LifecycleStore;
beforeAll(async () => {
  stores = await openStores();
  lifecycles = new LifecycleStore(stores.database);
});
afterAll(() => stores.close());

async function syncNow(): Promise<void> {
  const run = { feed: 'endoflife' as const, run: (await stores.feeds.begin('endoflife')) ?? 0 };
  await stores.feeds.succeed(run, { percent: 100, part: null, imported: 0, rejected: 0, skipped: 0 });
}

describe('the store of products', () => {
  afterEach(() => stores.database.query('TRUNCATE product_lifecycle'));

  const product = (name: string, day = '2030-01-01'): ProductLifecycle => ({
    name,
    label: name,
    extendedLabel: null,
    cycles: [{ name: '1', codename: null, end: { on: day, over: false }, extendedEnd: null }],
  });
  const load = (products: ProductLifecycle[], rejected: string[] = []) =>
    lifecycles.import('products', { etag: null, digest: '1' }, products, rejected);
  const known = async (...names: string[]) => (await lifecycles.find(names)).products.map(({ name }) => name);

  it('is what the source says: new, changed and gone ones; and what could not be read stays', async () => {
    expect(await load([product('a'), product('b'), product('c')])).toEqual({ records: 3, changed: 3, deleted: 0 });
    expect(await load([product('a'), product('b', '2031-01-01')], ['c'])).toEqual({
      records: 3,
      changed: 1,
      deleted: 0,
    });
    expect(await known('a', 'b', 'c', 'd')).toEqual(['a', 'b', 'c']);
    expect((await lifecycles.find(['b'])).products[0]?.cycles[0]?.end.on).toBe('2031-01-01');
    expect(await load([product('a')])).toEqual({ records: 1, changed: 0, deleted: 2 });
    expect(await stores.feeds.get('endoflife')).toMatchObject({ records: 1 });
  });

  it('does not believe a source that lost half of its products', async () => {
    const many = Array.from({ length: 30 }, (_, i) => product(`p${i}`));
    await load(many);
    await expect(load(many.slice(0, 10))).rejects.toMatchObject({ code: 'feed_shrank' });
    expect(await known(...many.map(({ name }) => name))).toHaveLength(30);
  });

  it('says when the feed last came in', async () => {
    expect((await lifecycles.find([])).syncedAt).toBeNull();
    await syncNow();
    expect((await lifecycles.find([])).syncedAt).toBeInstanceOf(Date);
  });
});

describe.skipIf(!isThere)('the products of endoflife.date', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plimsoll-eol-'));
    execFileSync('tar', ['-xzf', TARBALL, '-C', folder]);
    const source = openEndOfLifeSource(join(folder, 'endoflife.date'));
    const read = await source.read(null, () => {}, AbortSignal.timeout(60_000));
    if (read.unchanged) throw new Error('nothing was there before');
    expect(read.rejected).toEqual([]);
    expect(read.products.length).toBeGreaterThan(450);
    await lifecycles.import('products', { etag: null, digest: read.digest }, read.products, []);
    await syncNow();
    const stored = { etag: null, digest: read.digest };
    expect(await source.read(stored, () => {}, AbortSignal.timeout(60_000))).toEqual({ unchanged: true });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each([
    ['alpine', '3.10.4', 'Alpine Linux 3.10 has had no support since 2021-05-01.'],
    ['alpine', '3.24.1', 'Alpine Linux 3.24 is supported until 2028-06-01.'],
    ['debian', '11', 'Debian 11 (Bullseye) has had no support since 2026-08-31 (Debian LTS).'],
    ['debian', '12', 'Debian 12 (Bookworm) is supported until 2028-06-30 (Debian LTS).'],
    ['ubuntu', '25.10', 'Ubuntu 25.10 (Questing Quokka) has had no support since 2026-07-01.'],
    ['ubuntu', '26.04', 'Ubuntu 26.04 (Resolute Raccoon) is supported until 2031-04-30.'],
    ['rhel', '8.10', 'Red Hat Enterprise Linux 8 is supported until 2029-05-31.'],
    [
      'ol',
      '7.9',
      'Oracle Linux 7 has had no support since 2024-12-31. Who has bought Extended Support gets fixes until 2028-06-30.',
    ],
    ['ol', '10.1', 'Oracle Linux 10 is supported, without an end that is known.'],
    ['rocky', '8.9', 'Rocky Linux 8 is supported until 2029-05-31.'],
    ['amzn', '2', 'Amazon Linux 2 has had no support since 2026-06-30.'],
    ['fedora', '42', 'Fedora Linux 42 (Adams) has had no support since 2026-05-27.'],
    ['opensuse-leap', '15.6', 'openSUSE 15.6 has had no support since 2026-04-30.'],
    ['photon', '5.0', 'VMware Photon 5.0 is supported, without an end that is known.'],
    ['centos', '7', 'CentOS 7 has had no support since 2024-06-30.'],
    ['centos', '9', 'CentOS Stream 9 is supported until 2027-05-31.'],
  ])('say of %s %s: %s', async (id, versionId, reason) => {
    const distribution = { id, versionId, codename: null, prettyName: null };
    const { support } = await judgeEndOfLife({ distribution, packages: [] }, lifecycles, NOW, true);
    expect(support.reason).toBe(reason);
  });

  it('know every distribution that has releases', async () => {
    const ids: [string, string][] = [
      ['almalinux', '9.8'],
      ['devuan', '5'],
      ['eurolinux', '9.2'],
      ['linuxmint', '22.1'],
      ['mageia', '9'],
      ['nixos', '25.05'],
      ['openwrt', '24.10'],
      ['postmarketos', 'v25.06'],
      ['slackware', '15.0'],
      ['sl-micro', '6.1'],
      ['sles', '15.6'],
      ['steamos', '3.7'],
    ];
    for (const [id, versionId] of ids) {
      const distribution = { id, versionId, codename: null, prettyName: null };
      const { support } = await judgeEndOfLife({ distribution, packages: [] }, lifecycles, NOW, true);
      expect([id, support.status]).toEqual([id, expect.stringMatching(/^(?:supported|ended)$/)]);
    }
  });
});
