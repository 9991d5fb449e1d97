import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import * as program from '../../../../test/support/program.js';
import { MACHINES, type Machine } from '../../../../test/support/program.js';
import type { Extraction } from '../extractor.js';
import { MemoryFile } from '../file-view.js';
import { executable } from './executable.js';

const read = (bytes: Buffer): Extraction => executable.extract(new MemoryFile('app/run', bytes));
const names = ({ packages }: Extraction) => packages.map(({ type, name, version }) => `${type} ${name} ${version}`);
const faults = ({ gaps }: Extraction) => gaps.map(({ code, message }) => `${code}: ${message}`);
const x86 = MACHINES.x86_64 as Machine;

const LINES = [
  'path\texample.com/app/cmd/run',
  'mod\texample.com/app\tv1.4.0\th1:x=',
  'dep\tgithub.com/google/uuid\tv1.3.0\th1:y=',
  'dep\tgopkg.in/yaml.v2\tv2.2.1',
  '=>\tgopkg.in/yaml.v2\tv2.2.8\th1:z=',
  'dep\tgithub.com/pkg/errors\tv0.8.0',
  '=>\tgithub.com/fork/errors\tv1.0.1\th1:z=',
  'dep\texample.com/local\tv1.0.0',
  '=>\t./local\t(devel)\t',
  'dep\texample.com/other\tv1.0.0',
  '=>\t../other\t\t',
  'dep\t\t(devel)\t',
  'build\t-compiler=gc',
  'build\t-tags=a,b',
  '',
].join('\n');
const PACKAGES = [
  'golang stdlib 1.21.3',
  'golang github.com/google/uuid v1.3.0',
  'golang gopkg.in/yaml.v2 v2.2.8',
  'golang github.com/fork/errors v1.0.1',
  'golang example.com/local (devel)',
  'golang example.com/other (devel)',
  'golang example.com/app v1.4.0',
];

describe('programs', () => {
  it('are known by their first bytes, which Java classes share with universal binaries', () => {
    const data = Buffer.alloc(64);
    const known = [program.elf({}), program.pe({}), program.machO({ data }), program.fat([data]), program.wasm({})];
    const not = ['#!/bin/sh', 'MZ is no program, but a text of more than sixty-four characters.', '', '\x7fELE'];
    const javaClass = Buffer.from('cafebabe00000034', 'hex');
    const start = (bytes: Buffer | string) => Buffer.from(bytes).subarray(0, 64);
    expect(known.map((bytes) => executable.recognises?.(start(bytes)))).toEqual(known.map(() => true));
    expect([...not, javaClass].map((bytes) => executable.recognises?.(start(bytes)))).toEqual(Array(5).fill(false));
  });

  it('of other languages have nothing to say, nor have objects, and headers without a sense', () => {
    const nothing = [
      program.elf({ data: Buffer.alloc(100_000, 7), sections: { '.debug': Buffer.alloc(10) } }),
      program.elf({ bare: true }),
      program.elf({ type: 1, data: program.goInfo('go1.21.3', LINES), dataSections: { '.go.buildinfo': null } }),
      program.pe({ data: Buffer.alloc(1_000) }),
      program.machO({ data: Buffer.alloc(1_000) }),
      program.elf({}).subarray(0, 80),
      Buffer.from('\x7fELF\x02\x01'),
    ];
    for (const bytes of nothing) expect(read(bytes)).toMatchObject({ packages: [], gaps: [] });
  });
});

