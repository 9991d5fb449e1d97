import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MATCHER_VERSION } from '../../src/engine/matcher/matcher-version.js';
import { Fleet, npmPackage, npmRecord } from './fleet.js';
import { claimedScan, openStores, type Stores } from './stores.js';

Logger.overrideLogger(false);

const UNRELATED = npmRecord('GHSA-0', 'unrelated', null);
const LEFT = npmRecord('GHSA-1', 'left', '2.0.0');

describe('judging again while', () => {
  let stores: Stores;
  let fleet: Fleet;
  beforeEach(async () => {
    stores = await openStores();
    fleet = new Fleet(stores);
    await fleet.publish('npm', [UNRELATED]);
  });
  afterEach(() => stores.close());

  const rules = async (reference: string) => (await fleet.open(reference)).map(({ ruleId }) => ruleId);

  it.each(['a package that is known', 'a package that is new'])(
    'a scan of %s, judged before the advisories came, is stored: its target is judged by them',
    async (which) => {
      if (which === 'a package that is known') await fleet.scan('known', [npmPackage('left', '1.0.0')]);
      const claim = await claimedScan(stores, 'scanned');
      let publishing: Promise<void> | null = null;
      const done: string[] = [];
      const stored = stores.results.store(claim, async () => {
        const judged = await fleet.judge([npmPackage('left', '1.0.0')]);
        expect(judged.judgements).toEqual([]);
        publishing = fleet.change('npm', [UNRELATED, LEFT]).then(() => void done.push('published'));
        await sleep(300);
        done.push('judged');
        return judged;
      });
      expect(await stored).toBe(true);
      await publishing;
      expect(done).toEqual(['judged', 'published']);
      expect(await rules('scanned')).toEqual(['GHSA-1']);
    },
  );

  it('a scan stores what a pass has not come to yet: the others are told of it', async () => {
    await fleet.scan('other', [npmPackage('left', '1.0.0')]);
    await fleet.publish('npm', [UNRELATED, LEFT]);
    await fleet.scan('scanned', [npmPackage('left', '1.0.0')]);
    expect([await rules('scanned'), await rules('other')]).toEqual([['GHSA-1'], []]);
    await fleet.rejudger.run();
    expect(await rules('other')).toEqual(['GHSA-1']);
    const opened = (await fleet.news()).filter(({ type }) => type === 'finding.opened');
    expect(opened.map(({ reference, scan }) => [reference, scan])).toEqual([
      ['other', false],
      ['scanned', true],
    ]);
  });

  it('a target moves to facts without the package: the finding does not come back', async () => {
    await fleet.scan('moves', [npmPackage('left', '1.0.0')]);
    await fleet.publish('npm', [UNRELATED, LEFT]);
    await stores.rejudging.judgeChanged(MATCHER_VERSION, async (packages) => {
      const { judgements } = await fleet.judge(packages);
      return {
        judged: judgements.map((judgement) => ({ packageId: packages[0]?.id ?? '', judgement })),
        gaps: [],
        undecided: [],
      };
    });
    await fleet.scan('moves', [npmPackage('left', '2.0.0')]);
    await fleet.rejudger.run();
    expect(await rules('moves')).toEqual([]);
  });

  it('many scans and imports come at once: all end, and every target has what applies', {
    timeout: 60_000,
  }, async () => {
    const references = Array.from({ length: 12 }, (_, i) => `image-${i}`);
    const packages = Array.from({ length: 20 }, (_, i) => npmPackage(`p${i}`, '1.0.0'));
    const advisories = (count: number) =>
      packages.slice(0, count).map(({ name }, i) => npmRecord(`GHSA-${i + 1}`, name, null));
    await Promise.all([
      ...references.map((reference) => fleet.scan(reference, packages)),
      (async () => {
        for (const count of [8, 16, 9, 20, 10]) await fleet.change('npm', [UNRELATED, ...advisories(count)]);
      })(),
      ...references.map(async (reference, i) => {
        await sleep(i * 20);
        await fleet.scan(reference, packages.slice(i % 3));
      }),
    ]);
    while ((await stores.rejudging.waiting()) !== null) await fleet.rejudger.run();
    const differing = await stores.database.query(
      `SELECT t.reference, held.rules, found.rules FROM target t
       CROSS JOIN LATERAL (SELECT array_agg(m.rule_id ORDER BY m.rule_id) AS rules FROM inventory_package i
         JOIN package_match m ON m.package_id = i.package_id AND m.status <> 'not_affected'
         WHERE i.inventory_id = t.inventory_id) held
       CROSS JOIN LATERAL (SELECT array_agg(rule_id ORDER BY rule_id) AS rules FROM finding
         WHERE target_id = t.id AND status <> 'fixed') found
       WHERE held.rules IS DISTINCT FROM found.rules`,
    );
    expect(differing).toEqual([]);
    const { judgements } = await fleet.judge(packages);
    expect(judgements).toHaveLength(10);
    for (const reference of references) expect((await rules(reference)).length).toBeGreaterThanOrEqual(8);
  });

  it('another pass runs: the second does nothing, and the first does all', async () => {
    await fleet.scan('a', [npmPackage('left', '1.0.0')]);
    await fleet.publish('npm', [UNRELATED, LEFT]);
    await Promise.all([fleet.rejudger.run(), fleet.rejudger.run(), fleet.rejudger.run()]);
    expect((await fleet.news()).map(({ type, reference }) => [type, reference])).toEqual([['finding.opened', 'a']]);
  });

  it.each(['judging', 'telling'])(
    'it dies while %s: the next pass does what is left, and tells nothing twice',
    async (step) => {
      const references = Array.from({ length: 6 }, (_, i) => `image-${i}`);
      for (const reference of references)
        await fleet.scan(reference, [npmPackage('left', '1.0.0'), npmPackage('right', '1.0.0')]);
      await fleet.news();
      await fleet.publish('npm', [UNRELATED, LEFT, npmRecord('GHSA-2', 'right', null)]);
      // The server ends the connections, as it does when a process is killed, once the step writes.
      const table = step === 'judging' ? 'package_match' : 'outbox';
      await stores.database.query(`
      CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF '${step}' = 'judging' OR (SELECT count(*) FROM finding) > 2 THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF;
        RETURN NULL; END $$;
      CREATE TRIGGER die AFTER INSERT ON ${table} FOR EACH STATEMENT EXECUTE FUNCTION die()`);
      await expect(fleet.rejudger.run()).rejects.toThrow();
      await stores.database.query(`DROP TRIGGER die ON ${table}`);
      expect(await stores.rejudging.waiting()).not.toBeNull();
      await fleet.rejudger.run();
      const news = await fleet.news();
      expect(news.map(({ type, ruleId, reference }) => [type, reference, ruleId])).toEqual(
        references.flatMap((reference) => ['GHSA-1', 'GHSA-2'].map((rule) => ['finding.opened', reference, rule])),
      );
      expect(await stores.rejudging.waiting()).toBeNull();
    },
  );
});
