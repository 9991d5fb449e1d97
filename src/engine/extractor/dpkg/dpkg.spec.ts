import { describe, expect, it } from 'vitest';
import { PathSet } from '../../path/path-set.js';
import type { Extraction } from '../extractor.js';
import { MemoryFile } from '../file-view.js';
import { dpkg } from './dpkg.js';

const read = (text: string | Buffer, path = 'x'): Extraction => dpkg.extract(new MemoryFile(path, Buffer.from(text)));
const versions = ({ packages }: Extraction) => packages.map(({ name, version }) => `${name} ${version}`);

describe('dpkg', () => {
  it('wants what says which packages are installed and which files are theirs', () => {
    const wanted = [
      'var/lib/dpkg/status',
      'var/lib/dpkg/status.d/base',
      'var/lib/dpkg/status.d/base.md5sums',
      'var/lib/dpkg/info/libc6:amd64.list',
      'var/lib/dpkg/updates/0001',
    ];
    const not = [
      'var/lib/dpkg/status-old',
      'var/lib/dpkg/status.d/a/b',
      'var/lib/dpkg/status.d/',
      'var/lib/dpkg/info/base.md5sums',
      'var/lib/dpkg/updates/tmp.i',
      'x/var/lib/dpkg/status',
    ];
    expect([...wanted, ...not].filter((path) => dpkg.wants(path))).toEqual(wanted);
  });

  it('owns the files of lists, and of the checksums that distroless images have instead', () => {
    const asked = ['opt/a.jar', 'usr/share/java/b c.jar'];
    for (const [path, text] of [
      ['var/lib/dpkg/info/x.list', '/.\n/opt\n/opt/a.jar\n/usr/share/java/b c.jar\n'],
      [
        'var/lib/dpkg/status.d/x.md5sums',
        'd41d8cd98f00b204e9800998ecf8427e  opt/a.jar\nnonsense\nd41d8cd98f00b204e9800998ecf8427e  usr/share/java/b c.jar\n',
      ],
    ] as const) {
      const found = read(text, path);
      const paths = new PathSet(found.owned ?? '');
      expect(asked.filter((owned) => paths.has(owned))).toEqual(asked);
      expect(found).toMatchObject({ packages: [], gaps: [] });
    }
  });

  it('names a gap for changes that dpkg was stopped before it moved to the status file', () => {
    const path = 'var/lib/dpkg/updates/0002';
    expect(read('Package: a\nStatus: install ok unpacked\nVersion: 2\n', path)).toMatchObject({
      packages: [],
      gaps: [{ code: 'file_unparsable', subject: `/${path}` }],
    });
    expect(read('', path).gaps).toEqual([]);
  });

  it('tells the architectures of a package apart', () => {
    const found = read(
      ['amd64', 'i386'].map((architecture) => `Package: libc6\nArchitecture: ${architecture}\nVersion: 1\n`).join('\n'),
    );
    expect(found.packages.map(({ architecture }) => architecture)).toEqual(['amd64', 'i386']);
  });

  it('reads source packages, with a version of their own where it is given', () => {
    const found = read(
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
    ['install reinstreq half-installed', true],
    ['install ok triggers-pending', true],
    // Chosen for removal, and still there.
    ['deinstall ok installed', true],
    ['deinstall ok config-files', false],
    ['unknown ok not-installed', false],
  ])('counts a package of status "%s": %s', (status, expected) => {
    const found = read(`Package: a\nStatus: ${status}\nVersion: 1\n`);
    expect(found.packages.length === 1).toBe(expected);
  });

  it('reads stanzas without a status, as distroless images have them, and names in any case', () => {
    expect(versions(read('PACKAGE: base-files\nversion: 12.4\n'))).toEqual(['base-files 12.4']);
  });

  it('says which stanza it could not read', () => {
    const found = read('Package: a\n\nPackage: b\nVersion: 1\n\n stray\n', 'var/lib/dpkg/status');
    expect(versions(found)).toEqual(['b 1']);
    expect(found.gaps[0]?.message).toContain('line 1 has no version of a');
  });

  it('is not stopped by bytes that are no text', () => {
    const bytes = Buffer.concat([
      Buffer.from('Package: a\nVersion: 1\nX: '),
      Buffer.from([0xff, 0xfe, 0]),
      Buffer.from('\n'),
    ]);
    expect(versions(read(bytes))).toEqual(['a 1']);
  });
});
