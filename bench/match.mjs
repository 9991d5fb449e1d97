/**
 * How long it takes to tell the vulnerabilities of 1,000 package URLs, against asking the database for the records that
 * name them and parsing these. See README.md beside this file.
 */
import 'reflect-metadata';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Logger } from '@nestjs/common';
import pg from 'pg';
import { startPostgres } from '../dist/src/embedded/postgres.js';
import { MatchService } from '../dist/src/service/match.service.js';
import { AdvisoryStore } from '../dist/src/store/advisory.store.js';
import { createDataSource, Database, migrate } from '../dist/src/store/database.js';
import { FeedStore } from '../dist/src/store/feed.store.js';
import { ScoreStore } from '../dist/src/store/score.store.js';
import { cpuSeconds } from './cpu.mjs';
import { packageVersions, readMirror } from './fleet.mjs';

const { values: options } = parseArgs({
  options: {
    purls: { type: 'string', default: '1000' },
    runs: { type: 'string', default: '7' },
    mirror: { type: 'string', default: '../shared/data/osv-mirror' },
  },
});
const count = Number(options.purls);
/** Runs that are not counted: code is compiled, and pages come into memory. */
const WARM_UP = 3;

Logger.overrideLogger(false);
const folder = await mkdtemp(join(tmpdir(), 'plimsoll-bench-'));
const postgres = await startPostgres(folder, { onExit: (reason) => console.error(reason) });
const dataSource = await createDataSource(postgres.url).initialize();
const client = new pg.Client(postgres.url);
try {
  await client.connect();
  await migrate(dataSource);
  await run();
} finally {
  await client.end();
  await dataSource.destroy();
  await postgres.stop('immediate');
  await rm(folder, { recursive: true, force: true });
}

async function run() {
  const database = new Database(dataSource);
  const feeds = new FeedStore(database);
  const matches = new MatchService(new AdvisoryStore(database), new ScoreStore(database));
  const parts = await readMirror(options.mirror);
  for (const [part, advisories] of parts) {
    const records = (async function* () {
      yield* advisories;
    })();
    await feeds.importPart('osv', part, { etag: null, digest: '1' }, records, () => 0);
  }
  await client.query('VACUUM ANALYZE advisory, affected_package');
  // Of the list, one in fifty has advisories.
  const all = packageVersions(parts, count * 50);
  const named = all.filter(({ name }) => !name.startsWith('fleet-package-'));
  await compare('one in fifty has advisories', matches, all.slice(0, count));
  await compare('each has advisories', matches, named.slice(0, count));
}

async function compare(what, matches, packages) {
  const purls = packages.map(purlOf);
  const { items } = await matches.match(purls);
  const found = items.reduce((sum, { vulnerabilities }) => sum + vulnerabilities.length, 0);
  const limit = await timed(() => lookUp(packages));
  const match = await timed(async () => JSON.stringify(await matches.match(purls)));
  const of = ({ ms, cpu }) =>
    `${ms.toFixed(0)} ms (processor: ${cpu.node.toFixed(0)} ms here, ${cpu.postgres.toFixed(0)} ms PostgreSQL)`;
  console.log(
    `${purls.length} package URLs, ${what}, ${found} vulnerabilities: ${of(match)}; ` +
      `${(match.ms / limit.ms).toFixed(2)} × the limit of ${of(limit)}`,
  );
}

/** The records that name the packages, by the index, and what JSON.parse makes of them. */
async function lookUp(packages) {
  const { rows } = await client.query(
    `SELECT a.record::text AS record FROM unnest($1::text[], $2::text[]) AS wanted(ecosystem, name)
     JOIN affected_package p USING (ecosystem, name)
     JOIN advisory a ON (a.feed, a.part, a.id) = (p.feed, p.part, p.advisory_id)`,
    [packages.map(({ ecosystem }) => ecosystem), packages.map(({ name }) => name)],
  );
  return rows.map(({ record }) => JSON.parse(record));
}

/** Median, milliseconds; processor time is the mean. */
async function timed(work) {
  for (let i = 0; i < WARM_UP; i += 1) await work();
  const runs = Number(options.runs);
  const before = cpuSeconds(postgres.pid);
  const times = [];
  for (let i = 0; i < runs; i += 1) {
    const started = performance.now();
    await work();
    times.push(performance.now() - started);
  }
  const after = cpuSeconds(postgres.pid);
  const mean = (kind) => ((after[kind] - before[kind]) / runs) * 1_000;
  times.sort((a, b) => a - b);
  return { ms: times[Math.floor(runs / 2)], cpu: { node: mean('node'), postgres: mean('postgres') } };
}

function purlOf({ type, ecosystem, name, version }) {
  const path = name.replace(':', '/').split('/').map(encodeURIComponent).join('/');
  const [distribution, release] = ecosystem.split(':');
  const at = encodeURIComponent(version);
  if (type !== 'deb' && type !== 'apk') return `pkg:${type}/${path}@${at}`;
  const vendor = distribution.toLowerCase();
  return `pkg:${type}/${vendor}/${path}@${at}?arch=source&distro=${vendor}-${release.replace(/^v/, '')}`;
}
