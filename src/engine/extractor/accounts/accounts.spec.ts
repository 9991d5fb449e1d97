import { describe, expect, it } from 'vitest';
import { MemoryFile } from '../file-view.js';
import { accounts } from './accounts.js';

const read = (path: string, text: string | Buffer) => accounts.extract(new MemoryFile(path, Buffer.from(text)));

describe('the accounts of passwd(5) and shadow(5)', () => {
  it('are who there is, and whether a password is needed, without the password', () => {
    const { accounts: found, gaps } = read(
      'etc/passwd',
      'root:x:0:0:root:/root:/bin/sh\napp:$1$hash:1000:1000::/:/bin/sh\nguest::405:100::/:\nbin:*:1:1::/:\n',
    );
    expect(found).toEqual([
      { name: 'root', uid: 0, password: 'elsewhere' },
      { name: 'app', uid: 1000, password: 'some' },
      { name: 'guest', uid: 405, password: 'none' },
      { name: 'bin', uid: 1, password: 'some' },
    ]);
    expect(gaps).toEqual([]);
    expect(read('etc/shadow', 'root:::0:::::\nbin:!::0:::::\n').accounts).toEqual([
      { name: 'root', uid: null, password: 'none' },
      { name: 'bin', uid: null, password: 'some' },
    ]);
  });

  it.each([
    ['no fields', 'hello\n'],
    ['no number', 'app:x:me:0::/:\n'],
    ['a number that is none', 'app:x:-1:0::/:\n'],
    ['a number over 32 bits', 'app:x:4294967296:0::/:\n'],
    ['no name', ':x:1:1::/:\n'],
    ['a name with a control character', 'a\u0001b:x:1:1::/:\n'],
    ['a comment', '# users\n'],
    ['nothing', ''],
    ['bytes', Buffer.from([0, 255, 254, 58, 58, 58])],
  ])('leave out a line with %s', (_what, text) => {
    expect(read('etc/passwd', text).accounts).toEqual([]);
  });

  it('are asked for in two files only', () => {
    const paths = ['etc/passwd', 'etc/shadow', 'etc/passwd-', 'etc/group_', 'x/etc/passwd'];
    expect(paths.map((path) => accounts.wants(path))).toEqual([true, true, false, false, false]);
  });
});
