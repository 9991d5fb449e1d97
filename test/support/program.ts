import { deflateSync } from 'node:zlib';

/** The byte order and width of a machine. */
export interface Machine {
  wide: boolean;
  bigEndian: boolean;
}

export const MACHINES: Record<string, Machine> = {
  x86_64: { wide: true, bigEndian: false },
  s390x: { wide: true, bigEndian: true },
  i386: { wide: false, bigEndian: false },
  mips: { wide: false, bigEndian: true },
};

/** Fields of a header, one behind the other: [width in bytes, value]. */
type Fields = readonly (readonly [1 | 2 | 4 | 8, number])[];

function pack(bigEndian: boolean, fields: Fields): Buffer {
  const parts = fields.map(([width, value]) => {
    const bytes = Buffer.alloc(width);
    if (width === 8) bytes[bigEndian ? 'writeBigUInt64BE' : 'writeBigUInt64LE'](BigInt(value));
    else if (bigEndian) bytes.writeUIntBE(value, 0, width);
    else bytes.writeUIntLE(value, 0, width);
    return bytes;
  });
  return Buffer.concat(parts);
}

/** Where the data segment of every program here is loaded. */
export const DATA_ADDRESS = 0x40_0000;

export interface ElfParts {
  machine?: Machine;
  /** The writable segment. */
  data?: Buffer;
  /** Names of sections, and the range of the data segment that they cover, all of it where none is given. */
  dataSections?: Record<string, [start: number, end: number] | null>;
  /** Sections that are not loaded. */
  sections?: Record<string, Buffer>;
  /** Strings of the data segment that have symbols: name → range. */
  symbols?: Record<string, [start: number, end: number]>;
  notes?: Buffer;
  /** Whether section headers are left out, as sstrip does. */
  bare?: boolean;
  /** 2 is an executable, 1 an object. */
  type?: number;
}

/** An ELF file with one code, one data and one note segment. */
export function elf(parts: ElfParts): Buffer {
  const machine = parts.machine ?? (MACHINES.x86_64 as Machine);
  const { wide, bigEndian } = machine;
  const word = wide ? 8 : 4;
  const { data = Buffer.alloc(0), notes = Buffer.alloc(0) } = parts;
  const headerBytes = wide ? 64 : 52;
  const segmentBytes = wide ? 56 : 32;
  const start = headerBytes + 3 * segmentBytes;
  const segment = (type: number, flags: number, offset: number, address: number, size: number) =>
    pack(bigEndian, [
      [4, type],
      ...(wide ? ([[4, flags]] as const) : []),
      [word, offset],
      [word, address],
      [word, address],
      [word, size],
      [word, size],
      ...(wide ? [] : ([[4, flags]] as const)),
      [word, 16],
    ]);
  const segments = [
    segment(1, 5, 0, 0x10_0000, start),
    segment(4, 4, start, 0x20_0000, notes.length),
    segment(1, 6, start + notes.length, DATA_ADDRESS, data.length),
  ];

  const named: { name: string; type: number; address: number; offset: number; size: number; link: number }[] = [];
  const dataOffset = start + notes.length;
  for (const [name, range] of Object.entries(parts.dataSections ?? {})) {
    const [from, to] = range ?? [0, data.length];
    named.push({ name, type: 1, address: DATA_ADDRESS + from, offset: dataOffset + from, size: to - from, link: 0 });
  }
  let end = dataOffset + data.length;
  const loose: Buffer[] = [];
  const addLoose = (name: string, content: Buffer, link = 0) => {
    named.push({ name, type: 1, address: 0, offset: end, size: content.length, link });
    loose.push(content);
    end += content.length;
  };
  for (const [name, content] of Object.entries(parts.sections ?? {})) addLoose(name, content);
  if (parts.symbols) {
    const [table, strings] = symbolTable(machine, parts.symbols);
    addLoose('.symtab', table, named.length + 2);
    addLoose('.strtab', strings);
  }
  addLoose('.shstrtab', Buffer.from(`\0${[...named.map(({ name }) => name), '.shstrtab'].join('\0')}\0`));

  const names = loose.at(-1) ?? Buffer.alloc(0);
  const section = ({ name, type, address, offset, size, link }: (typeof named)[number]) =>
    pack(bigEndian, [
      [4, names.indexOf(`\0${name}\0`) + 1],
      [4, type],
      [word, 0],
      [word, address],
      [word, offset],
      [word, size],
      [4, link],
      [4, 0],
      [word, 1],
      [word, 0],
    ]);
  const first = { name: '', type: 0, address: 0, offset: 0, size: 0, link: 0 };
  const sections = parts.bare ? [] : [first, ...named].map(section);
  const header = pack(bigEndian, [
    [4, bigEndian ? 0x7f454c46 : 0x464c457f],
    [1, wide ? 2 : 1],
    [1, bigEndian ? 2 : 1],
    [1, 1],
    [1, 0],
    [8, 0],
    [2, parts.type ?? 2],
    [2, 62],
    [4, 1],
    [word, 0],
    [word, headerBytes],
    [word, sections.length > 0 ? end : 0],
    [4, 0],
    [2, headerBytes],
    [2, segmentBytes],
    [2, segments.length],
    [2, wide ? 64 : 40],
    [2, sections.length],
    [2, sections.length > 0 ? sections.length - 1 : 0],
  ]);
  return Buffer.concat([header, ...segments, notes, data, ...loose, ...sections]);
}

