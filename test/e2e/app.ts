import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import supertest from 'supertest';
import type { DataSource } from 'typeorm';
import { createApiApp } from '../../src/api/create-app.js';
import { AppModule } from '../../src/app.module.js';
import { type Config, loadConfig } from '../../src/config/config.js';
import { TokenService } from '../../src/service/token.service.js';
import { testDatabase } from '../medium/database.js';

const TOKEN = 'a-token-for-tests-0123456789abcdef';

export interface TestApp {
  app: NestFastifyApplication;
  url: string;
  token: string;
  database: DataSource;
  /** A folder that may be scanned from. */
  importDir: string;
  /** A folder for OSV's export; the feed reads it. */
  mirror: string;
  request(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<TestResponse>;
  /** A folder for a copy of endoflife.date; the feed reads it. */
  lifecycles: string;
  /** Scans and waits for the end. */
  scan(reference: string, more?: object): Promise<ScanBody>;
  /** Syncs a feed, OSV unless another is named, and waits for the end. */
  sync(feed?: string): Promise<FeedBody>;
  close(): Promise<void>;
}

export interface TestResponse {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks at whatever JSON came
  body: any;
}

// biome-ignore lint/suspicious/noExplicitAny: a test looks at whatever JSON came
type ScanBody = any;
// biome-ignore lint/suspicious/noExplicitAny: a test looks at whatever JSON came
type FeedBody = any;

/** The whole service (API and worker) on a database of its own, listening on a free port of the loopback. */
export async function startTestApp(overrides: Partial<Config> = {}): Promise<TestApp> {
  const database = await testDatabase();
  const dataDir = await mkdtemp(join(tmpdir(), 'plimsoll-e2e-'));
  const importDir = await mkdtemp(join(tmpdir(), 'plimsoll-import-'));
  const mirror = await mkdtemp(join(tmpdir(), 'plimsoll-osv-'));
  const lifecycles = await mkdtemp(join(tmpdir(), 'plimsoll-eol-'));
  const defaults = loadConfig({});
  const config: Config = {
    ...defaults,
    dataDir,
    databaseUrl: database.url,
    importDirs: [importDir],
    osvSource: mirror,
    endOfLifeSource: lifecycles,
    encryptionKey: randomBytes(32),
    logLevel: 'fatal',
    ...overrides,
  };
  const app = await createApiApp(AppModule.for(config), config);
  await app.get(TokenService).ensureAdmin(TOKEN);
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();

  const request: TestApp['request'] = async (method, path, body, headers = {}) => {
    const verb = method.toLowerCase() as 'get' | 'post' | 'put' | 'delete' | 'patch';
    const response = await supertest(url)
      [verb](path)
      .set({
        authorization: `Bearer ${TOKEN}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      })
      .send(typeof body === 'string' ? body : JSON.stringify(body));
    const isJson = response.type.includes('json') && response.text !== '';
    const answered = new Headers(Object.entries(response.headers).map(([name, value]) => [name, String(value)]));
    return { status: response.status, headers: answered, body: isJson ? JSON.parse(response.text) : response.text };
  };

  const until = async (path: string, done: (body: { status: string }) => boolean) => {
    for (;;) {
      const { body } = await request('GET', path);
      if (done(body)) return body;
      await sleep(20);
    }
  };

  return {
    app,
    url,
    token: TOKEN,
    database: database.dataSource,
    importDir,
    mirror,
    lifecycles,
    request,
    async scan(reference, more = {}) {
      const { status, body } = await request('POST', '/v1/scans', { target: { kind: 'image', reference }, ...more });
      if (status !== 202) throw new Error(`scan refused: ${JSON.stringify(body)}`);
      return until(`/v1/scans/${body.id}`, (scan) => scan.status !== 'queued' && scan.status !== 'running');
    },
    async sync(name = 'osv') {
      await request('POST', `/v1/feeds/${name}/sync`);
      return until(`/v1/feeds/${name}`, (feed) => feed.status !== 'running');
    },
    async close() {
      await app.close();
      await database.close();
      for (const folder of [dataDir, importDir, mirror, lifecycles]) await rm(folder, { recursive: true, force: true });
    },
  };
}