describe('a program that UPX packed', () => {
  const mark = (bytes: Buffer, at: number) => {
    const copy = Buffer.from(bytes);
    copy.write('UPX!', at < 0 ? copy.length + at : at, 'latin1');
    return copy;
  };
  const elf = program.elf({ data: Buffer.alloc(8_000, 7) });
  const machO = program.machO({ data: Buffer.alloc(8_000, 7) });

  it.each<[string, Buffer]>([
    ['an ELF program, behind the headers', mark(program.elf({ bare: true, data: Buffer.alloc(8_000, 7) }), 236)],
    ['an ELF library, at the end', mark(elf, -36)],
    ['a Mach-O program, behind the commands', mark(machO, 1_052)],
    [
      'a program in a universal binary',
      program.fat([program.machO({ data: Buffer.alloc(8_000, 7) }), mark(machO, 1_052)]),
    ],
    ['a PE program, by the mark', mark(program.pe({ data: Buffer.alloc(1_000) }), 1_000)],
    ['a PE program, by its sections', packedPe()],
  ])('says that nothing in it can be read: %s', (_what, bytes) => {
    const found = read(bytes);
    expect(found.packages).toEqual([]);
    expect(faults(found)).toEqual([
      'file_unparsable: /app/run has no dependencies that can be read, as it is packed with UPX: what could be read was kept, the rest was not looked at.',
    ]);
  });

  it('is not one that only speaks of UPX', () => {
    expect(read(mark(elf, 4_000)).gaps).toEqual([]);
  });
});

/** The names of UPX in the place of the section names of a linker. */
function packedPe(): Buffer {
  const bytes = program.pe({ data: Buffer.alloc(1_000) });
  const table = bytes.readUInt32LE(60) + 24 + bytes.readUInt16LE(bytes.readUInt32LE(60) + 20);
  for (const [index, name] of ['UPX0\0\0\0\0', 'UPX1\0\0\0\0'].entries())
    bytes.write(name, table + 40 * index, 'latin1');
  return bytes;
}