function symbolTable({ wide, bigEndian }: Machine, symbols: NonNullable<ElfParts['symbols']>): [Buffer, Buffer] {
  const strings = Buffer.from(`\0${Object.keys(symbols).join('\0')}\0`);
  const entries = Object.entries(symbols).map(([name, [from, to]]) => {
    const at = [4, strings.indexOf(`\0${name}\0`) + 1] as const;
    const about = [[1, 1] as const, [1, 0] as const, [2, 1] as const];
    return wide
      ? pack(bigEndian, [at, ...about, [8, DATA_ADDRESS + from], [8, to - from]])
      : pack(bigEndian, [at, [4, DATA_ADDRESS + from], [4, to - from], ...about]);
  });
  return [Buffer.concat([Buffer.alloc(wide ? 24 : 16), ...entries]), strings];
}

/** A PE file with a writable data section, and others that are not. */
export function pe(parts: { wide?: boolean; data?: Buffer; sections?: Record<string, Buffer> }): Buffer {
  const { wide = true, data = Buffer.alloc(0), sections = {} } = parts;
  const all: [string, Buffer, number][] = [
    ['.text', Buffer.alloc(16, 0x90), 0x60000020],
    ['.data', data, 0xc0600040],
    ...Object.entries(sections).map(([name, content]): [string, Buffer, number] => [name, content, 0x40000040]),
  ];
  const base = DATA_ADDRESS - 0x1000;
  const optional = pack(
    false,
    wide
      ? [
          [2, 0x20b],
          [2, 0],
          [4, 0],
          [8, 0],
          [8, 0],
          [8, base],
        ]
      : [
          [2, 0x10b],
          [2, 0],
          [8, 0],
          [8, 0],
          [8, 0],
          [4, base],
        ],
  );
  const headBytes = 64 + 24 + optional.length + 40 * all.length;
  let offset = headBytes;
  let address = 0x1000;
  const headers: Buffer[] = [];
  // The data section comes at a fixed address, so it is described first.
  for (const [name, content, flags] of [all[1], all[0], ...all.slice(2)] as typeof all) {
    const title = Buffer.alloc(8);
    title.write(name);
    headers.push(
      title,
      pack(false, [
        [4, content.length],
        [4, address],
        [4, content.length],
        [4, offset],
        [8, 0],
        [4, 0],
        [4, flags],
      ]),
    );
    offset += content.length;
    address += 2 ** Math.ceil(Math.log2(content.length + 0x1000));
  }
  const dos = Buffer.alloc(64);
  dos.write('MZ');
  dos.writeUInt32LE(64, 60);
  const coff = pack(false, [
    [4, 0x4550],
    [2, 0x8664],
    [2, all.length],
    [4, 0],
    [4, 0],
    [4, 0],
    [2, optional.length],
    [2, 0],
  ]);
  return Buffer.concat([dos, coff, optional, ...headers, data, ...all.filter((_, i) => i !== 1).map(([, c]) => c)]);
}

