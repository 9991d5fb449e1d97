import { describe, expect, it } from 'vitest';
import { parseGroup, parsePasswd, parseShadow, type ShadowLine } from './accounts.js';

const HASH = 'abcdefghijklmnopqrstuvwxyz';

describe('shadow', () => {
  it.each<[string, string, string | null]>([
    ['', 'none', null],
    ['*', 'locked', null],
    ['!', 'locked', null],
    ['!!', 'locked', null],
    [`!$6$salt$${HASH}`, 'locked', null],
    ['x', 'locked', null],
    [`$y$j9T$salt$${HASH}`, 'set', 'yescrypt'],
    [`$gy$j9T$salt$${HASH}`, 'set', 'gost-yescrypt'],
    [`$7$CU..../....salt$${HASH}`, 'set', 'scrypt'],
    [`$2b$12$${HASH}`, 'set', 'bcrypt'],
    [`$6$salt$${HASH}`, 'set', 'sha512'],
    [`$5$salt$${HASH}`, 'set', 'sha256'],
    [`$sha1$4$salt$${HASH}`, 'set', 'sha1'],
    [`$md5,rounds=9$salt$$${HASH}`, 'set', 'sunmd5'],
    [`$1$salt$${HASH}`, 'set', 'md5'],
    [`$3$$${HASH}`, 'set', 'nt'],
    [`$argon2id$v=19$${HASH}`, 'set', 'other'],
    ['_J9..rasmBYk8r9AiWNc', 'set', 'bsdi'],
    ['abJnggxhB/yWI', 'set', 'des'],
  ])('tells what a password of %j is, and not the hash', (field, password, hash) => {
    const { list } = parseShadow(`root:${field}:19000:0:99999:7:30::`);
    expect(list).toEqual([
      { name: 'root', password, hash, lastChange: 19000, minAge: 0, maxAge: 99999, warnAge: 7, inactive: 30 },
    ]);
    expect(JSON.stringify(list)).not.toContain(HASH);
  });

  it('has nulls for what is not set', () => {
    expect(parseShadow('a:*:::-1:x:::\nb:*').list).toMatchObject([
      { name: 'a', lastChange: null, minAge: null, maxAge: null, warnAge: null, inactive: null },
      { name: 'b', lastChange: null },
    ]);
  });
});

describe('passwd', () => {
  const shadow = new Map<string, ShadowLine>(
    parseShadow('root:$6$s$abcdefghij:19000:0:90:7:::\nbob::1::::::').list.map((line) => [line.name, line]),
  );
  const of = (text: string, lines: ReadonlyMap<string, ShadowLine> | null = shadow) => parsePasswd(text, lines);

  it('takes the state of passwords from shadow, where it says so', () => {
    const text =
      'root:x:0:0:root:/root:/bin/bash\nbob:x:1000:1000::/home/bob:\nold::5:5::/:/bin/sh\nnis:*:6:6::/:/x\ngone:x:7:7::/:/bin/sh';
    expect(of(text).list.map(({ name, uid, password, hash, maxAge }) => [name, uid, password, hash, maxAge])).toEqual([
      ['root', 0, 'set', 'sha512', 90],
      ['bob', 1000, 'none', null, null],
      ['old', 5, 'none', null, null],
      ['nis', 6, 'locked', null, null],
      ['gone', 7, 'locked', null, null],
    ]);
  });

  it('does not know the passwords that shadow has where that cannot be read', () => {
    const text = 'root:x:0:0::/root:/bin/sh\nold::5:5::/:/bin/sh';
    expect(of(text, null).list.map(({ password }) => password)).toEqual(['unknown', 'none']);
  });

  it('passes over what is no entry, and says when users of a network are taken in', () => {
    const text =
      '# c\n\n+@admins::::::\n-eve::::::\nbad\nx:y:z:1:::\nx:y:99999999999:1:::\n\u0001:x:1:1:::\nok:x:1:1:::';
    const parsed = of(text);
    expect(parsed).toMatchObject({ unparsed: 4, isOpen: true, isCut: false });
    expect(parsed.list.map(({ name }) => name)).toEqual(['ok']);
  });

  it('ends where there are more users than any host has', () => {
    const text = Array.from({ length: 60_000 }, (_, i) => `u${i}:x:${i}:0::/:/bin/sh`).join('\n');
    expect(of(text)).toMatchObject({ isCut: true, list: { length: 50_000 } });
  });
});

it('reads groups with their members', () => {
  expect(parseGroup('docker:x:999:bob, alice,bob,\nempty:x:5:\nbad:x:y:').list).toEqual([
    { name: 'docker', gid: 999, members: ['alice', 'bob'] },
    { name: 'empty', gid: 5, members: [] },
  ]);
});