describe('Go build information', () => {
  it.each(Object.entries(MACHINES))('is found in ELF files of %s, new and old, stripped or not', (_, machine) => {
    const infos = [program.goInfo('go1.21.3', LINES), program.oldGoInfo(machine, 'go1.21.3', LINES)];
    for (const data of infos) {
      const files = [
        program.elf({ machine, data, dataSections: { '.go.buildinfo': null } }),
        program.elf({ machine, data, sections: { '.comment': Buffer.from('x') } }),
        program.elf({ machine, data, bare: true }),
      ];
      for (const bytes of files) {
        expect(names(read(bytes))).toEqual(PACKAGES);
        expect(read(bytes).gaps).toEqual([]);
      }
    }
  });

  it('is found in PE and Mach-O files, and in each program of a universal binary', () => {
    const data = program.goInfo('go1.21.3', LINES);
    const machO = program.machO({ data, sections: { __go_buildinfo: null } });
    const other = program.machO({ data: program.goInfo('go1.20', 'path\tcmd/x\n') });
    const files = [program.pe({ data }), program.pe({ data, wide: false }), machO, program.machO({ data })];
    for (const bytes of files) expect(names(read(bytes))).toEqual(PACKAGES);
    for (const machine of Object.values(MACHINES)) {
      expect(names(read(program.machO({ machine, data: program.oldGoInfo(machine, 'go1.21.3', LINES) })))).toEqual(
        PACKAGES,
      );
    }
    const both = program.fat([machO, other]);
    expect(names(read(both))).toEqual([...PACKAGES, 'golang stdlib 1.20']);
    both.copy(both, 8 + 20, 8, 8 + 20); // The second is the first again.
    expect(names(read(both))).toEqual(PACKAGES);
  });

  it('is what stands at an aligned address, wherever in the data segment', () => {
    const info = program.goInfo('go1.21.3', LINES);
    const decoy = Buffer.concat([Buffer.alloc(8), info.subarray(0, 40)]);
    const data = Buffer.concat([decoy, Buffer.alloc(3 * 2 ** 20 - decoy.length), info]);
    expect(names(read(program.elf({ data })))).toEqual(PACKAGES);
  });

  it.each([
    ['go1.18', '1.18'],
    ['go1.21rc2', '1.21rc2'],
    ['go1.21.3 X:boringcrypto', '1.21.3'],
    ['go1.26.0-X:nodwarf5', '1.26.0'],
    ['go1.20.12 (Red Hat 1.20.12-8.el9_4)', '1.20.12'],
    ['go1.22.3-acme', '1.22.3'],
    ['go1.26-devel_1b2c3d Tue Jan 1', 'go1.26-devel_1b2c3d Tue Jan 1'],
    ['devel go1.22-1b2c3d', 'devel go1.22-1b2c3d'],
  ])('of %s names the standard library %s', (toolchain, version) => {
    const data = program.goInfo(toolchain, 'path\tcmd/gofmt\n');
    expect(read(program.elf({ data }))).toMatchObject({ packages: [{ name: 'stdlib', version }], gaps: [] });
  });

  const mainOf = (version: string, ldflags: string | null, more: Partial<program.ElfParts> = {}) => {
    const flags = ldflags === null ? '' : `build\t-ldflags=${JSON.stringify(ldflags)}\n`;
    const lines = `path\texample.com/app\nmod\texample.com/app\t${version}\t\n${flags}`;
    const data = Buffer.concat([program.goInfo('go1.21.3', lines), ...(more.data ? [more.data] : [])]);
    return read(program.elf({ ...more, data })).packages.at(-1)?.version;
  };

  it.each([
    ['(devel)', '', '(devel)'],
    ['', '', '(devel)'],
    ['(devel)', '-s -w -X main.version=v1.2.3', 'v1.2.3'],
    ['(devel)', '-X=main.Version=1.2.3-rc.1 -s', 'v1.2.3-rc.1'],
    ['(devel)', `-X 'main.version=1.2.3' -extldflags "-static -lm"`, 'v1.2.3'],
    ['(devel)', `-X "example.com/app/internal/build.Version=2.0.0+build.5"`, 'v2.0.0+build.5'],
    ['(devel)', '-X github.com/prometheus/common/version.Version=2.45.0 -X main.tag=9.9.9', 'v2.45.0'],
    ['(devel)', '-X main.version=1.0.0 -X example.com/app/cmd/run.version=2.0.0', 'v2.0.0'],
    ['(devel)', '-X example.com/app/info.gitVersion=v3.1.4', 'v3.1.4'],
    ['(devel)', '-X main.version=1.0.0 -X example.com/dep/version.Version=2.0.0', '(devel)'],
    ['(devel)', '-X example.com/dep.Version=2.0.0 -X main.goVersion=1.21.0', '(devel)'],
    ['(devel)', '-X main.version=$(git describe) -X main.version', '(devel)'],
    ['v1.4.0', '-X main.version=v9.9.9', 'v1.4.0'],
    ['v0.0.0-20240102030405-0123456789ab', '-X main.version=v1.2.3', 'v1.2.3'],
    ['v0.0.0-20240102030405-0123456789ab+dirty', '', 'v0.0.0-20240102030405-0123456789ab+dirty'],
    ['v1.4.1-0.20240102030405-0123456789ab', '-X main.version=v1.4.0', 'v1.4.1-0.20240102030405-0123456789ab'],
  ])('with main module %s and linker flags "%s" names version %s', (recorded, flags, version) => {
    expect(mainOf(recorded, flags)).toBe(version);
  });

  it.each(Object.entries(MACHINES))(
    'takes what was linked from the symbols of %s where no flags are recorded',
    (_, machine) => {
      const data = Buffer.from('v5.6.7\0');
      const base = program.goInfo('go1.21.3', 'path\texample.com/app\nmod\texample.com/app\t(devel)\t\n').length;
      const symbols: program.ElfParts['symbols'] = { 'main.other.str': [0, 4], 'main.version.str': [base, base + 7] };
      expect(mainOf('(devel)', null, { machine, data, symbols })).toBe('v5.6.7');
      expect(mainOf('(devel)', null, { machine, data })).toBe('(devel)');
    },
  );

  it.each([
    ['the linker wrote none, as before Go 1.13', program.elf({ notes: program.goNote(x86) })],
    [
      'the linker wrote none, on the other byte order',
      program.elf({ machine: MACHINES.mips as Machine, notes: program.goNote(MACHINES.mips as Machine) }),
    ],
    ['its section was overwritten', program.elf({ data: Buffer.alloc(64), dataSections: { '.go.buildinfo': null } })],
    ['it ends in the middle', program.elf({ data: program.goInfo('go1.21.3', LINES).subarray(0, 200), bare: true })],
    [
      'a length is beyond all sense',
      program.elf({
        data: Buffer.concat([program.goInfo('', '').subarray(0, 32), Buffer.alloc(9, 0xff), Buffer.from([1])]),
      }),
    ],
    [
      'pointers lead nowhere',
      program.elf({ data: Buffer.concat([program.oldGoInfo(x86, '', '').subarray(0, 16), Buffer.alloc(64, 0xff)]) }),
    ],
    ['it has no version', program.elf({ data: program.goInfo('', LINES) })],
  ])('leaves a gap where %s', (_, bytes) => {
    const found = read(bytes);
    expect(found.packages).toEqual([]);
    expect(faults(found)).toEqual([expect.stringMatching(/^file_unparsable: \/app\/run has no build information/)]);
  });

  it.each([
    ['no lines', '', 1],
    ['the package of a program that was built without modules', 'path\tgithub.com/old/tool\n', 1],
    ['a line of one column', 'path\tx\nmod\texample.com/app\tv1.0.0\t\ndep\tx\n', 1],
    ['a replacement of nothing', 'path\tx\nmod\texample.com/app\tv1.0.0\t\n=>\ta\tv1.0.0\th1:\n=>\ta\tv1\th\n', 1],
    ['files of a main package', 'path\tcommand-line-arguments\ndep\ta.b/c\tv1.0.0\th1:\n', 0],
    ['kinds of lines that are still to come', 'path\tcmd/go\nfuture\tx\n', 0],
  ])('with %s', (_, lines, gaps) => {
    const found = read(program.elf({ data: program.goInfo('go1.21.3', lines) }));
    expect(names(found)[0]).toBe('golang stdlib 1.21.3');
    expect(found.gaps).toHaveLength(gaps);
  });
});

