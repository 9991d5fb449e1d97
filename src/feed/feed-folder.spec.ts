import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { feedFilesOf, isMissing, openFeedSource } from './open-feed-source.js';

const signal = new AbortController().signal;

describe('a folder of a feed', () => {
  let root: string;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'plimsoll-folder-'));
    await mkdir(join(root, 'feed/v3.19'), { recursive: true });
    await writeFile(join(root, 'feed/v3.19/main repo.json'), '{}');
    await writeFile(join(root, 'feed/page.json'), '\ufeff \n<!-- x --><!DOCTYPE html>');
    await writeFile(join(root, 'feed/latin1.txt'), Buffer.from('grün', 'latin1'));
    await writeFile(join(root, 'secret'), 'secret');
  });
  afterAll(() => rm(root, { recursive: true, force: true }));

  const source = () =>
    openFeedSource(join(root, 'feed'), { feed: 'alpine', publicUrl: 'https://vendor.example/db/', tempDir: root });
  const open = (path: string, maxBytes = 100) => source().open({ path, maxBytes }, null, () => {}, signal);

  it.each(['v3.19/main%20repo.json', '/v3.19/main%20repo.json', 'https://vendor.example/db/v3.19/main%20repo.json'])(
    'has the file %s, as its index may call it',
    async (path) => {
      expect(await open(path)).toMatchObject({
        unchanged: false,
        path: join(root, 'feed/v3.19/main repo.json'),
        size: 2,
      });
    },
  );

  it.each([
    '../secret',
    'v3.19/../../secret',
    '%2e%2e/secret',
    '..%2fsecret',
    'file:///etc/passwd',
    'https://other.example/x',
    'a\0b',
  ])('has no file %j', async (path) => {
    await expect(open(path)).rejects.toMatchObject({ code: 'feed_source_invalid' });
  });

  it('refuses a page, a folder, and what is too large; says what is missing', async () => {
    await expect(open('page.json')).rejects.toMatchObject({ message: expect.stringContaining('page of HTML') });
    await expect(open('v3.19')).rejects.toMatchObject({ code: 'feed_source_invalid' });
    await expect(open('page.json', 5)).rejects.toMatchObject({ code: 'limit_exceeded' });
    const missing = await open('none.json').catch((error: unknown) => error);
    expect(missing).toMatchObject({
      code: 'feed_source_unreachable',
      message: expect.stringContaining('PLIMSOLL_ALPINE_SOURCE'),
    });
    expect(isMissing(missing)).toBe(true);
  });

  it('does not wait for a pipe', async () => {
    const program = 'mkfifo';
    const made = spawnSync(program, [join(root, 'feed/pipe')]);
    if (made.error) return;
    await expect(open('pipe')).rejects.toMatchObject({ code: 'feed_source_invalid' });
  });

  it('lists names, and gives text only as UTF-8', async () => {
    const files = feedFilesOf(source(), signal);
    expect((await files.text('', 1000)).split('\n')).toContain('v3.19/');
    expect(await files.text('v3.19/', 1000)).toBe('main repo.json');
    await expect(files.text('latin1.txt', 100)).rejects.toMatchObject({ code: 'feed_source_invalid' });
    expect(await files.bytes('latin1.txt', 100)).toHaveLength(4);
  });
});
