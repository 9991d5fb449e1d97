import { describe, expect, it } from 'vitest';
import {
  assemble,
  berkeleyDb,
  ndb,
  numbers,
  type RpmFields,
  rpmHeader,
  sqlite,
  text,
  texts,
} from '../../../../test/support/rpm-database.js';
import { PathSet } from '../../path/path-set.js';
import type { Extraction } from '../extractor.js';
import { MemoryFile } from '../file-view.js';
import { rpm } from './rpm.js';

const PATH = 'var/lib/rpm/Packages';

const read = (bytes: Buffer, path = PATH): Extraction => rpm.extract(new MemoryFile(path, bytes));
const versions = ({ packages }: Extraction) => packages.map(({ name, version }) => `${name} ${version}`);
const faults = ({ gaps }: Extraction) =>
  gaps.map(({ message }) => /has (.*?)(?:, and \d+ more such faults)?: what/.exec(message)?.[1]);
const first = (fields: RpmFields) => read(sqlite([rpmHeader(fields)])).packages[0];

/** Small ones that stay on their page, and one over several pages of any size. */
const HEADERS = [
  rpmHeader({ name: 'bash', version: '5.1.8', release: '1.cm2' }),
  rpmHeader({ name: 'glibc', epoch: 2, version: '2.38', release: '1', description: 'x'.repeat(200_000) }),
  ...Array.from({ length: 40 }, (_, i) => rpmHeader({ name: `p${i}`, description: 'y'.repeat(i * 20) })),
];
const EXPECTED = ['bash 5.1.8-1.cm2', 'glibc 2:2.38-1', ...Array.from({ length: 40 }, (_, i) => `p${i} 1-1`)].sort();

describe('rpm', () => {
  it('wants its databases wherever distributions put them, and nothing else', () => {
    const wanted = [
      'var/lib/rpm/Packages',
      'var/lib/rpm/Packages.db',
      'var/lib/rpm/rpmdb.sqlite',
      'var/lib/rpm/rpmdb.sqlite-wal',
      'usr/lib/sysimage/rpm/rpmdb.sqlite-journal',
      'usr/lib/sysimage/rpm/Packages.db',
      'usr/share/rpm/rpmdb.sqlite',
      'var/lib/rpmmanifest/container-manifest-2',
    ];
    const not = [
      'var/lib/rpm/Name',
      'var/lib/rpm/rpmdb.sqlite-shm',
      'x/var/lib/rpm/Packages',
      'var/lib/rpm/Packages/x',
      'var/lib/rpmmanifest/container-manifest-1',
    ];
    expect([...wanted, ...not].filter((path) => rpm.wants(path))).toEqual(wanted);
  });

  const sizes = [512, 1_024, 4_096, 16_384, 32_768, 65_536];
  it.each([
    ...sizes.flatMap((pageSize) =>
      [true, false].map((isLittle): [string, Buffer] => [
        `Berkeley DB, pages of ${pageSize}, ${isLittle ? 'little' : 'big'}-endian`,
        berkeleyDb(HEADERS, { pageSize, isLittle }),
      ]),
    ),
    ...sizes.flatMap((pageSize) =>
      [0, 8, 32].map((reserved): [string, Buffer] => [
        `SQLite, pages of ${pageSize}, ${reserved} bytes reserved`,
        sqlite(HEADERS, { pageSize, reserved }),
      ]),
    ),
    ['ndb', ndb(HEADERS)],
    ['ndb with holes', ndb(HEADERS, { hole: 3 })],
  ])('reads every package of %s', (_form, bytes) => {
    const found = read(bytes);
    expect(versions(found).sort()).toEqual(EXPECTED);
    expect(found.gaps).toEqual([]);
  });

  it('tells the form by the content, whatever the name', () => {
    expect(versions(read(ndb(HEADERS), 'usr/lib/sysimage/rpm/Packages'))).toHaveLength(EXPECTED.length);
  });

  it.each([['no package', [sqlite([]), berkeleyDb([]), ndb([])]]])('reads databases of %s', (_what, databases) => {
    for (const bytes of databases) expect(read(bytes)).toMatchObject({ packages: [], gaps: [] });
  });
});