/** A Mach-O file with one writable segment; sections are ranges of it. */
export function machO(parts: {
  machine?: Machine;
  data: Buffer;
  sections?: Record<string, [start: number, end: number] | null>;
}): Buffer {
  const { wide, bigEndian } = parts.machine ?? (MACHINES.x86_64 as Machine);
  const { data } = parts;
  const word = wide ? 8 : 4;
  const sections = Object.entries(parts.sections ?? {});
  const headerBytes = wide ? 32 : 28;
  const commandBytes = (wide ? 72 : 56) + sections.length * (wide ? 80 : 68);
  const offset = headerBytes + commandBytes;
  const title = (name: string) => Buffer.concat([Buffer.from(name), Buffer.alloc(16)]).subarray(0, 16);
  const header = pack(bigEndian, [
    [4, wide ? 0xfeedfacf : 0xfeedface],
    [4, 7],
    [4, 3],
    [4, 2],
    [4, 1],
    [4, commandBytes],
    [4, 0],
    ...(wide ? ([[4, 0]] as const) : []),
  ]);
  const segment = Buffer.concat([
    pack(bigEndian, [
      [4, wide ? 0x19 : 1],
      [4, commandBytes],
    ]),
    title('__DATA'),
    pack(bigEndian, [
      [word, DATA_ADDRESS],
      [word, data.length],
      [word, offset],
      [word, data.length],
      [4, 3],
      [4, 3],
      [4, sections.length],
      [4, 0],
    ]),
  ]);
  const described = sections.map(([name, range]) => {
    const [from, to] = range ?? [0, data.length];
    const place = pack(bigEndian, [
      [word, DATA_ADDRESS + from],
      [word, to - from],
      [4, offset + from],
    ]);
    return Buffer.concat([title(name), title('__DATA'), place, Buffer.alloc(wide ? 28 : 24)]);
  });
  return Buffer.concat([header, segment, ...described, data]);
}

/** A universal binary. */
export function fat(programs: Buffer[]): Buffer {
  let offset = 8 + 20 * programs.length;
  const entries = programs.map((program) => {
    const entry = pack(true, [
      [4, 7],
      [4, 3],
      [4, offset],
      [4, program.length],
      [4, 0],
    ]);
    offset += program.length;
    return entry;
  });
  return Buffer.concat([
    pack(true, [
      [4, 0xcafebabe],
      [4, programs.length],
    ]),
    ...entries,
    ...programs,
  ]);
}

/** A WebAssembly module of custom sections. */
export function wasm(sections: Record<string, Buffer>): Buffer {
  const parts = Object.entries(sections).map(([name, content]) => {
    const body = Buffer.concat([varint(name.length), Buffer.from(name), content]);
    return Buffer.concat([Buffer.from([0]), varint(body.length), body]);
  });
  return Buffer.concat([Buffer.from('\0asm\x01\0\0\0', 'latin1'), ...parts]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    bytes.push(rest >= 128 ? (rest % 128) + 128 : rest);
    if (rest < 128) return Buffer.from(bytes);
  }
}

const MAGIC = Buffer.from('\xff Go buildinf:', 'latin1');
const MARK = Buffer.alloc(16, 0x30);

/** Build information as Go 1.18 and later write it. */
export function goInfo(version: string, lines: string): Buffer {
  const texts = [Buffer.from(version), framed(lines)].flatMap((text) => [varint(text.length), text]);
  return Buffer.concat([MAGIC, Buffer.from([8, 2]), Buffer.alloc(16), ...texts]);
}

/** Build information as Go before 1.18 wrote it, at the beginning of a program's data. */
export function oldGoInfo({ wide, bigEndian }: Machine, version: string, lines: string): Buffer {
  const word = wide ? 8 : 4;
  const texts = [Buffer.from(version), framed(lines)] as const;
  const strings = DATA_ADDRESS + 32;
  const versionAt = strings + 4 * word;
  const pointers = pack(bigEndian, [
    [word, strings],
    [word, strings + 2 * word],
  ]);
  const header = Buffer.concat([MAGIC, Buffer.from([word, bigEndian ? 1 : 0]), pointers, Buffer.alloc(16 - 2 * word)]);
  const heads = pack(bigEndian, [
    [word, versionAt],
    [word, texts[0].length],
    [word, versionAt + texts[0].length],
    [word, texts[1].length],
  ]);
  return Buffer.concat([header, heads, ...texts]);
}

function framed(lines: string): Buffer {
  return lines === '' ? Buffer.alloc(0) : Buffer.concat([MARK, Buffer.from(lines), MARK]);
}

/** The note that Go's linker writes into every ELF file. */
export function goNote({ bigEndian }: Machine): Buffer {
  return Buffer.concat([
    pack(bigEndian, [
      [4, 4],
      [4, 4],
      [4, 4],
    ]),
    Buffer.from('Go\0\0'),
    Buffer.from('abcd'),
  ]);
}

/** What cargo-auditable puts into its section. */
export function crateList(crates: object[]): Buffer {
  return deflateSync(JSON.stringify({ packages: crates }));
}
