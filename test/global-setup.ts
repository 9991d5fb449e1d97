import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { type EmbeddedPostgres, startPostgres } from '../src/embedded/postgres.js';
import { createDataSource, migrate } from '../src/store/database.js';

declare module 'vitest' {
  interface ProvidedContext {
    postgresUrl: string;
  }
}

/** The database that tests clone; it has the schema. */
export const TEMPLATE = 'plimsoll_template';

/** One PostgreSQL for all tests that need one, with a template database to clone. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'plimsoll-test-'));
  let postgres: EmbeddedPostgres | null = null;
  try {
    postgres = await startPostgres(folder, {
      onExit: (reason) => console.error(`the tests' PostgreSQL ended: ${reason}`),
    });
    await makeTemplate(postgres.url);
  } catch (error) {
    await postgres?.stop('immediate');
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  project.provide('postgresUrl', postgres.url);
  return async () => {
    await postgres.stop('immediate');
    await rm(folder, { recursive: true, force: true });
  };
}

async function makeTemplate(url: string): Promise<void> {
  const server = await createDataSource(url).initialize();
  await server.query(`CREATE DATABASE ${TEMPLATE}`);
  await server.destroy();
  const template = await createDataSource(url.replace('/postgres?', `/${TEMPLATE}?`)).initialize();
  await migrate(template);
  await template.destroy();
}
