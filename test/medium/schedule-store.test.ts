import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ScheduleSettings, ScheduleStore } from '../../src/store/schedule.store.js';
import { uuidv7 } from '../../src/store/uuid.js';
import { newScan, openStores, PRINCIPAL, type Stores } from './stores.js';

const START = new Date('2026-03-01T00:00:00Z');
const at = (hours: number) => new Date(START.getTime() + hours * 3_600_000);

const HOURLY: ScheduleSettings = {
  name: 'hourly',
  cron: null,
  intervalSeconds: 3_600,
  timeZone: 'UTC',
  jitterSeconds: 0,
  targetId: null,
  labels: { team: 'a' },
  repository: null,
  tagPattern: null,
  options: {},
  paused: false,
};

describe('the store of schedules', () => {
  let stores: Stores;
  let schedules: ScheduleStore;
  let targetId: string;

  beforeAll(async () => {
    stores = await openStores();
    schedules = new ScheduleStore(stores.database);
    for (const [path, labels] of [
      ['/a', { team: 'a', tier: '1' }],
      ['/b', { team: 'a' }],
      ['/c', { team: 'c' }],
    ] as const) {
      const { scan } = await stores.scans.create(PRINCIPAL, { ...newScan(`rootfs:${path}`), labels }, null);
      targetId = scan.target.id;
    }
  });
  beforeEach(async () => {
    await stores.database.query('DELETE FROM schedule');
    await stores.database.query(`UPDATE scan SET status = 'failed'`);
  });
  afterAll(() => stores.close());

  const create = (more: Partial<ScheduleSettings> = {}) =>
    schedules.create(PRINCIPAL, uuidv7(), { ...HOURLY, ...more }, START);
  const scheduled = () => stores.database.query(`SELECT id FROM scan WHERE trigger = 'schedule' AND status = 'queued'`);

  it('runs a schedule that is due once, however many workers look for one', async () => {
    const { id } = await create();
    expect(await schedules.runDue(at(0.9))).toBeNull();
    const runs = await Promise.all(Array.from({ length: 8 }, () => schedules.runDue(at(1))));
    expect(runs.filter((run) => run !== null)).toHaveLength(1);
    expect(await scheduled()).toHaveLength(2);
    const { items } = await schedules.runs(PRINCIPAL.projectId, id, { limit: 10, cursor: null });
    expect(items).toMatchObject([{ reason: 'due', nominalAt: at(1), scans: [{}, {}], skipped: [] }]);
    expect((await schedules.get(PRINCIPAL.projectId, id)).nextRunAt).toEqual(at(2));
  });

  it('makes up once for all runs that were missed', async () => {
    await create();
    expect((await schedules.runDue(at(100.5)))?.run).toMatchObject({ reason: 'missed', nominalAt: at(1) });
    expect(await schedules.runDue(at(100.5))).toBeNull();
    expect((await schedules.runDue(at(101)))?.run).toMatchObject({ reason: 'due', nominalAt: at(101) });
  });

  it('leaves out a target whose scan has not ended, and tells it', async () => {
    const { id } = await create();
    await schedules.runDue(at(1));
    const second = await schedules.runDue(at(2));
    expect(second?.run).toMatchObject({
      scans: [],
      skipped: [{ reason: 'scan_unfinished' }, { reason: 'scan_unfinished' }],
    });
    expect(await scheduled()).toHaveLength(2);
    const [event] = await stores.database.query(
      `SELECT data FROM outbox WHERE type = 'schedule.run_skipped' AND subject = $1`,
      [`schedule/${id}`],
    );
    expect(event).toMatchObject({ data: { scans: 0, skipped: 2 } });
  });

  it('two schedules of one target that run at the same time scan it once', async () => {
    await create({ name: 'one', labels: null, targetId });
    await create({ name: 'two', labels: null, targetId });
    await Promise.all([schedules.runDue(at(1)), schedules.runDue(at(1)), schedules.runDue(at(1))]);
    while ((await schedules.runDue(at(1))) !== null);
    expect(await scheduled()).toHaveLength(1);
  });

  it('does not run while it is paused, nor makes up for that; asked for, it runs', async () => {
    const { id } = await create();
    const paused = await schedules.update(PRINCIPAL, id, (present) => ({ ...present, paused: true }), at(0.5));
    expect(paused.nextRunAt).toBeNull();
    expect(await schedules.runDue(at(5))).toBeNull();
    expect(await schedules.runNow(PRINCIPAL, id, at(5))).toMatchObject({ reason: 'request', scans: [{}, {}] });
    const resumed = await schedules.update(PRINCIPAL, id, (present) => ({ ...present, paused: false }), at(5.5));
    expect(resumed.nextRunAt).toEqual(at(6));
  });

  it('a new name does not lose a run that is due', async () => {
    const { id } = await create();
    await schedules.update(PRINCIPAL, id, (present) => ({ ...present, name: 'renamed' }), at(1.5));
    expect((await schedules.runDue(at(1.5)))?.run.nominalAt).toEqual(at(1));
  });

  it('shows and runs nothing for another project', async () => {
    const { id } = await create();
    const other = { projectId: uuidv7(), actor: 'token:other' };
    await expect(schedules.get(other.projectId, id)).rejects.toMatchObject({ code: 'not_found' });
    await expect(schedules.runNow(other, id, at(1))).rejects.toMatchObject({ code: 'not_found' });
    await expect(schedules.delete(other, id)).rejects.toMatchObject({ code: 'not_found' });
    expect(await schedules.list(other.projectId, { limit: 10, cursor: null })).toMatchObject({ items: [] });
  });

  it('refuses a name that is taken, and a target that is not there', async () => {
    await create();
    await expect(create()).rejects.toMatchObject({ code: 'conflict' });
    await expect(create({ name: 'x', labels: null, targetId: uuidv7() })).rejects.toMatchObject({ code: 'not_found' });
  });
});
