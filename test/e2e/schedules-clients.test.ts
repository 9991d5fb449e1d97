import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from './app.js';

const COMMAND = resolve('dist/src/cli/plimsoll.js');

let service: TestApp;
let targetId: string;
let reference: string;

beforeAll(async () => {
  service = await startTestApp();
  await mkdir(join(service.importDir, 'root'));
  reference = `rootfs:${join(service.importDir, 'root')}`;
  targetId = (await service.scan(reference)).target.id;
});
afterAll(() => service.close());

describe('plimsoll schedules', () => {
  const plimsoll = (...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> => {
    const env = { PATH: process.env.PATH, PLIMSOLL_URL: service.url, PLIMSOLL_TOKEN: service.token };
    return new Promise((done) => {
      execFile(process.execPath, [COMMAND, 'schedules', ...args], { env }, (error, stdout, stderr) => {
        done({ code: error === null ? 0 : Number(error.code), stdout, stderr });
      });
    });
  };
  const json = async (...args: string[]) => JSON.parse((await plimsoll(...args, '--format', 'json')).stdout);

  it('makes, lists, changes, pauses, resumes, runs and deletes a schedule by its name', async () => {
    expect((await plimsoll()).stdout).toBe('no schedules\n');
    const times = ['--cron', '30 2 * * *', '--time-zone', 'Europe/Berlin', '--jitter', '600'];
    const made = await plimsoll('create', 'nightly', ...times, '--target', reference, '--no-secrets');
    expect(made.stdout).toMatch(
      new RegExp(`^nightly: 30 2 \\* \\* \\* Europe/Berlin; jitter 600 s; target ${targetId}; next 2.*Z\\n$`),
    );
    expect((await plimsoll('list')).stdout).toBe(made.stdout);
    const { schedule } = await json('show', 'nightly');
    expect(schedule).toMatchObject({ name: 'nightly', targetId, options: { secrets: false } });

    const { next } = await json('next', schedule.id, '--count', '3');
    expect(next).toHaveLength(3);
    expect((await plimsoll('next', 'nightly', '--count', '1')).stdout).toBe(`${schedule.nextRunAt}\n`);

    expect((await plimsoll('pause', 'nightly')).stdout).toContain('; paused\n');
    expect((await json('resume', 'nightly')).schedule).toEqual({ ...schedule, updatedAt: expect.any(String) });

    expect((await plimsoll('runs', 'nightly')).stdout).toBe('no runs so far\n');
    const { run } = await json('run', 'nightly');
    expect(run).toMatchObject({ reason: 'request', scans: [{ targetId }] });
    expect((await json('runs', 'nightly')).runs).toEqual([run]);
    expect((await plimsoll('runs', 'nightly')).stdout).toContain(`  ${targetId}  scan ${run.scans[0].scanId}\n`);

    const labels = ['--label', 'team=payments', '--label', 'tier=a=b'];
    const changed = await json('update', 'nightly', '--name', 'hourly', '--every', '3600', ...labels);
    expect(changed.schedule).toMatchObject({
      ...{ id: schedule.id, name: 'hourly', cron: null, intervalSeconds: 3_600, targetId: null },
      ...{ labels: { team: 'payments', tier: 'a=b' }, options: { secrets: false }, jitterSeconds: 600 },
    });
    expect((await plimsoll()).stdout).toContain('hourly: every 3600 s; jitter 600 s; labels team=payments, tier=a=b;');
    expect((await plimsoll('delete', 'hourly')).stdout).toBe('hourly: deleted\n');
    expect((await plimsoll()).stdout).toBe('no schedules\n');
  }, 60_000);

  it.each([
    [['show', 'nothing'], 'There is no schedule nothing'],
    [['create', 'x', '--every', '1h', '--label', 'a=b'], '--every: expected a whole number'],
    [['create', 'x', '--every', '60', '--label', 'team'], 'expected KEY=VALUE'],
    [['create', 'x', '--every', '60', '--target', 'nothing'], 'No target has the id'],
    [['create', 'x', '--label', 'a=b'], 'expected cron or intervalSeconds'],
    [['create', 'x', '--cron', '61 * * * *', '--label', 'a=b'], 'cron'],
  ])('%j is a mistake of the command line', async (args, message) => {
    const { code, stderr } = await plimsoll(...args);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });
});

describe('schedules in GraphQL', () => {
  const FIELDS =
    'id name cron intervalSeconds timeZone jitterSeconds targetId labels repository tagPattern options paused nextRunAt createdAt updatedAt';
  const ask = async (query: string, variables: object = {}) =>
    (await service.request('POST', '/graphql', { query, variables })).body;

  it('are made, changed, run and deleted, and are the same as in REST', async () => {
    const input = { name: 'weekly', cron: '0 4 * * SUN', targetId, jitterSeconds: 60 };
    const { data } = await ask(`mutation($input:CreateScheduleInput!){createSchedule(input:$input){${FIELDS}}}`, {
      input,
    });
    const made = data.createSchedule;
    const path = `/v1/schedules/${made.id}`;
    expect((await service.request('GET', path)).body).toEqual(made);

    const run =
      'id reason nominalAt createdAt status error{code message} tags{listed} scans{targetId scanId} skipped{targetId reason}';
    const ran = await ask(`mutation($id:ID!){runSchedule(id:$id){${run}}}`, { id: made.id });
    const read = await ask(
      `query($id:ID!){schedules{nodes{id}} schedule(id:$id){runs{nodes{${run}}} nextRuns(count:3){nominalAt runAt}}}`,
      { id: made.id },
    );
    expect(read.data.schedules.nodes).toEqual([{ id: made.id }]);
    expect(read.data.schedule.runs.nodes).toEqual([ran.data.runSchedule]);
    expect(read.data.schedule.nextRuns).toEqual((await service.request('GET', `${path}/next?count=3`)).body.items);
    expect(read.data.schedule.nextRuns[0].runAt).toBe(made.nextRunAt);

    const update = `mutation($id:ID!,$input:UpdateScheduleInput!){updateSchedule(id:$id,input:$input){${FIELDS}}}`;
    const changed = await ask(update, { id: made.id, input: { paused: true, intervalSeconds: 60 } });
    expect(changed.data.updateSchedule).toMatchObject({ paused: true, nextRunAt: null, cron: null, targetId });
    expect((await ask('mutation($id:ID!){deleteSchedule(id:$id)}', { id: made.id })).data.deleteSchedule).toBe(made.id);
    const gone = await ask('query($id:ID!){schedule(id:$id){id}}', { id: made.id });
    expect(gone.errors[0].extensions.code).toBe('not_found');
  });

  it('refuse what REST refuses, and a list of runs to come that is too long', async () => {
    const create = 'mutation($input:CreateScheduleInput!){createSchedule(input:$input){id}}';
    const both = await ask(create, { input: { name: 'bad', cron: '@daily', intervalSeconds: 60, targetId } });
    expect(both.errors[0].extensions.code).toBe('invalid_request');
    const { data } = await ask(create, { input: { name: 'good', cron: '@daily', targetId } });
    const { id } = data.createSchedule;
    const long = await ask('query($id:ID!){schedule(id:$id){nextRuns(count:101){runAt}}}', { id });
    expect(long.errors[0].extensions.code).toBe('invalid_request');
    await ask('mutation($id:ID!){deleteSchedule(id:$id)}', { id });
  });
});
