import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CveScore, ScoreStore } from '../../src/store/score.store.js';
import { openStores, type Stores } from './stores.js';

async function* stream(records: Iterable<CveScore>): AsyncGenerator<CveScore> {
  yield* records;
}

const version = (digest: string) => ({ etag: null, lastModified: null, digest });
const rating = (score: number) => [{ version: '3.1', vector: 'CVSS:3.1/AV:N', score, source: 'nvd@nist.gov' }];

describe('the store of scores', () => {
  let stores: Stores;
  let scores: ScoreStore;
  beforeAll(async () => {
    stores = await openStores();
    scores = new ScoreStore(stores.database);
  });
  afterAll(() => stores.close());

  const load = (
    feed: 'nvd' | 'kev' | 'epss',
    records: Iterable<CveScore>,
    { digest = '1', isWhole = true, rejected = 0, rejectedIds = [] as string[], part = 'all' } = {},
  ) =>
    scores.import(feed, part, stream(records), {
      version: version(digest),
      isWhole,
      rejected: () => rejected,
      rejectedIds: () => rejectedIds,
    });

  const epss = (id: string, probability: number, date = '2026-11-23') => ({
    id,
    epss: { probability, percentile: 0.5, date },
  });

  it('puts together what the feeds say of a CVE', async () => {
    await load('nvd', [{ id: 'CVE-2024-1000', cvss: rating(9.8) }]);
    await load('kev', [{ id: 'CVE-2024-1000', kev: { dateAdded: '2024-01-01', dueDate: null, ransomware: true } }]);
    await load('epss', [epss('CVE-2024-1000', 0.9), epss('CVE-2024-1001', 0.1)]);
    expect(await scores.find(['CVE-2024-1000', 'CVE-2024-1001', 'CVE-2024-9999', 'CVE-2024-1000'])).toEqual(
      new Map([
        [
          'CVE-2024-1000',
          {
            cvss: rating(9.8),
            epss: { probability: 0.9, percentile: 0.5, date: '2026-11-23' },
            kev: { dateAdded: '2024-01-01', dueDate: null, ransomware: true },
          },
        ],
        ['CVE-2024-1001', { cvss: [], epss: { probability: 0.1, percentile: 0.5, date: '2026-11-23' }, kev: null }],
      ]),
    );
    expect(await scores.find([])).toEqual(new Map());
  });

  it('writes what changed alone, though all are of another day', async () => {
    const result = await load('epss', [
      epss('CVE-2024-1000', 0.9, '2026-11-24'),
      epss('CVE-2024-1001', 0.2, '2026-11-24'),
    ]);
    expect(result).toEqual({ records: 2, changed: 1, deleted: 0 });
    expect((await scores.find(['CVE-2024-1000'])).get('CVE-2024-1000')?.epss).toMatchObject({ date: '2026-11-24' });
  });

  it('follows changes without the others, and forgets a rating that is no more', async () => {
    const cves = Array.from({ length: 20 }, (_, i) => ({ id: `CVE-2020-${1000 + i}`, cvss: rating(5) }));
    await load('nvd', cves);
    const changes = [
      { id: 'CVE-2020-1000', cvss: rating(7) },
      { id: 'CVE-2020-1001', cvss: [] },
    ];
    expect(await load('nvd', changes, { isWhole: false, digest: '2' })).toEqual({
      records: 19,
      changed: 1,
      deleted: 1,
    });
    expect(await scores.find(['CVE-2020-1001'])).toEqual(new Map());
    expect((await scores.find(['CVE-2020-1000'])).get('CVE-2020-1000')?.cvss).toEqual(rating(7));
  });

  it('keeps the old ones when half are gone, or most have another form; and one that is rejected', async () => {
    const cves = Array.from({ length: 20 }, (_, i) => ({ id: `CVE-2020-${1000 + i}`, cvss: rating(5) }));
    await load('nvd', cves);
    await expect(load('nvd', cves.slice(10))).rejects.toMatchObject({ code: 'feed_shrank' });
    await expect(load('nvd', [])).rejects.toMatchObject({ code: 'feed_shrank' });
    await expect(load('nvd', cves, { rejected: 21 })).rejects.toMatchObject({ code: 'feed_source_invalid' });
    expect(await load('nvd', cves.slice(2), { rejected: 1, rejectedIds: ['CVE-2020-1000'] })).toMatchObject({
      records: 19,
      deleted: 1,
    });
  });

  it('keeps a score where it is when another part has it now, and that part can go', async () => {
    const cves = Array.from({ length: 20 }, (_, i) => ({ id: `CVE-2020-${1000 + i}`, cvss: rating(5) }));
    await load('nvd', cves, { part: '2020' });
    await stores.feeds.removeParts('nvd', ['all']);
    expect(await scores.find(cves.map(({ id }) => id))).toHaveProperty('size', 20);
    await expect(stores.feeds.removeParts('nvd', ['2020'])).rejects.toMatchObject({ code: 'feed_shrank' });
  });

  it('takes a day of EPSS in seconds', async () => {
    const day = function* (shift: number, date: string) {
      for (let i = 0; i < 300_000; i += 1) {
        const percentile = ((i + shift) % 100_000) / 100_000;
        yield { id: `CVE-2024-${10_000 + i}`, epss: { probability: 0.01, percentile, date } };
      }
    };
    const timed = async (work: Promise<unknown>) => {
      const began = performance.now();
      const result = await work;
      return { seconds: (performance.now() - began) / 1000, result };
    };
    const first = await timed(load('epss', day(0, '2026-11-25')));
    const same = await timed(load('epss', day(0, '2026-11-26')));
    const other = await timed(load('epss', day(1, '2026-11-27')));
    expect([same.result, other.result]).toMatchObject([{ changed: 0 }, { changed: 300_000 }]);
    console.info(
      `300,000 scores: new ${first.seconds.toFixed(1)} s, same ${same.seconds.toFixed(1)} s, changed ${other.seconds.toFixed(1)} s`,
    );
    expect(Math.max(first.seconds, other.seconds)).toBeLessThan(60);
  }, 120_000);
});
