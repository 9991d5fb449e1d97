import { describe, expect, it } from 'vitest';
import { apk } from './apk/apk.js';
import { dpkg } from './dpkg/dpkg.js';
import { type Extraction, type Extractor, emptyExtraction } from './extractor.js';
import { MemoryFile } from './file-view.js';
import { npm } from './npm/npm.js';
import { osRelease } from './os-release/os-release.js';

const read = (extractor: Extractor, text: string | Buffer, path = 'x'): Extraction =>
  extractor.extract(new MemoryFile(path, Buffer.from(text)));
const versions = ({ packages }: Extraction) => packages.map(({ name, version }) => `${name} ${version}`);
const faults = ({ gaps }: Extraction) => gaps.map(({ code, message }) => `${code}: ${message}`);

describe('apk', () => {
  it('wants both places of the database, and nothing else', () => {
    const wanted = ['lib/apk/db/installed', 'usr/lib/apk/db/installed'];
    expect([...wanted, 'x/lib/apk/db/installed', 'lib/apk/db/installed.old'].filter((p) => apk.wants(p))).toEqual(
      wanted,
    );
  });

  it('reads records, telling letters apart by case, to an end without an empty line', () => {
    const found = read(
      apk,
      'C:Q1x\nP:musl\nV:1.2.5-r0\nA:x86_64\nL:MIT\no:musl\nF:lib\na:0:0:755\nR:ld.so\n\nP:libssl3\nV:3.3.2-r0\no:openssl\n',
    );
    expect(found).toEqual({
      packages: [
        {
          type: 'apk',
          name: 'musl',
          version: '1.2.5-r0',
          source: { name: 'musl', version: '1.2.5-r0' },
          architecture: 'x86_64',
          licenses: ['MIT'],
          module: null,
        },
        {
          type: 'apk',
          name: 'libssl3',
          version: '3.3.2-r0',
          source: { name: 'openssl', version: '3.3.2-r0' },
          architecture: null,
          licenses: [],
          module: null,
        },
      ],
      distribution: null,
      owned: expect.any(String),
      gaps: [],
    });
  });

  it('takes a package without origin for its own source, and lines that end as on Windows', () => {
    expect(read(apk, 'P:a\r\nV:1\r\n\r\n').packages[0]?.source).toEqual({ name: 'a', version: '1' });
  });

  it('keeps what it can read, and says where it could not', () => {
    const found = read(apk, 'P:a\nV:1\n\nP:b\n\nnonsense\nV:2\n\nP:c\nV:3\n', 'lib/apk/db/installed');
    expect(versions(found)).toEqual(['a 1', 'c 3']);
    expect(faults(found)).toEqual([
      'file_unparsable: /lib/apk/db/installed line 4 has a record without a version (V:), and 2 more such faults: what could be read was kept, the rest was not looked at.',
    ]);
  });

  it('refuses names that no database can store', () => {
    const found = read(apk, `P:a\u0000b\nV:1\n\nP:${'x'.repeat(600)}\nV:1\n\nP:ok\nV:1\n`);
    expect(versions(found)).toEqual(['ok 1']);
    expect(found.gaps).toHaveLength(1);
  });
});

