import { writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { writeLifecycles } from '../support/lifecycles.js';
import { controlsOf, findings, GOOD, MUSL, prepareService, scan, service } from './scanned-archive.js';

prepareService();

describe('the end of life', () => {
  beforeEach(() => rm(join(service.lifecycles, 'products'), { recursive: true, force: true }));

  const support = async (id: string) => (await controlsOf(id))['distribution-supported'];

  it('is found once the feed came in, and no sooner; a feed that breaks keeps what it brought', async () => {
    const before = await scan('eol.tar', MUSL('1.2.0-r0'), GOOD);
    expect(before.status).toBe('succeeded');
    expect((await support(before.id)).reason).toContain('has not come in yet');

    await writeLifecycles(service.lifecycles, { '3.10': '2021-05-01', '3.20': '2099-04-01' });
    expect(await service.sync('endoflife')).toMatchObject({
      name: 'endoflife',
      status: 'idle',
      records: 2,
      lastError: null,
    });

    const ended = await scan('eol.tar', MUSL('1.2.0-r0'), GOOD);
    expect(await findings(ended.id, 'end_of_life')).toEqual([
      expect.objectContaining({
        ruleId: 'end-of-life/alpine-linux',
        title: 'Alpine Linux 3.10 has had no support since 2021-05-01',
        severity: 'high',
        fixState: 'end_of_life',
      }),
    ]);
    expect(await support(ended.id)).toMatchObject({
      status: 'fail',
      evidence: [{ resource: 'Alpine Linux 3.10', value: '2021-05-01' }],
    });
    expect(await findings(ended.id, 'misconfiguration')).toEqual([]);

    writeFileSync(join(service.lifecycles, 'products/alpine-linux.md'), 'broken');
    expect(await service.sync('endoflife')).toMatchObject({ status: 'idle', records: 2, progress: { rejected: 1 } });
    writeFileSync(join(service.lifecycles, 'products/debian.md'), 'broken');
    expect(await service.sync('endoflife')).toMatchObject({
      status: 'failed',
      records: 2,
      lastError: { code: 'feed_source_invalid' },
    });
    const still = await scan('eol.tar', MUSL('1.2.0-r0'), GOOD);
    expect(await findings(still.id, 'end_of_life')).toHaveLength(1);

    const moved = await scan('eol.tar', MUSL('1.2.0-r0', '3.20.1'), GOOD);
    expect(await findings(moved.id, 'end_of_life')).toEqual([]);
    expect((await support(moved.id)).status).toBe('pass');
  });

  it('is not taken for mended when nobody knows the release', async () => {
    await writeLifecycles(service.lifecycles, { '3.10': '2021-05-01' });
    await service.sync('endoflife');
    await scan('unknown.tar', MUSL('1.2.0-r0'), GOOD);
    const unknown = await scan('unknown.tar', MUSL('1.2.0-r0', '3.99.0'), GOOD);
    expect((await support(unknown.id)).status).toBe('undetermined');
    expect(await findings(unknown.id, 'end_of_life')).toHaveLength(1);
  });
});