describe('cargo-auditable', () => {
  const CRATES = [
    { name: 'app', version: '0.1.0', source: 'local', root: true, dependencies: [1] },
    { name: 'serde', version: '1.0.1', source: 'crates.io', kind: 'runtime' },
    { name: 'cc', version: '1.0.2', source: 'crates.io', kind: 'build' },
  ];
  const FOUND = ['cargo app 0.1.0', 'cargo serde 1.0.1'];

  it('lists the crates that are part of the program, in every format', () => {
    const list = program.crateList(CRATES);
    const files = [
      ...Object.values(MACHINES).map((machine) => program.elf({ machine, sections: { '.dep-v0': list } })),
      program.elf({ sections: { '.rust-deps-v0': list } }),
      program.pe({ sections: { '.dep-v0': Buffer.concat([list, Buffer.alloc(200)]) } }),
      program.machO({ data: list, sections: { '.dep-v0': null } }),
      program.wasm({ name: Buffer.alloc(300), '.dep-v0': list }),
    ];
    for (const bytes of files)
      expect(read(bytes)).toMatchObject({ gaps: [], packages: [{ name: 'app' }, { name: 'serde' }] });
    expect(names(read(files[0] as Buffer))).toEqual(FOUND);
  });

  it('is told beside Go modules', () => {
    const bytes = program.elf({
      data: program.goInfo('go1.21.3', LINES),
      sections: { '.dep-v0': program.crateList(CRATES) },
    });
    expect(names(read(bytes))).toEqual([...PACKAGES, ...FOUND]);
  });

  it.each([
    ['no zlib', Buffer.from('nonsense')],
    ['nothing', Buffer.alloc(0)],
    ['no JSON', deflateSync('{')],
    ['another document', deflateSync('{"crates":[]}')],
    ['a cut-off list', program.crateList(CRATES).subarray(0, 40)],
    ['a bomb', deflateSync(Buffer.alloc(64 * 2 ** 20))],
  ])('leaves a gap where its section holds %s', (_, content) => {
    const found = read(program.elf({ sections: { '.dep-v0': content } }));
    expect(found.packages).toEqual([]);
    expect(faults(found)).toEqual([expect.stringContaining('a list of Rust crates that cannot be read')]);
  });

  it('keeps the other crates where one has no version', () => {
    const found = read(program.elf({ sections: { '.dep-v0': program.crateList([{ name: 'x' }, ...CRATES]) } }));
    expect(names(found)).toEqual(FOUND);
    expect(found.gaps).toHaveLength(1);
  });
});