describe('a package', () => {
  it('has all that the header says', () => {
    expect(
      first({
        name: 'nodejs-libs',
        epoch: 1,
        version: '18.20.2',
        release: '1.module+el8',
        architecture: 'x86_64',
        sourceRpm: 'nodejs-18.20.2-1.module+el8.src.rpm',
        license: 'MIT and ASL 2.0',
        module: 'nodejs:18:8100020240415:489197e6',
      }),
    ).toEqual({
      type: 'rpm',
      name: 'nodejs-libs',
      version: '1:18.20.2-1.module+el8',
      source: { name: 'nodejs', version: '18.20.2-1.module+el8' },
      architecture: 'x86_64',
      licenses: ['MIT and ASL 2.0'],
      module: 'nodejs:18:8100020240415:489197e6',
    });
  });

  it.each<[number | undefined, string]>([
    [undefined, '1-1'],
    [0, '0:1-1'],
    [4_294_967_295, '4294967295:1-1'],
  ])('of epoch %s has the version %s', (epoch, version) => {
    expect(first({ name: 'a', epoch })?.version).toBe(version);
  });

  it.each<[string | undefined, string | null]>([
    ['util-linux-2.32.1-42.el8_8.src.rpm', 'util-linux 2.32.1-42.el8_8'],
    ['xorg-x11-proto-devel-2022.2-1.nosrc.rpm', 'xorg-x11-proto-devel 2022.2-1'],
    ['(none)', null],
    ['', null],
    ['nothing.src.rpm', null],
    [undefined, null],
  ])('built from %s has the source %s', (sourceRpm, expected) => {
    const source = first({ name: 'a', sourceRpm })?.source;
    expect(source ? `${source.name} ${source.version}` : null).toBe(expected);
  });

  it('may be a key, which rpm lists among packages', () => {
    expect(first({ name: 'gpg-pubkey', version: '8483c65d', release: '5ccc5b19', license: 'pubkey' })).toMatchObject({
      version: '8483c65d-5ccc5b19',
      source: null,
      architecture: null,
    });
  });

  it('owns its files but ghosts, and those only where a language could have packages', () => {
    const jar = '/usr/share/java/a.jar';
    const { owned } = read(
      sqlite([rpmHeader({ name: 'a', files: [jar, '/usr/share/doc/a/b.jar', '/bin/c'], ghosts: ['/opt/d.jar'] })]),
    );
    const paths = new PathSet(owned ?? '');
    const asked = ['usr/share/java/a.jar', 'usr/share/doc/a/b.jar', 'usr/bin/c', 'opt/d.jar'];
    expect(asked.filter((path) => paths.has(path))).toEqual(['usr/share/java/a.jar', 'usr/bin/c']);
  });

  it('of rpm 3 has no region, no digest, and whole paths', () => {
    const values = [text(1000, 'old'), text(1001, '1'), text(1002, '2'), texts(1027, ['/opt/a.jar', '/opt/b.jar'])];
    const found = read(sqlite([assemble(values, false)]));
    expect(versions(found)).toEqual(['old 1-2']);
    expect(found.gaps).toEqual([]);
    expect(new PathSet(found.owned ?? '').has('opt/b.jar')).toBe(true);
  });

  it('has the value that was put behind its region rather than the one in it', () => {
    const values = [text(1000, 'a'), text(1001, '1'), text(1002, '1'), text(1001, '2')];
    expect(versions(read(sqlite([assemble(values, false)])))).toEqual(['a 2-1']);
  });
});

describe('a package that rpm refuses for its signature', () => {
  /** A signature of RSA in a header: version 4, no subpackets, a number of nine bits. */
  const signature = (...number: number[]) => Buffer.from([0x88, 14, 4, 0, 1, 8, 0, 0, 0, 0, 0, 0, 0, 9, ...number]);
  const SOUND = signature(1, 0);
  const MALFORMED = signature(0, 1);
  const [ONE, OTHER] = [268, 267];
  const jar = '/opt/a.jar';

  it('is named, not listed, and owns nothing', () => {
    const refused = { name: 'a', architecture: 'noarch', files: [jar], signatures: { [ONE]: MALFORMED } };
    const found = read(sqlite([rpmHeader(refused), rpmHeader({ name: 'b' })]));
    expect(versions(found)).toEqual(['b 1-1']);
    expect(found.owned).toBeNull();
    expect(found.gaps).toEqual([
      {
        code: 'file_unparsable',
        subject: `/${PATH}`,
        message: `/${PATH} has a-1-1.noarch: rpm refuses a package whose OpenPGP signature is malformed, so it is not listed, and was not examined.`,
      },
    ]);
  });

  it('has one signature of the header that is malformed, though another is sound', () => {
    const signatures: RpmFields['signatures'][] = [
      { [ONE]: SOUND, [OTHER]: MALFORMED },
      { [ONE]: MALFORMED, [OTHER]: SOUND },
    ];
    for (const each of signatures)
      expect(read(sqlite([rpmHeader({ name: 'a', signatures: each })])).packages).toEqual([]);
  });

  it('is not one with sound signatures, nor one whose signature over header and payload is malformed', () => {
    for (const signatures of [
      { [ONE]: SOUND, [OTHER]: SOUND },
      { 259: MALFORMED, 262: MALFORMED, [ONE]: SOUND },
    ]) {
      expect(read(sqlite([rpmHeader({ name: 'a', signatures })]))).toMatchObject({
        packages: [{ name: 'a' }],
        gaps: [],
      });
    }
  });

  it('is counted where there are more than anyone reads', () => {
    const headers = Array.from({ length: 103 }, (_, i) =>
      rpmHeader({ name: `p${i}`, signatures: { [ONE]: MALFORMED } }),
    );
    const { gaps } = read(sqlite(headers));
    expect(gaps).toHaveLength(1);
    expect(gaps[0]?.message).toMatch(/ has p0-1-1, p1-1-1, .*, p99-1-1 and 3 more: rpm refuses/);
  });
});

