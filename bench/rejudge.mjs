/**
 * How long it takes to judge a stored fleet again when 200 advisories change, against copying the rows that this writes
 * into the same tables. See README.md beside this file.
 */
import 'reflect-metadata';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { Logger } from '@nestjs/common';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { startPostgres } from '../dist/src/embedded/postgres.js';
import { AdvisoryStore } from '../dist/src/store/advisory.store.js';
import { createDataSource, Database, migrate } from '../dist/src/store/database.js';
import { FeedStore } from '../dist/src/store/feed.store.js';
import { RejudgeStore } from '../dist/src/store/rejudge.store.js';
import { RejudgingStateStore } from '../dist/src/store/rejudging-state.store.js';
import { Rejudger } from '../dist/src/worker/rejudger.js';
import { cpuSeconds } from './cpu.mjs';
import { packageVersions, readMirror, storeFleet } from './fleet.mjs';

const { values: options } = parseArgs({
  options: {
    images: { type: 'string', default: '10000' },
    versions: { type: 'string', default: '60000' },
    advisories: { type: 'string', default: '200' },
    runs: { type: 'string', default: '3' },
    mirror: { type: 'string', default: '../shared/data/osv-mirror' },
  },
});
const [images, versions, changes, runs] = [options.images, options.versions, options.advisories, options.runs].map(
  Number,
);

Logger.overrideLogger(false);
const folder = await mkdtemp(join(tmpdir(), 'plimsoll-bench-'));
const postgres = await startPostgres(folder, { onExit: (reason) => console.error(reason) });
const dataSource = await createDataSource(postgres.url).initialize();
try {
  await migrate(dataSource);
  await run();
} finally {
  await dataSource.destroy();
  await postgres.stop('immediate');
  await rm(folder, { recursive: true, force: true });
}

async function run() {
  const database = new Database(dataSource);
  const feeds = new FeedStore(database);
  const rejudging = new RejudgeStore(database);
  const rejudger = new Rejudger(rejudging, new AdvisoryStore(database), new RejudgingStateStore(database));
  const runner = dataSource.createQueryRunner();

  const parts = await readMirror(options.mirror);
  const packages = packageVersions(parts, versions);
  await timed('the fleet is written', () => storeFleet(runner, packages, images));
  const delta = deltaOf(parts, packages, changes);
  await timed('the advisories are imported', async () => {
    for (const [part, advisories] of parts)
      await importPart(
        feeds,
        part,
        advisories.filter((each) => !delta.added.has(each)),
        0,
      );
  });
  await timed('the fleet is judged for the first time', async () => {
    // Events of it would take more room than the findings.
    const tell = rejudging.tellTargets.bind(rejudging);
    rejudging.tellTargets = async (decide) => {
      const told = await tell(decide);
      await runner.query('TRUNCATE outbox');
      return told;
    };
    await rejudger.run();
    rejudging.tellTargets = tell;
  });
  await runner.query('VACUUM ANALYZE');
  const [{ findings }] = await runner.query('SELECT count(*)::int AS findings FROM finding');
  console.log(`${images} images of 250 packages, ${packages.length} package versions, ${findings} findings`);

  for (let i = 1; i <= runs; i += 1) {
    // Every second run takes the change back.
    const isForward = i % 2 === 1;
    const changed = [...parts].map(([part, advisories]) => [
      part,
      advisories.flatMap((each) => stateOf(each, delta, isForward)),
    ]);
    await timed(`${changes} advisories change`, async () => {
      for (const [part, advisories] of changed) if (delta.parts.has(part)) await importPart(feeds, part, advisories, i);
    });
    const [{ names }] = await runner.query('SELECT count(*)::int AS names FROM advisory_change');
    await runner.query('CHECKPOINT');
    const pass = await timed(`${names} names are judged again`, () => rejudger.run());
    const told = await runner.query(
      `SELECT type, count(*)::int AS count FROM outbox WHERE type LIKE 'finding.%' GROUP BY type ORDER BY type`,
    );
    console.log('   ', told.map(({ type, count }) => `${count} × ${type}`).join(', '));
    await check(runner);
    const limit = await limitOf(runner);
    console.log(
      `    ${(pass.seconds / limit.seconds).toFixed(2)} × the limit (processor time ${(pass.cpu / limit.cpu).toFixed(2)} ×)`,
    );
    await runner.query('TRUNCATE outbox');
    await runner.query('VACUUM finding, finding_period, package_match');
  }
}

