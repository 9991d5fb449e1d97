import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alpineAdvisory, npmAdvisory, writeOsvMirror } from '../support/advisories.js';
import { startTestApp, type TestApp } from './app.js';

const ALPINE = [alpineAdvisory('CVE-2020-28928', 'musl', '1.1.22-r4')];
const NPM = [npmAdvisory('GHSA-1111-2222-3333', ['CVE-2021-1'], 'left-pad', '1.0.1')];

describe('a sync of the feed', () => {
  let service: TestApp;
  beforeAll(async () => {
    service = await startTestApp();
  });
  afterAll(() => service.close());

  it('imports the other parts where some are broken, fails, and names them', async () => {
    await writeOsvMirror(service.mirror, { Alpine: ALPINE, Debian: [], npm: NPM });
    for (const part of ['Alpine', 'Debian']) await writeFile(join(service.mirror, part, 'all.zip'), 'no zip');
    expect(await service.sync()).toMatchObject({
      status: 'failed',
      lastSuccessAt: null,
      lastError: {
        code: 'feed_source_invalid',
        message: expect.stringMatching(/^2 of 3 parts could not be imported\. Alpine\/all\.zip .*Debian\/all\.zip /),
      },
      records: 1,
      progress: { imported: 1 },
    });
  });

  it('imports what changed since the last one, and skips the rest', async () => {
    await writeOsvMirror(service.mirror, { Alpine: ALPINE, npm: NPM });
    expect(await service.sync()).toMatchObject({
      status: 'idle',
      lastError: null,
      records: 2,
      progress: { percent: 100, imported: 1, skipped: 1 },
    });
    expect(await service.sync()).toMatchObject({ status: 'idle', progress: { imported: 0, skipped: 2 } });
  });
});