describe('dpkg', () => {
  it('wants the status file and the files of status.d, without their checksums', () => {
    const wanted = ['var/lib/dpkg/status', 'var/lib/dpkg/status.d/base'];
    const not = ['var/lib/dpkg/status-old', 'var/lib/dpkg/status.d/base.md5sums', 'var/lib/dpkg/status.d/a/b'];
    expect([...wanted, ...not].filter((path) => dpkg.wants(path))).toEqual(wanted);
  });

  it('reads source packages, with a version of their own where it is given', () => {
    const found = read(
      dpkg,
      'Package: libssl3\nStatus: install ok installed\nArchitecture: amd64\nSource: openssl\nVersion: 3.0.2-0ubuntu1\nDescription: x\n more\n .\n text\n\n' +
        'Package: libc-bin\nStatus: install ok installed\nSource: glibc (2.35-0ubuntu3)\nVersion: 2.35-0ubuntu3+b1\n',
    );
    expect(found.packages.map(({ name, source }) => [name, source])).toEqual([
      ['libssl3', { name: 'openssl', version: '3.0.2-0ubuntu1' }],
      ['libc-bin', { name: 'glibc', version: '2.35-0ubuntu3' }],
    ]);
    expect(found.gaps).toEqual([]);
  });

  it.each([
    ['install ok installed', true],
    ['hold ok half-configured', true],
    ['install ok unpacked', true],
    ['deinstall ok config-files', false],
    ['unknown ok not-installed', false],
  ])('counts a package of status "%s": %s', (status, expected) => {
    const found = read(dpkg, `Package: a\nStatus: ${status}\nVersion: 1\n`);
    expect(found.packages.length === 1).toBe(expected);
  });

  it('reads stanzas without a status, as distroless images have them, and names in any case', () => {
    expect(versions(read(dpkg, 'PACKAGE: base-files\nversion: 12.4\n'))).toEqual(['base-files 12.4']);
  });

  it('says which stanza it could not read', () => {
    const found = read(dpkg, 'Package: a\n\nPackage: b\nVersion: 1\n\n stray\n', 'var/lib/dpkg/status');
    expect(versions(found)).toEqual(['b 1']);
    expect(found.gaps[0]?.message).toContain('line 1 has no version of a');
  });

  it('is not stopped by bytes that are no text', () => {
    const bytes = Buffer.concat([
      Buffer.from('Package: a\nVersion: 1\nX: '),
      Buffer.from([0xff, 0xfe, 0]),
      Buffer.from('\n'),
    ]);
    expect(versions(read(dpkg, bytes))).toEqual(['a 1']);
  });
});

describe('npm', () => {
  it('wants the package.json of installed packages, and not those inside them', () => {
    const wanted = [
      'app/node_modules/left/package.json',
      'node_modules/@scope/right/package.json',
      'app/node_modules/.pnpm/left@1.0.0/node_modules/left/package.json',
      'app/node_modules/left/node_modules/deep/package.json',
    ];
    const not = [
      'app/package.json',
      'app/node_modules/left/dist/package.json',
      'app/node_modules/@scope/package.json',
      'app/node_modules/.package-lock.json',
      'app/node_modules/left/package.json.bak',
    ];
    expect([...wanted, ...not].filter((path) => npm.wants(path))).toEqual(wanted);
  });

  it.each([
    ['{"name":"a","version":"1.0.0","license":"MIT"}', 'a 1.0.0', ['MIT']],
    ['\uFEFF{"name":"a","version":"v1.0.0 "}', 'a 1.0.0', []],
    ['{"name":"@s/a","version":"=2.0.0","licenses":[{"type":"MIT"},{"type":"ISC"}]}', '@s/a 2.0.0', ['MIT', 'ISC']],
    ['{"name":"a","version":"1.0.0","license":{"type":"BSD","url":"x"}}', 'a 1.0.0', ['BSD']],
  ])('reads %s', (text, version, licenses) => {
    const found = read(npm, text);
    expect(versions(found)).toEqual([version]);
    expect(found.packages[0]?.licenses).toEqual(licenses);
    expect(found.gaps).toEqual([]);
  });

  it('passes over a package.json that only steers the module loader', () => {
    expect(read(npm, '{"type":"module"}')).toEqual(emptyExtraction());
  });

  it.each([
    '',
    '{',
    '[]',
    'null',
    '{"name":"a"}',
    '{"version":"1"}',
    '{"name":{},"version":"1"}',
    '{"name":"a","version":1}',
  ])('names a gap for %j', (text) => {
    const found = read(npm, text, 'node_modules/a/package.json');
    expect(found.packages).toEqual([]);
    expect(found.gaps).toMatchObject([{ code: 'file_unparsable', subject: '/node_modules/a/package.json' }]);
  });
});

describe('os-release', () => {
  it('reads quoted, escaped and bare values', () => {
    const text = `# comment\nNAME='A B'\nID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\nPRETTY_NAME="Debian \\"12\\""\n`;
    expect(read(osRelease, text).distribution).toEqual({
      id: 'debian',
      versionId: '12',
      codename: 'bookworm',
      prettyName: 'Debian "12"',
    });
  });

  it('takes linux for the id that is not given, and nothing for an empty file', () => {
    expect(read(osRelease, 'VERSION_ID=1\n').distribution).toMatchObject({ id: 'linux', versionId: '1' });
    expect(read(osRelease, '').distribution).toBeNull();
  });

  it('names a gap for a quote that is never closed', () => {
    const found = read(osRelease, 'ID="debian\nVERSION_ID=12\n', 'etc/os-release');
    expect(found.distribution).toMatchObject({ id: 'linux', versionId: '12' });
    expect(found.gaps[0]?.message).toContain('line 1');
  });
});