/** What changes: most are new, some rate or range otherwise, some are withdrawn. */
function deltaOf(parts, packages, count) {
  const held = new Set(packages.map(({ ecosystem, name }) => `${ecosystem}\0${name}`));
  const chosen = [];
  for (const [part, advisories] of parts) {
    for (const advisory of advisories) {
      if (
        advisory.withdrawn === null &&
        advisory.affected.some(({ ecosystem, name }) => held.has(`${ecosystem}\0${name}`))
      )
        chosen.push([part, advisory]);
    }
  }
  const picked = Array.from({ length: count }, (_, i) => chosen[Math.floor((i * chosen.length) / count)]);
  const delta = {
    parts: new Set(picked.map(([part]) => part)),
    added: new Set(),
    changed: new Set(),
    withdrawn: new Set(),
  };
  for (const [i, [, advisory]] of picked.entries()) {
    if (i % 10 < 7) delta.added.add(advisory);
    else if (i % 10 < 9) delta.changed.add(advisory);
    else delta.withdrawn.add(advisory);
  }
  return delta;
}

function stateOf(advisory, delta, isForward) {
  if (delta.added.has(advisory)) return isForward ? [advisory] : [];
  if (!isForward) return [advisory];
  if (delta.changed.has(advisory))
    return [{ ...advisory, severity: advisory.severity === 'critical' ? 'low' : 'critical' }];
  if (delta.withdrawn.has(advisory)) return [{ ...advisory, withdrawn: new Date('2026-01-01') }];
  return [advisory];
}

function importPart(feeds, part, advisories, run) {
  return feeds.importPart(
    'osv',
    part,
    { etag: null, digest: String(run) },
    (async function* () {
      yield* advisories;
    })(),
    () => 0,
  );
}

/** Every target has open what its packages' matches say, and nothing else. */
async function check(runner) {
  const [{ wrong }] = await runner.query(`
    SELECT count(*)::int AS wrong FROM (
      SELECT t.id, m.id FROM target t JOIN inventory_package i USING (inventory_id) JOIN package_match m USING (package_id)
      WHERE m.status <> 'not_affected') AS says (target_id, match_id)
    FULL JOIN (SELECT target_id, match_id FROM finding WHERE status <> 'fixed') AS has USING (target_id, match_id)
    WHERE says IS NULL OR has IS NULL`);
  if (wrong > 0) throw new Error(`${wrong} findings are not what the matches say`);
}

/** The rows that the pass wrote, taken out and copied into the same tables again. */
async function limitOf(runner) {
  const client = await runner.connect();
  const touched = `id IN (SELECT finding_id FROM outbox WHERE finding_id IS NOT NULL)`;
  const out = async (sql) => Buffer.concat(await Readable.from(client.query(copyTo(sql))).toArray());
  const columns = (
    await runner.query(`SELECT string_agg(quote_ident(attname), ',' ORDER BY attnum) AS names FROM pg_attribute
    WHERE attrelid = 'outbox'::regclass AND attnum > 0 AND NOT attisdropped AND attname <> 'id'`)
  )[0].names;
  const findings = await out(
    `COPY (SELECT * FROM finding WHERE ${touched} ORDER BY target_id) TO STDOUT (FORMAT binary)`,
  );
  const events = await out(`COPY (SELECT ${columns} FROM outbox) TO STDOUT (FORMAT binary)`);
  await runner.query(`DELETE FROM finding WHERE ${touched}; TRUNCATE outbox`);
  await runner.query('VACUUM finding');
  await runner.query('CHECKPOINT');
  return timed('the same rows are copied', async () => {
    await runner.startTransaction();
    await pipeline(Readable.from([findings]), client.query(copyFrom('COPY finding FROM STDIN (FORMAT binary)')));
    await pipeline(
      Readable.from([events]),
      client.query(copyFrom(`COPY outbox (${columns}) FROM STDIN (FORMAT binary)`)),
    );
    await runner.commitTransaction();
  });
}

async function timed(what, work) {
  const before = cpuSeconds(postgres.pid);
  const started = performance.now();
  await work();
  const seconds = (performance.now() - started) / 1_000;
  const after = cpuSeconds(postgres.pid);
  const cpu = { node: after.node - before.node, postgres: after.postgres - before.postgres };
  console.log(
    `${what}: ${seconds.toFixed(2)} s (processor: ${cpu.node.toFixed(2)} s here, ${cpu.postgres.toFixed(2)} s PostgreSQL)`,
  );
  return { seconds, cpu: cpu.node + cpu.postgres };
}
