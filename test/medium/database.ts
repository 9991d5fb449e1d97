import { randomBytes } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { inject } from 'vitest';
import { createDataSource } from '../../src/store/database.js';
import { TEMPLATE } from '../global-setup.js';

export interface TestDatabase {
  url: string;
  dataSource: DataSource;
  close(): Promise<void>;
}

/** An empty database with the schema, of this test alone. */
export async function testDatabase(): Promise<TestDatabase> {
  const serverUrl = inject('postgresUrl');
  const name = `test_${randomBytes(8).toString('hex')}`;
  const onServer = async (sql: string) => {
    const server = await createDataSource(serverUrl).initialize();
    await server.query(sql);
    await server.destroy();
  };
  await onServer(`CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`);
  const url = serverUrl.replace('/postgres?', `/${name}?`);
  const dataSource = await createDataSource(url).initialize();
  return {
    url,
    dataSource,
    async close() {
      await dataSource.destroy();
      await onServer(`DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}
