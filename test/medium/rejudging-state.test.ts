import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MATCHER_VERSION } from '../../src/engine/matcher/matcher-version.js';
import { advisoryNamesOf } from '../../src/engine/matcher/subject.js';
import { Fleet, npmPackage, npmRecord } from './fleet.js';
import { openStores, PRINCIPAL, type Stores } from './stores.js';

Logger.overrideLogger(false);

const OLDER = MATCHER_VERSION - 1;

describe('what is judged again', () => {
  let stores: Stores;
  let fleet: Fleet;
  beforeEach(async () => {
    stores = await openStores();
    fleet = new Fleet(stores);
    await stores.rejudgingState.adoptMatcher(OLDER);
    await fleet.publish('npm', [npmRecord('GHSA-1', 'left', '2.0.0')]);
    await fleet.scan('a', [npmPackage('left', '1.0.0'), npmPackage('right', '1.0.0')]);
  });
  afterEach(() => stores.close());

  /** As rules of before would have found it: nothing. */
  async function forgetMatches() {
    await stores.database.query(`UPDATE package_match SET status = 'not_affected', version = version + 1`);
    await stores.database.query(`UPDATE finding SET status = 'fixed', closed_at = now()`);
  }
  const rules = async () => (await fleet.open('a')).map(({ ruleId }) => ruleId);
  const upTo = async () => (await stores.targets.judgedUpTo(PRINCIPAL.projectId))?.getTime() ?? null;

  it('is every stored package, once the service starts with other rules', async () => {
    await forgetMatches();
    await fleet.rejudger.run();
    expect(await rules()).toEqual([]);
    await stores.rejudgingState.adoptMatcher(MATCHER_VERSION);
    expect(await stores.rejudging.waiting()).toBe(`matcher-${MATCHER_VERSION}`);
    await fleet.rejudger.run();
    expect(await rules()).toEqual(['GHSA-1']);
    expect(await stores.rejudging.waiting()).toBeNull();
  });

  it('is nothing where it starts with the same rules', async () => {
    await stores.rejudgingState.adoptMatcher(OLDER);
    expect(await stores.rejudging.waiting()).toBeNull();
  });

  it('is what was not done yet, wherever a pass stopped', async () => {
    await forgetMatches();
    await stores.rejudgingState.adoptMatcher(MATCHER_VERSION);
    await stores.rejudgingState.notePackages(MATCHER_VERSION, advisoryNamesOf);
    // The worker dies here; another one starts.
    await stores.rejudgingState.adoptMatcher(MATCHER_VERSION);
    expect(await stores.rejudging.waiting()).toMatch(/^change-/);
    await fleet.rejudger.run();
    expect(await rules()).toEqual(['GHSA-1']);
  });

  it('has the names that the new rules ask for', async () => {
    await stores.database.query('DELETE FROM package_name');
    await stores.rejudgingState.adoptMatcher(MATCHER_VERSION);
    await fleet.rejudger.run();
    await fleet.change('npm', [npmRecord('GHSA-1', 'left', '2.0.0'), npmRecord('GHSA-2', 'right', '2.0.0')]);
    expect(await rules()).toEqual(expect.arrayContaining(['GHSA-1', 'GHSA-2']));
  });

  it('is left to the workers that have the new rules', async () => {
    await stores.rejudgingState.adoptMatcher(MATCHER_VERSION + 1);
    await fleet.rejudger.run();
    expect(await stores.rejudging.waiting()).toBe(`matcher-${MATCHER_VERSION + 1}`);
    await fleet.change('npm', [npmRecord('GHSA-1', 'left', '2.0.0'), npmRecord('GHSA-2', 'right', '2.0.0')]);
    expect(await rules()).toEqual(['GHSA-1']);
  });

  it('keeps findings behind from the time that it was noted until targets are told', async () => {
    await stores.rejudgingState.adoptMatcher(MATCHER_VERSION);
    await fleet.rejudger.run();
    const before = await upTo();
    await fleet.publish('npm', [npmRecord('GHSA-1', 'left', '2.0.0'), npmRecord('GHSA-2', 'right', '2.0.0')]);
    const noted = await upTo();
    expect(noted).toBeGreaterThanOrEqual(before ?? Number.NaN);
    expect(await upTo()).toBe(noted);
    // More that comes in meanwhile does not make it look fresher.
    await fleet.publish('npm', [npmRecord('GHSA-1', 'left', '3.0.0')]);
    expect(await upTo()).toBe(noted);
    await fleet.rejudger.run();
    expect(await upTo()).toBeGreaterThan(noted ?? Number.NaN);
  });

  it('is not behind with what concerns no stored package', async () => {
    await stores.rejudgingState.adoptMatcher(MATCHER_VERSION);
    await fleet.rejudger.run();
    await fleet.publish('npm', [npmRecord('GHSA-1', 'left', '2.0.0'), npmRecord('GHSA-3', 'elsewhere', '2.0.0')]);
    const first = await upTo();
    expect(await stores.rejudging.waiting()).toBeNull();
    expect(await upTo()).toBeGreaterThan(first ?? Number.NaN);
  });

  it('is everything that a target holds, when it is asked for', async () => {
    await stores.rejudgingState.adoptMatcher(MATCHER_VERSION);
    await fleet.rejudger.run();
    await forgetMatches();
    const { items } = await stores.targets.list(PRINCIPAL.projectId, {}, { limit: 1, cursor: null });
    expect(await stores.rejudgingState.noteTarget(PRINCIPAL.projectId, items[0]?.id ?? '')).toBe(true);
    await fleet.rejudger.run();
    expect(await rules()).toEqual(['GHSA-1']);
  });
});
