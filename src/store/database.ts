import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { FirstSlice1700000000001 } from '../../migrations/0001-first-slice.js';
import { ImageFacts1700000000002 } from '../../migrations/0002-image-facts.js';
import { Registries1700000000003 } from '../../migrations/0003-registries.js';
import { Controls1700000000004 } from '../../migrations/0004-controls.js';
import { LayerPaths1700000000005 } from '../../migrations/0005-layer-paths.js';
import { Rejudging1700000000006 } from '../../migrations/0006-rejudging.js';
import { GuessedGroups1700000000007 } from '../../migrations/0007-guessed-groups.js';
import { Vex1700000000008 } from '../../migrations/0008-vex.js';
import { Feeds1700000000009 } from '../../migrations/0009-feeds.js';
import { Hosts1700000000010 } from '../../migrations/0010-hosts.js';
import { AffectedPackages1700000000011 } from '../../migrations/0011-affected-packages.js';
import { AdvisoryStatistics1700000000012 } from '../../migrations/0012-advisory-statistics.js';
import { RejudgingState1700000000013 } from '../../migrations/0013-rejudging-state.js';
import { ImageDigests1700000000014 } from '../../migrations/0014-image-digests.js';
import { TamperEvidence1700000000015 } from '../../migrations/0015-tamper-evidence.js';
import { Schedules1700000000016 } from '../../migrations/0016-schedules.js';
import { Clusters1700000000019 } from '../../migrations/0019-clusters.js';

/** The oldest PostgreSQL whose SQL is used here. */
const MIN_VERSION = 150_000;

const POOL_SIZE = 12;

/** In order. */
const MIGRATIONS = [
  FirstSlice1700000000001,
  ImageFacts1700000000002,
  Registries1700000000003,
  Controls1700000000004,
  LayerPaths1700000000005,
  Rejudging1700000000006,
  GuessedGroups1700000000007,
  Vex1700000000008,
  Feeds1700000000009,
  Hosts1700000000010,
  AffectedPackages1700000000011,
  AdvisoryStatistics1700000000012,
  RejudgingState1700000000013,
  ImageDigests1700000000014,
  TamperEvidence1700000000015,
  Schedules1700000000016,
  Clusters1700000000019,
];

export function createDataSource(url: string): DataSource {
  return new DataSource({
    type: 'postgres',
    url,
    migrations: MIGRATIONS,
    migrationsTableName: 'migration',
    poolSize: POOL_SIZE,
    applicationName: 'plimsoll',
  });
}

/** The connection pool. Statements are SQL, and belong to the stores. */
@Injectable()
export class Database implements OnModuleInit, OnApplicationShutdown {
  constructor(private readonly dataSource: DataSource) {}

  async onModuleInit(): Promise<void> {
    if (!this.dataSource.isInitialized) await this.dataSource.initialize();
    await migrate(this.dataSource);
  }

  /** The last hook, and after the modules that import the store: until then requests are answered and work is handed back. */
  async onApplicationShutdown(): Promise<void> {
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
  }

  async ping(): Promise<void> {
    await this.dataSource.query('SELECT 1');
  }

  // biome-ignore lint/suspicious/noExplicitAny: rows have the form that their SQL gives them
  query<R = any>(sql: string, parameters: unknown[] = []): Promise<R[]> {
    return this.dataSource.query(sql, parameters);
  }

  transaction<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.dataSource.transaction(work);
  }

  /** A connection of its own, for COPY; call `release`. */
  runner() {
    return this.dataSource.createQueryRunner();
  }
}

/** Brings the schema up to date. Several processes may start at once: one migrates, the others wait for it. */
export async function migrate(dataSource: DataSource): Promise<void> {
  const [{ version }] = await dataSource.query(`SELECT current_setting('server_version_num')::int AS version`);
  if (version < MIN_VERSION) {
    const major = Math.floor(version / 10_000);
    throw new Error(
      `PostgreSQL 15 or later is needed, this is ${major}: point PLIMSOLL_DATABASE_URL at a newer server.`,
    );
  }
  const lock = dataSource.createQueryRunner();
  try {
    await lock.query(`SELECT pg_advisory_lock(hashtext('plimsoll.migrate'))`);
    await dataSource.runMigrations({ transaction: 'all' });
    await lock.query(`SELECT pg_advisory_unlock(hashtext('plimsoll.migrate'))`);
  } finally {
    await lock.release();
  }
}
