import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allowedPath } from './allowed-path.js';

describe('allowedPath', () => {
  let root: string;
  let allowed: string;

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'plimsoll-paths-'));
    allowed = join(root, 'allowed');
    await mkdir(join(root, 'allowed-too'), { recursive: true });
    await mkdir(allowed);
    await writeFile(join(allowed, 'image.tar'), 'x');
    await writeFile(join(root, 'secret'), 'x');
    await writeFile(join(root, 'allowed-too', 'image.tar'), 'x');
    await symlink(join(root, 'secret'), join(allowed, 'link'));
    await symlink(root, join(allowed, 'up'));
    await symlink('loop', join(allowed, 'loop'));
    await symlink(allowed, join(root, 'alias'));
  });

  afterAll(() => rm(root, { recursive: true }));

  it('answers where a file below an allowed folder really is', async () => {
    expect(await allowedPath(join(allowed, 'image.tar'), [allowed])).toBe(join(allowed, 'image.tar'));
    expect(await allowedPath(join(root, 'alias', 'image.tar'), [allowed])).toBe(join(allowed, 'image.tar'));
    expect(await allowedPath(join(allowed, 'image.tar'), [join(root, 'alias')])).toBe(join(allowed, 'image.tar'));
  });

  it.each([
    ['a path outside', () => join(root, 'secret')],
    ['dots that lead outside', () => `${allowed}/../secret`],
    ['a link that leads outside', () => join(allowed, 'link')],
    ['a folder link that leads outside', () => join(allowed, 'up', 'secret')],
    ['a folder whose name only begins alike', () => join(root, 'allowed-too', 'image.tar')],
    ['a missing path outside', () => join(root, 'nothing')],
    ['a missing path behind a link that leads outside', () => join(allowed, 'up', 'nothing')],
  ])('refuses %s', async (_what, path) => {
    await expect(allowedPath(path(), [allowed])).rejects.toMatchObject({ code: 'path_not_allowed' });
  });

  it('refuses everything when no folder is allowed', async () => {
    await expect(allowedPath(join(allowed, 'image.tar'), [])).rejects.toMatchObject({ code: 'path_not_allowed' });
  });

  it.each(['nothing.tar', 'loop', 'image.tar/below'])('says that %s is not there', async (name) => {
    await expect(allowedPath(join(allowed, name), [allowed])).rejects.toMatchObject({ code: 'path_not_found' });
  });
});