describe('a damaged header', () => {
  const good = rpmHeader({ name: 'good' });
  const one = (bytes: Buffer) => read(sqlite([good, bytes]));
  const base = [text(1000, 'bad'), text(1001, '1'), text(1002, '1')];

  it.each<[string, Buffer, string]>([
    ['is empty', Buffer.from([0]), 'a header whose lengths do not add up'],
    ['has no entries', Buffer.alloc(8), 'a header whose lengths do not add up'],
    ['is cut off', rpmHeader({ name: 'bad' }).subarray(0, -1), 'a header whose lengths do not add up'],
    ['is too long', Buffer.concat([good, Buffer.alloc(1)]), 'a header whose lengths do not add up'],
    ['has no name', assemble(base.slice(1), true), 'a header without a name'],
    ['has no version', assemble([text(1000, 'bad'), text(1002, '1')], true), 'a header without a version'],
    ['has no release', assemble(base.slice(0, 2), true), 'a header without a release'],
    [
      'has a name that ends nowhere',
      assemble([{ ...text(1000, ''), bytes: Buffer.from('x') }], false),
      'a header whose name cannot be read',
    ],
    ['has a name of no type', assemble([numbers(1000, [1])], false), 'a header whose name cannot be read'],
    [
      'has an entry of no type',
      assemble([{ ...text(1000, 'a'), type: 10 }], false),
      'a header with an entry that rpm does not know',
    ],
    [
      'has a changed byte',
      changed(rpmHeader({ name: 'bad', version: '1.0' }), '1.0', '9.0'),
      'a header that is not the one its digest is of',
    ],
    [
      'has a digest of nothing',
      assemble([...base, text(273, 'f'.repeat(64))], false),
      'a header that is not the one its digest is of',
    ],
    [
      'claims more numbers than it has',
      assemble([...base, { ...numbers(1003, [1]), count: 2 ** 32 - 1 }], false),
      'a header whose epoch cannot be read',
    ],
    [
      'claims more files than it has',
      assemble(
        [...base, numbers(1116, [0, 0]), { ...texts(1117, ['a']), count: 2 ** 32 - 1 }, texts(1118, ['/'])],
        false,
      ),
      'a header whose baseNames cannot be read',
    ],
    [
      'has a file in a folder that it has not',
      assemble([...base, numbers(1116, [5]), texts(1117, ['a']), texts(1118, ['/'])], false),
      'a header with a file in no folder',
    ],
    [
      'claims more folders than it has',
      assemble([...base, numbers(1116, [0]), texts(1117, ['a']), { ...texts(1118, ['/']), count: 9 }], false),
      'a header whose folderNames cannot be read',
    ],
  ])('that %s is named, and hides no other', (_what, bytes, expected) => {
    const found = one(bytes);
    expect(found.packages[0]?.name).toBe('good');
    expect(faults(found)).toEqual([expected]);
  });

  it('says where it is', () => {
    expect(one(Buffer.alloc(8)).gaps).toEqual([
      {
        code: 'file_unparsable',
        subject: `/${PATH}`,
        message: `/${PATH} has a header whose lengths do not add up: what could be read was kept, the rest was not looked at.`,
      },
    ]);
  });
});

describe('the manifest of a distroless image', () => {
  const manifest = (content: string) => read(Buffer.from(content), 'var/lib/rpmmanifest/container-manifest-2');

  it('is read, with epochs where it has them', () => {
    const found = manifest(
      'glibc\t2.35-2.cm2\t1653816591\t1653628955\tMicrosoft Corporation\t(none)\t10855265\tx86_64\t0\tglibc-2.35-2.cm2.src.rpm\n' +
        'vim\t9.0-1.cm2\t1\t1\tMicrosoft Corporation\t2\t45000\tnoarch\t2\tvim-9.0-1.cm2.src.rpm\n\n',
    );
    expect(found.packages).toMatchObject([
      {
        name: 'glibc',
        version: '2.35-2.cm2',
        architecture: 'x86_64',
        source: { name: 'glibc', version: '2.35-2.cm2' },
      },
      { name: 'vim', version: '2:9.0-1.cm2' },
    ]);
    expect(found.gaps).toEqual([]);
  });

  it('names a line that it cannot read', () => {
    const found = manifest('a\t1\n');
    expect(found.packages).toEqual([]);
    expect(found.gaps[0]?.message).toContain('line 1 has no package in ten fields');
  });
});

function changed(bytes: Buffer, from: string, to: string): Buffer {
  const copy = Buffer.from(bytes);
  copy.write(to, bytes.indexOf(from), 'latin1');
  return copy;
}
