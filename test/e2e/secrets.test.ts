import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Database } from '../../src/store/database.js';
import { alpine, dockerArchive, sha256, tar } from '../support/image.js';
import { startTestApp, type TestApp } from './app.js';

/** Put together here, so that no scanner takes this file for a leak. */
const TOKEN = `ghp${'_'}${'aB3dE6gH9jK2mN5pQ8sT1vW4xY7zA0cD3fG6'}`;

describe('secrets of an image', () => {
  let service: TestApp;
  let reference: string;
  let lower: Buffer;

  beforeAll(async () => {
    service = await startTestApp();
    lower = await tar({
      ...alpine([{ name: 'musl', version: '1.2.5-r0' }], '3.20.3'),
      'srv/deploy.sh': `#!/bin/sh\n# deploys\nexport DEPLOY=${TOKEN}\n`,
    });
    const upper = await tar({ 'srv/.wh.deploy.sh': '', 'srv/clean.txt': 'nothing here\n' });
    reference = `docker-archive:${join(service.importDir, 'secrets.tar')}`;
    await writeFile(join(service.importDir, 'secrets.tar'), await dockerArchive([lower, upper]));
  });
  afterAll(() => service.close());

  const secrets = async (scanId: string) =>
    (await service.request('GET', `/v1/scans/${scanId}/findings?kind=secret`)).body.items;

  it('are findings with rule, file, line and layer, also where a later layer removes the file', async () => {
    const scan = await service.scan(reference);
    expect(scan.options.secrets).toBe(true);
    expect(await secrets(scan.id)).toMatchObject([
      {
        kind: 'secret',
        ruleId: 'github-pat',
        status: 'open',
        package: null,
        location: { path: '/srv/deploy.sh', line: 3, layer: `sha256:${sha256(lower)}`, resource: null },
        title: expect.stringContaining('(40 characters)'),
      },
    ]);
  });

  it('are the same findings in the next scan, which reads no layer again', async () => {
    const [first] = await secrets((await service.scan(reference)).id);
    const [second] = await secrets((await service.scan(reference)).id);
    expect(second.id).toBe(first.id);
  });

  it('are written nowhere', async () => {
    const database = service.app.get(Database);
    const tables = await database.query(
      `SELECT table_schema || '.' || table_name AS name FROM information_schema.tables
       WHERE table_schema IN ('public', 'bullmq') AND table_type = 'BASE TABLE'`,
    );
    const layers = await database.query('SELECT facts FROM layer');
    const { gunzipSync } = await import('node:zlib');
    const texts = layers.map(({ facts }: { facts: Buffer }) => gunzipSync(facts).toString());
    for (const { name } of tables) texts.push(JSON.stringify(await database.query(`SELECT t::text FROM ${name} t`)));
    expect(texts.join('')).toContain('github-pat');
    expect(texts.join('')).not.toContain(TOKEN.slice(8, 30));
  });

  it('are left where they are by a scan that does not look for them', async () => {
    const before = await secrets((await service.scan(reference)).id);
    const scan = await service.scan(reference, { options: { secrets: false } });
    expect(scan.options.secrets).toBe(false);
    const { body } = await service.request('GET', `/v1/findings?kind=secret&status=open`);
    expect(body.items.map(({ id }: { id: string }) => id)).toEqual(before.map(({ id }: { id: string }) => id));
  });
});
